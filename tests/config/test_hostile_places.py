"""Places, grounds and schedules that cannot work: each refused at its own line, with reason and mend."""

import re
from pathlib import Path

import pytest

from edge.config.load import load
from edge.run.check_ground import of_ground
from edge.values.errors import ConfigError
from edge.values.frame import Size

ROWS = (
    (0.10, 0.94, -3.47, 8.01),
    (0.90, 0.95, 3.44, 7.92),
    (0.80, 0.45, 4.58, 15.54),
    (0.20, 0.46, -4.51, 15.28),
)
STAGE = "[[0.2, 0.45], [0.8, 0.45], [0.85, 0.9], [0.15, 0.9]]"
POSE = "{pose: {height_m: 6, horizon: 0.4, view_deg: 60}}"


def node(*, zones: str = STAGE, keys: str = "", schedule: str = "", rules: str = "") -> str:
    """Line 8 has the zone, 9 on are more keys of the camera, the last line is the rule."""
    return (
        "node: box\nregion: north\nbroker: embedded\ncameras:\n- id: plaza\n  source: plaza.mp4\n"
        f"  zones:\n  - {{id: stage, polygon: {zones}}}\n{keys}rules:\n"
        f"- {{id: crowd, when: occupancy, at_least: 5{schedule}}}\n{rules}"
    )


def survey(scale: float = 1.0, add: tuple[float, float] = (0, 0)) -> str:
    rows = (
        f"{{at: [{u}, {v}], metres: [{x * scale + add[0]!r}, {y * scale + add[1]!r}]}}" for u, v, x, y in ROWS
    )
    return f"  ground: {{points: [{', '.join(rows)}]}}\n"


def refusals(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    file = tmp_path / "node.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load(file)
    lines = [re.fullmatch(r".*?node\.yaml:(\d+): (.*)", line) for line in str(refused.value).split("\n")]
    return [(int(line[1]), line[2]) for line in lines if line]


@pytest.mark.parametrize(
    ("zones", "reason"),
    [
        ("[[0.1, 0.5], [0.9, 0.5], [0.9, 0.5002], [0.1, 0.5002]]", "got 0.0002: draw it wider"),
        ("[[0.1, 0.1], [0.9, 0.9], [0.9, 0.9005]]", "draw it wider"),
        ("[[0.5, 0.5], [0.505, 0.5], [0.505, 0.505]]", "draw it larger"),
        ("[[true, false], [0.9, 0.5], [0.9, 0.9]]", "wanted a number, got True"),
        ('[["0.1", 0.5], [0.9, 0.5], [0.9, 0.9]]', "wanted a number, got '0.1'"),
        ("[[-0.1, 0.5], [0.9, 0.5], [0.9, 0.9]]", "got -0.1; draw it inside the picture"),
        ("[[64, 0.5], [0.9, 0.5], [0.9, 0.9]]", "got 64; divide pixels by its size"),
        ("[[1e308, 0.5], [0.9, 0.5], [0.9, 0.9]]", "divide pixels by its size"),
        ("[[.nan, 0.5], [0.9, 0.5], [0.9, 0.9]]", "wanted a number, got '.nan'"),
    ],
)
def test_a_zone_in_which_nobody_could_be(tmp_path: Path, zones: str, reason: str) -> None:
    told = refusals(tmp_path, node(zones=zones))
    assert {line for line, _ in told} == {8}
    assert reason in told[0][1]


def test_all_places_that_cannot_be_seen_are_told_each_at_its_line(tmp_path: Path) -> None:
    keys = (
        "  - {id: sky, polygon: [[0.2, 0.1], [0.8, 0.1], [0.8, 0.3]]}\n"
        "  - {id: horizon, polygon: [[0.2, 0.3], [0.8, 0.3], [0.8, 0.9]]}\n"
        "  lines:\n  - {id: air, points: [[0.1, 0.2], [0.9, 0.2]]}\n"
        f"  ground: {POSE}\n"
        "  heat_maps: [{zone: nowhere}, {zone: stage}, {zone: stage}]\n"
    )
    told = refusals(tmp_path, node(keys=keys))
    assert [(line, text.split(":")[0]) for line, text in told] == [
        (9, "cameras.0.zones.1"),
        (10, "cameras.0.zones.2"),
        (12, "cameras.0.lines.0"),
        (14, "cameras.0.heat_maps.0"),
        (14, "cameras.0.heat_maps.2"),
    ]


def test_a_zone_that_is_excluded_whole_needs_no_measured_ground_to_be_refused(tmp_path: Path) -> None:
    keys = "  exclude:\n  - [[0, 0], [1, 0], [1, 1], [0, 1]]\n"
    ((line, text),) = refusals(tmp_path, node(keys=keys))
    assert (line, text) == (
        8,
        "cameras.0.zones.0: zone 'stage': all of it is excluded, so nobody is ever seen there",
    )


def test_every_name_that_stands_twice_is_told_where_it_stands_again(tmp_path: Path) -> None:
    keys = (
        f"  - {{id: stage, polygon: {STAGE}}}\n  lines: [{{id: stage, points: [[0.1, 0.5], [0.9, 0.5]]}}]\n"
    )
    assert [line for line, _ in refusals(tmp_path, node(keys=keys))] == [9, 10]
    rules = "- {id: crowd, when: occupancy}\n- {id: crowd, when: occupancy}\n"
    assert [line for line, _ in refusals(tmp_path, node(rules=rules))] == [11, 12]


@pytest.mark.parametrize("line", ["[[0, 1], [1, 1]]", "[[0, 0.2], [0, 0.5], [0, 0.9]]"])
def test_a_line_on_the_frame_has_no_other_side(tmp_path: Path, line: str) -> None:
    ((at, text),) = refusals(tmp_path, node(keys=f"  lines:\n  - {{id: exit, points: {line}}}\n"))
    assert at == 10
    assert "lies on the edge of the picture" in text


@pytest.mark.parametrize(
    ("scale", "reason"),
    [
        (100.0, "divide centimetres by 100"),
        (1000.0, "divide centimetres by 100"),
        (0.001, "multiply kilometres by 1000"),
        (1e-5, "degrees of latitude"),
    ],
)
def test_metres_that_are_none_are_known_by_the_size_of_people(
    tmp_path: Path, scale: float, reason: str
) -> None:
    ((line, text),) = refusals(tmp_path, node(keys=survey(scale)))
    assert line == 9
    assert reason in text


def test_degrees_are_known_whichever_way_round_they_stand(tmp_path: Path) -> None:
    rows = ((41.31107, 69.24055), (41.31107, 69.24065), (41.31117, 69.24066), (41.31117, 69.24054))
    points = (
        f"{{at: [{u}, {v}], metres: [{lat}, {lon}]}}"
        for (u, v, *_), (lat, lon) in zip(ROWS, rows, strict=True)
    )
    ground = f"  ground: {{points: [{', '.join(points)}]}}\n"
    ((line, told),) = refusals(tmp_path, node(keys=ground))
    assert line == 9
    assert "all points lie within 0.00012 m of each other: wanted metres; write no degrees" in told


def test_coordinates_of_a_national_grid_say_what_to_do(tmp_path: Path) -> None:
    told = refusals(tmp_path, node(keys=survey(add=(500_000, 4_572_000))))
    assert len(told) == 8
    assert all("subtract the same round numbers" in text for _, text in told)


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        ('from: "24:00", to: "06:00"', 'midnight is "00:00"'),
        ('from: "24:00", to: "00:00"', 'midnight is "00:00"'),
        ('from: "00:00", to: "00:00"', 'a day ends at "24:00"'),
        ('from: "08:00", to: "08:00"', "got 08:00 twice"),
    ],
)
def test_hours_that_mean_nothing_or_two_things(tmp_path: Path, hours: str, reason: str) -> None:
    ((line, text),) = refusals(tmp_path, node(schedule=f", schedule: [{{{hours}}}]"))
    assert line == 10
    assert reason in text


