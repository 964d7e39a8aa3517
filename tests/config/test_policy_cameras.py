"""Cameras that the policy names: no other may look, and why they look stands in no other file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from edge.config.load import load
from edge.values.errors import ConfigError
from tests.fakes.policies import Office

BOX = """\
node: box-1
region: north
broker: embedded
detector: {model: street-nano}
policy: {file: policy.yaml, roots: "%s"}
"""
TWO = "cameras:\n  - {id: square, source: a.mp4}\n  - {id: gate, source: b.mp4}\n"


def written(folder: Path, named: Mapping[str, Sequence[str]] | None, cameras: str = TWO) -> Path:
    folder.mkdir(exist_ok=True)
    file = Office(folder / "office").write(folder / "policy.yaml")
    if named is not None:
        listed = "".join(f"  - {{camera: {name}, purposes: {list(why)}}}\n" for name, why in named.items())
        listed = f"cameras:\n{listed}" if named else "cameras: []\n"
        file.write_text(file.read_text().replace("cameras: any\n", listed))
    path = folder / "node.yaml"
    path.write_text(BOX % ("0" * 64) + cameras)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        load(path)
    return str(refused.value)


def test_a_camera_looks_for_what_the_policy_says(tmp_path: Path) -> None:
    named = {
        "north/box-1/square": ["traffic"],
        "north/box-1/gate": ["public-safety", "traffic"],
        "south/box-1/square": ["public-safety"],
    }
    square, gate = load(written(tmp_path, named)).cameras
    assert square.purposes == {"traffic"}
    assert gate.purposes == {"public-safety", "traffic"}


def test_without_a_list_each_looks_for_all(tmp_path: Path) -> None:
    for camera in load(written(tmp_path, None)).cameras:
        assert camera.purposes == {"public-safety", "traffic"}


def test_a_camera_that_the_policy_does_not_name_is_refused_with_its_line(tmp_path: Path) -> None:
    told = refusal(written(tmp_path, {"north/box-1/square": ["traffic"], "south/box-1/gate": ["traffic"]}))
    assert "node.yaml:8: cameras.1.id: wanted a camera that the policy lets look here" in told
    assert "(north/box-1/square; policy version 1), got north/box-1/gate" in told
    assert "cameras.0" not in told
    assert "none of this box" in refusal(written(tmp_path / "a", {"south/box-1/square": ["traffic"]}))
    assert "none of this box" in refusal(written(tmp_path / "b", {}))


def test_a_configuration_from_before_is_told_where_its_purposes_go(tmp_path: Path) -> None:
    old = "cameras:\n  - {id: square, source: a.mp4, purposes: [traffic]}\n"
    told = refusal(written(tmp_path, None, old))
    assert "node.yaml:7: cameras.0" in told
    assert "take the key out here" in told
    assert '{camera: REGION/NODE/square, purposes: ["traffic"]}' in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("  - {camera: square, purposes: [traffic]}", "cameras"),
        ("  - {camera: north/box-1/square, purposes: []}", "purposes"),
        ("  - {camera: north/box-1/square, purposes: [marketing]}", "got marketing"),
        (
            "  - {camera: north/box-1/square, purposes: [traffic]}\n" * 2,
            "north/box-1/square stands there twice",
        ),
        ("  - {camera: north/box-1/square, reasons: [traffic]}", "reasons"),
    ],
)
def test_what_is_no_list_of_cameras_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = written(tmp_path, None)
    file = tmp_path / "policy.yaml"
    file.write_text(file.read_text().replace("cameras: any\n", f"cameras:\n{line.rstrip()}\n"))
    assert told in refusal(path)
