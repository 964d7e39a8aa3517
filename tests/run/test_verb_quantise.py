"""An INT8 copy is made of the camera's own pictures, judged on others, and kept only if it is as good."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.adapters import quantiser
from edge.adapters.cpu import this_cpu
from edge.adapters.model_folder import load
from edge.adapters.onnx_detector import OnnxDetector
from edge.run.verb_models import show
from edge.run.verb_quantise import Request, quantise
from edge.values.detections import Detections
from edge.values.errors import ConfigError, ModelError
from tests.fakes.blobs import blob_folder, crossing, crossing_clip
from tests.fakes.clips import Picture, clip

GREY = np.full((180, 320, 3), 110, np.uint8)


def folder_of(folder: Path, count: int, draw: Callable[[int], Picture]) -> Path:
    folder.mkdir()
    for index in range(count):
        assert cv2.imwrite(str(folder / f"{index:03}.png"), draw(index)[:, :, ::-1])
    return folder


def request(tmp_path: Path, frames: Path | None, **changes: object) -> Request:
    fields = {
        "model": str(blob_folder(tmp_path / "blobs")),
        "frames": frames,
        "config": None,
        "camera": None,
        "most": 30,
        "every_s": 1.0,
        "least": 0.93,
        "name": None,
        "store": tmp_path / "store",
        "as_json": False,
    }
    return Request(**{**fields, **changes})  # type: ignore[arg-type]


def mixed(index: int) -> Picture:
    """Two walkers in the middle of the picture, in another order than time, so that all thirds look alike."""
    return crossing(5 + index * 7 % 20)


def test_a_copy_finds_what_its_original_finds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    quantise(request(tmp_path, folder_of(tmp_path / "seen", 30, mixed)))
    told = capsys.readouterr().out
    copy, original = load(tmp_path / "store/blobs-int8"), load(tmp_path / "blobs")
    made = copy.card.quantised
    assert made is not None and made.of == original.card.sha256
    assert made.calibration == "20 pictures of folder seen, percentile 99.999, per channel"
    assert min(made.recall, made.precision) >= 0.93
    assert f"{made.recall:.1%}" in told and "10 pictures that it was not calibrated on" in told
    show(str(tmp_path / "store/blobs-int8"), None, as_json=False)
    shown = capsys.readouterr().out
    assert made.of[:32] in shown and f"recall {made.recall:.1%}" in shown
    answer = OnnxDetector(copy).answer(mixed(0))
    assert isinstance(answer, Detections) and len(answer) == 2
    kept = sorted(path.name for path in (tmp_path / "store").rglob("*") if path.is_file())
    assert kept == ["card.yaml", "model.onnx"]
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_copy_that_was_calibrated_on_another_light_is_refused(tmp_path: Path) -> None:
    """The pictures to calibrate on are empty, those to judge by are not."""
    seen = folder_of(tmp_path / "seen", 36, lambda index: GREY if index < 24 else mixed(index))
    with pytest.raises(ModelError, match=r"is refused: wanted agreement of at least 93%, got recall [\d.]+%"):
        quantise(request(tmp_path, seen, most=36))
    assert not list((tmp_path / "store").rglob("*"))


def test_what_shows_nothing_cannot_judge(tmp_path: Path) -> None:
    seen = folder_of(tmp_path / "seen", 30, lambda _: GREY)
    with pytest.raises(ModelError, match="wanted at least 20 objects in 10 pictures"):
        quantise(request(tmp_path, seen))


def test_too_few_pictures_are_refused_before_the_work(tmp_path: Path) -> None:
    short = crossing_clip(tmp_path / "walk.mp4", seconds=1)
    with pytest.raises(ConfigError, match=r"wanted at least 24 pictures, clip walk\.mp4 gave"):
        quantise(request(tmp_path, short))


def test_a_clip_gives_pictures_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    walk = clip(tmp_path / "walk.mp4", 90, fps=10, draw=mixed)
    quantise(request(tmp_path, walk, most=40, as_json=True))
    assert '"calibration": "27 pictures of clip walk.mp4' in capsys.readouterr().out


@pytest.mark.parametrize(("frames", "config"), [(None, None), (Path("clip.mp4"), Path("node.yaml"))])
def test_one_source_of_pictures_is_wanted(tmp_path: Path, frames: Path | None, config: Path | None) -> None:
    with pytest.raises(ConfigError, match="wanted either --frames"):
        quantise(request(tmp_path, frames, config=config))


def test_a_copy_of_a_copy_is_refused(tmp_path: Path) -> None:
    seen = folder_of(tmp_path / "seen", 30, mixed)
    quantise(request(tmp_path, seen))
    with pytest.raises(ModelError, match="blobs-int8 is INT8 already"):
        quantise(request(tmp_path, seen, model=str(tmp_path / "store/blobs-int8"), name="again"))


def test_without_its_extra_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantiser, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"install safecity-edge\[quantise\]"):
        quantise(request(tmp_path, folder_of(tmp_path / "seen", 30, mixed)))


def test_a_cpu_is_known_by_name_and_flags(tmp_path: Path) -> None:
    told = tmp_path / "cpuinfo"
    core = "processor : {}\nmodel name : Some CPU\nflags : fpu {}\n\n"
    told.write_text(core.format(0, "avx2 avx512_vnni") + core.format(1, "avx2 avx512_vnni"))
    cpu = this_cpu(told)
    assert (cpu.name, cpu.flags) == ("Some CPU", {"fpu", "avx2", "avx512_vnni"})
    assert cpu.multiplies_bytes_exactly
    told.write_text(core.format(0, "avx2"))
    assert not this_cpu(told).multiplies_bytes_exactly
    assert this_cpu(told).flags_sha256 != cpu.flags_sha256
    assert this_cpu(tmp_path / "none").name