def test_a_ladder_is_told_in_words(tmp_path: Path) -> None:
    ((_, text),) = refusals(tmp_path, node(schedule=", steps: [{at_least: 3, severity: severe}]"))
    assert text.endswith("from above at_least and minor, got 3 severe")


def test_check_says_that_a_camera_is_uncalibrated(tmp_path: Path) -> None:
    file = tmp_path / "node.yaml"
    file.write_text(node())
    (found,) = of_ground(load(file).camera("plaza"), Size(1280, 720))
    assert found.verdict == "ok"
    assert found.found.startswith("uncalibrated: people are counted")


@pytest.mark.parametrize(
    ("keys", "zones", "verdict"),
    [
        (survey(), STAGE, "ok"),
        (f"  ground: {POSE}\n", "[[0.2, 0.405], [0.8, 0.405], [0.8, 0.42], [0.2, 0.42]]", "warn"),
    ],
)
def test_check_tells_how_large_people_are_in_each_zone(
    tmp_path: Path, keys: str, zones: str, verdict: str
) -> None:
    file = tmp_path / "node.yaml"
    file.write_text(node(zones=zones, keys=keys))
    (found,) = of_ground(load(file).camera("plaza"), Size(1280, 720))
    assert found.verdict == verdict, found
    assert re.fullmatch(r"zone stage: [\d.,]+ ± [\d.,]+ m², where people are \d+ to \d+ px high", found.found)


def test_check_tells_a_picture_of_another_shape_than_its_ground(tmp_path: Path) -> None:
    file = tmp_path / "node.yaml"
    file.write_text(node(zones=STAGE, keys=survey()))
    camera = load(file).camera("plaza")
    assert len(list(of_ground(camera, Size(640, 352)))) == 1, "a coder's rounding is none"
    shape, _ = of_ground(camera, Size(704, 576))
    assert (shape.verdict, shape.part) == ("warn", "ground plaza")
    assert "1.222 times as wide as high, the ground was measured on 1.778" in shape.found
    assert "write aspect: 1.222" in shape.advice
