"""A mistake of a camera hides none of a rule, and a rule's own are told all, each at its line."""

from pathlib import Path

import pytest

from edge.config.classes import check_classes
from edge.config.load import load
from edge.config.whole import mistakes
from edge.values.errors import ConfigError

FILE = """\
node: box-1
region: north
broker: embedded
cameras:
  - id: plaza
    source: plaza.mp4
    zones:
      - id: fountain
        polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
    lines:
      - id: door
        points: [[0.1, 0.5], [0.9, 0.5]]
rules:
  - id: crowd
    when: occupancy
    places: [fountian]
    cameras: [plazza, plaza]
  - id: pressing
    when: density
    at_least: 2
  - id: passage
    when: line-crossing
    places: [door]
"""
OF_RULES = [
    "16: rules.0.places.0: no camera of this rule has fountian among its zones, did you mean fountain?",
    "17: rules.0.cameras.0: there is no camera plazza, did you mean plaza?",
]
UNMEASURED = "18: rules.1: a density wants a measured ground, and camera plaza has none"


def refusal(folder: Path, old: str = "", new: str = "") -> list[str]:
    file = folder / "node.yaml"
    assert old in FILE
    file.write_text(FILE.replace(old, new, 1))
    with pytest.raises(ConfigError) as refused:
        load(file)
    return [line.removeprefix(f"{file}:") for line in str(refused.value).splitlines()]


def test_all_that_a_rule_says_wrongly_is_told_each_at_its_line(tmp_path: Path) -> None:
    told = refusal(tmp_path)
    assert told[:2] == OF_RULES
    assert told[2].startswith(UNMEASURED)
    assert len(told) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("source: plaza.mp4", "sauce: plaza.mp4"),
        ("source: plaza.mp4", "source: rtsp://me:hush@10.0.0.1/a"),
        ("source: plaza.mp4", "source: 'rtsp://c/u={username}'"),
        ("- id: plaza\n", "- id: plaza\n    detect_fpss: 3\n"),
        ("- id: plaza\n", "- id: plaza\n    hang_s: 100\n"),
    ],
)
def test_a_wrong_camera_hides_no_mistake_of_a_rule(tmp_path: Path, old: str, new: str) -> None:
    told = refusal(tmp_path, old, new)
    rules = [line.partition(": ")[2] for line in told if ": rules." in line]
    assert rules[:2] == [line.partition(": ")[2] for line in OF_RULES]
    assert rules[2].startswith(UNMEASURED.partition(": ")[2])
    assert any("cameras.0" in line for line in told)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[0.9, 0.1], [0.9, 0.9]", "[0.9, 0.9], [0.9, 0.1]"),
        ("    lines:", "    ground: {points: []}\n    lines:"),
        ("    lines:", "    thermal: hot\n    lines:"),
    ],
)
def test_of_a_camera_whose_places_are_wrong_only_their_names_are_judged(
    tmp_path: Path, old: str, new: str
) -> None:
    told = [line.partition(": ")[2] for line in refusal(tmp_path, old, new) if ": rules." in line]
    assert told == [line.partition(": ")[2] for line in OF_RULES]


def test_classes_that_the_model_does_not_know_are_told_all_each_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "node.yaml"
    good = FILE.replace(
        "[fountian]\n    cameras: [plazza, plaza]", "[fountain]\n    classes: [persn, person]"
    )
    good = good.replace("when: density\n    at_least: 2", "when: dwell\n    dwell_s: 3\n    classes: [dog]")
    file.write_text(good)
    check_classes(file, "some", ("person", "persn", "dog"))
    with pytest.raises(ConfigError) as refused:
        check_classes(file, "some", ("person", "car"))
    assert str(refused.value).splitlines() == [
        f"{file}:17: rules.0.classes.0: the model some knows no persn, did you mean person?",
        f"{file}:21: rules.1.classes.0: the model some knows no dog; it knows person, car",
    ]


def test_what_is_wrong_over_the_whole_file_is_told_beside_all_else(tmp_path: Path) -> None:
    twice = FILE.replace(
        "rules:\n",
        "  - id: plaza\n    source: yard.mp4\n    loop: perhaps\nfootage: {quota_gib: 5}\nrules:\n",
    )
    file = tmp_path / "node.yaml"
    for whole in (twice, twice.replace("    loop: perhaps\n", "")):
        file.write_text(whole)
        with pytest.raises(ConfigError) as refused:
            load(file)
        told = str(refused.value)
        assert "13: cameras.1.id: cameras want ids of their own, got plaza twice" in told
        assert "footage: recording wants the key policy" in told
        assert "footage: no camera has a stream to record" in told
        assert "fountian" in told
        assert ("cameras.1.loop: wanted true or false" in told) is ("perhaps" in whole)


@pytest.mark.parametrize(
    "written",
    [None, [], {"cameras": 3, "rules": "x"}, {"cameras": [None, {"id": 3}], "footage": 7, "policy": {}},
     {"cameras": [{"id": "a", "source": "udp://"}], "footage": {"on_hold": [None, "b"]}}],
)  # fmt: skip
def test_what_cannot_be_read_is_no_mistake_over_the_whole_file(written: object) -> None:
    assert all("ids of their own" not in text and "listen" not in text for _, text in mistakes(written))
