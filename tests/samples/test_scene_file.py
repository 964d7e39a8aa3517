from pathlib import Path

import pytest

from edge.samples.scene import Carries, Fixture, FixtureKind, Hour, Label, Place
from edge.samples.scene_file import load_scene
from edge.values.errors import ConfigError

YARD = """\
name: yard
seconds: 20
camera: {height_m: 5, tilt_deg: 20}
place: yard
hour: dusk
actors:
  - {path: [[-6, 14], [6, 14]], count: 3, every_s: 4, spread_m: 0.5}
  - {path: [[0, 11, 12], [5, 20]], starts_s: 2, carries: backpack}
  - {is: car, path: [[-25, 18], [25, 18]], speed_mps: 8}
fixtures: {lamp: [[3, 15]]}
zones: {door: [[0.4, 0.5], [0.6, 0.5], [0.6, 0.9], [0.4, 0.9]]}
lines: {gate: [[0.5, 0.95], [0.5, 0.4]]}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "yard.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_scene(written(folder, text))
    return str(caught.value)


def test_ten_lines_make_a_scene(tmp_path: Path) -> None:
    scene, seed = load_scene(written(tmp_path, YARD))
    assert (scene.name, scene.fps, scene.frame_count, seed) == ("yard", 15.0, 300, 0)
    assert (scene.ground.place, scene.hour) == (Place.YARD, Hour.DUSK)
    assert [a.label for a in scene.actors] == [Label.PERSON] * 4 + [Label.CAR]
    assert [a.starts_s for a in scene.actors[:3]] == [0.0, 4.0, 8.0]
    assert scene.actors[3].path[0].wait_s == 12.0
    assert scene.actors[3].carries is Carries.BACKPACK
    assert scene.fixtures == (Fixture(FixtureKind.LAMP, 3, 15),)
    assert scene.lines == {"gate": ((0.5, 0.95), (0.5, 0.4))}


def test_the_first_of_many_walks_exactly_as_written(tmp_path: Path) -> None:
    first, second, *_ = load_scene(written(tmp_path, YARD))[0].actors
    assert (first.path[0].x_m, first.path[0].y_m, first.speed_mps) == (-6.0, 14.0, 1.3)
    assert (second.path[0].x_m, second.path[0].y_m) != (-6.0, 14.0)
    assert abs(second.path[0].y_m - 14.0) <= 0.5


def test_the_same_seed_gives_the_same_scene_and_a_given_seed_wins(tmp_path: Path) -> None:
    path = written(tmp_path, YARD)
    assert load_scene(path) == load_scene(path)
    other, seed = load_scene(path, 9)
    assert seed == 9
    assert other.actors[1] != load_scene(path)[0].actors[1]


def test_a_misspelt_key_names_its_line_and_the_right_spelling(tmp_path: Path) -> None:
    said = refused(tmp_path, YARD.replace("tilt_deg", "tild_deg"))
    assert "yard.yaml:3" in said
    assert "camera.tild_deg" in said
    assert "tilt_deg?" in said


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("place: yard", "place: beach", "wanted 'plaza', 'street', 'yard' or 'park', got"),
        ("seconds: 20", "seconds: -3", "yard.yaml:2: seconds"),
        ("[0, 11, 12]", "[0]", "a stop wants [x, y] or [x, y, seconds to stay]"),
        ("[0, 11, 12]", "[0, 11, -1]", "a stop wants [x, y] or [x, y, seconds to stay]"),
        ("[0.5, 0.95]", "[0.5, 1.95]", "lines.gate.0.1"),
        ("is: car", "is: horse", "yard.yaml:9"),
        ("count: 3", "count: 0", "actors.0.count"),
        ("name: yard", "name: My Yard", "yard.yaml:1: name"),
        ("name: yard\n", "", "name: wanted this key"),
        ("place: yard", "size: [641, 360]", "two even numbers"),
    ],
)
def test_mistakes_are_told_with_line_and_key(tmp_path: Path, right: str, wrong: str, expected: str) -> None:
    assert expected in refused(tmp_path, YARD.replace(right, wrong))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read"):
        load_scene(tmp_path / "none.yaml")
