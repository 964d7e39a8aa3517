"""The clips in the repository: they are what their scenes say, and real detectors see people in them."""

import itertools
import json
from pathlib import Path

import av
import numpy as np
import pytest

from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Thresholds
from edge.detect.nms import iou_matrix
from edge.samples.clip import film
from edge.samples.scene import Label
from edge.samples.scene_file import load_scene
from edge.samples.stage import SUPERSAMPLE, Stage
from edge.values.detections import Detections
from edge.values.frame import Pixels
from edge.values.truth import TrueFrame, Truth
from tests.fakes.cards import real_model
from tests.fakes.samples import small_scene, walker

CLIPS = Path(__file__).parents[2] / "sample_videos"
NAMES = sorted(path.stem for path in (CLIPS / "scenes").glob("*.yaml"))
OTHERS = sorted((CLIPS.parent / "bench" / "line_scenes").glob("*.yaml"))


def truth_of(name: str) -> Truth:
    return Truth.from_json(json.loads((CLIPS / f"{name}.truth.json").read_text(encoding="utf-8")))


def pictures(name: str, every: int = 1) -> dict[int, Pixels]:
    with av.open(str(CLIPS / f"{name}.mp4")) as container:
        frames = enumerate(container.decode(video=0))
        return {i: frame.to_ndarray(format="rgb24") for i, frame in frames if i % every == 0}


def test_the_clips_that_were_promised_are_there() -> None:
    assert {"plaza", "street", "gate", "night"} <= set(NAMES)


def test_scenes_that_nothing_was_chosen_on_have_lines_and_are_not_those_of_the_clips() -> None:
    loaded = [load_scene(path) for path in OTHERS]
    assert [scene.name for scene, _ in loaded] == [path.stem for path in OTHERS]
    assert sum(len(scene.lines) for scene, _ in loaded) == 9
    taken = {load_scene(CLIPS / "scenes" / f"{name}.yaml")[1] for name in NAMES}
    assert not taken & {seed for _, seed in loaded}


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_is_small_and_as_long_as_its_truth(name: str) -> None:
    truth = truth_of(name)
    assert (CLIPS / f"{name}.mp4").stat().st_size < 2_000_000
    assert (CLIPS / f"{name}.truth.json").stat().st_size < 1_100_000
    with av.open(str(CLIPS / f"{name}.mp4")) as container:
        stream = container.streams.video[0]
        times = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(stream)
            if packet.pts is not None
        ]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", *truth.size)
    assert sorted(times) == pytest.approx([frame.pts_s for frame in truth.frames], abs=1e-3)
    assert 20 <= len(truth.frames) / truth.fps <= 60


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_what_the_scene_gives(name: str) -> None:
    truth = truth_of(name)
    scene, seed = load_scene(CLIPS / "scenes" / f"{name}.yaml")
    stage = Stage(scene, seed, SUPERSAMPLE)
    assert truth.labels == stage.labels
    assert (truth.zones, truth.lines) == (scene.zones, scene.lines)
    assert np.allclose(truth.camera, scene.camera.matrix)
    for index in (0, len(truth.frames) // 2, len(truth.frames) - 1):
        _, frame = stage.shoot(index)
        told = truth.frames[index].objects
        assert [o.id for o in told] == [o.id for o in frame.objects]
        for o, again in zip(told, frame.objects, strict=True):
            assert o.ground == pytest.approx(again.ground, abs=2e-3)
            assert o.full == pytest.approx(again.full, abs=3e-3)


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_shows_what_the_truth_says(name: str) -> None:
    """Where objects stand, the picture differs from the same place while nobody was there."""
    truth, shown = truth_of(name), pictures(name, every=15)
    empty = np.median(np.stack(list(shown.values())), axis=0)
    changes = []
    for index, picture in shown.items():
        for o in truth.frames[index].objects:
            moving = o.ground != next((p.ground for p in truth.frames[0].objects if p.id == o.id), None)
            if o.visible is not None and o.visibility > 0.8 and moving:
                x1, y1, x2, y2 = (round(v * s) for v, s in zip(o.visible, truth.size * 2, strict=True))
                changes.append(float(np.abs(picture[y1:y2, x1:x2] - empty[y1:y2, x1:x2]).mean()))
    assert np.median(changes) > 12


def test_the_gate_is_crossed_often_both_ways_and_by_runners() -> None:
    truth = truth_of("gate")
    crossings = [c for c in truth.crossings if c.line == "gate"]
    assert len(crossings) >= 15
    assert {c.direction.value for c in crossings} == {"forward", "backward"}
    apart = [b.time_s - a.time_s for a, b in itertools.pairwise(crossings) if a.direction != b.direction]
    assert min(apart) < 0.4  # two meet on the line


def test_a_group_gathers_in_the_plaza_and_parts_again() -> None:
    counts = truth_of("plaza").counts["meeting"]
    assert counts[0] == 0
    assert max(counts) >= 6
    assert counts[-1] <= 1
    stays = [
        v.left_s - v.entered_s for v in truth_of("plaza").visits if v.zone == "door" and v.left_s is not None
    ]
    assert max(stays) > 20


def test_the_night_street_is_empty_for_long_and_then_is_not() -> None:
    truth = truth_of("night")
    first = next(frame.pts_s for frame in truth.frames if frame.objects)
    assert first > 25
    assert set(truth.labels.values()) == {"person", "car"}
    assert truth.crossings


def test_on_the_calm_street_somebody_stands_for_long_and_most_of_the_time_little_moves() -> None:
    truth = truth_of("calm")
    (stay,) = [v for v in truth.visits if v.zone == "pavement" and v.left_s and v.left_s - v.entered_s > 20]
    assert len(truth.labels) == 3
    assert sum(not frame.objects for frame in truth.frames) / len(truth.frames) > 0.1
    assert stay.entered_s > 5


def test_filming_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    scene = small_scene(walker((-2, 12), (2, 12)), seconds=1.0)
    first, second = (film(scene, 1, tmp_path / f"{n}.mp4") for n in "ab")
    assert first == second
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def recall(
    frame: TrueFrame, answer: Detections, labels: tuple[str, ...], size: tuple[int, int]
) -> tuple[int, int]:
    """How many of the well visible persons at least 30 px tall were found, and how many there are."""
    persons = answer.boxes[np.array([labels[c] == "person" for c in answer.classes], bool)]
    found = wanted = 0
    for o in frame.objects:
        if o.label != "person" or o.visible is None or o.visibility < 0.5:
            continue
        box = np.array([o.visible], np.float32) * np.array(size * 2, np.float32)
        if box[0, 3] - box[0, 1] >= 30:
            wanted += 1
            found += bool(len(persons)) and float(iou_matrix(box, persons).max()) >= 0.5
    return found, wanted


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_a_real_detector_finds_the_people(name: str) -> None:
    believed = Thresholds({}, default=0.25)
    detector, truth = OnnxDetector(real_model("deimv2_femto"), thresholds=believed), truth_of(name)
    counts = []
    for index, picture in pictures(name, every=40).items():
        answer = detector.answer(picture)
        assert isinstance(answer, Detections)
        counts.append(recall(truth.frames[index], answer, detector.labels, truth.size))
    found, wanted = np.sum(counts, axis=0)
    assert found >= 0.85 * wanted, f"{found} of {wanted}"


@pytest.mark.shared
def test_real_detectors_see_nothing_in_the_empty_night() -> None:
    truth, believed = truth_of("night"), Thresholds({}, default=0.4)
    empty = [picture for i, picture in pictures("night", every=45).items() if not truth.frames[i].objects]
    for name in ("deimv2_atto", "yolox_nano_416"):
        detector = OnnxDetector(real_model(name), thresholds=believed)
        for picture in empty:
            answer = detector.answer(picture)
            assert isinstance(answer, Detections)
            assert {detector.labels[c] for c in answer.classes}.isdisjoint(Label)
