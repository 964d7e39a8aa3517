"""Moving cameras in a configuration: what holds, what is off, and telemetry refused by file and line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.config import flight_file
from edge.config.load import load
from edge.config.spec import CameraSpec
from edge.values.errors import ConfigError
from tests.fakes.flights import FLIGHT, HEADER, RULES, line, written
from tests.fakes.klv import LEVEL, packet


def camera(path: Path) -> CameraSpec:
    return load(path).cameras[0]


def test_a_camera_that_hangs_still_keeps_all_its_rules(tmp_path: Path) -> None:
    still = camera(written(tmp_path, "name: gate"))
    assert still.moving is None
    assert {rule.id: rule.places for rule in still.rules} == {
        "crowded": ("view", "kerb"),
        "came": ("view", "kerb"),
        "passed": ("middle",),
    }


def test_without_telemetry_only_the_view_itself_is_judged(tmp_path: Path) -> None:
    moving = camera(written(tmp_path, "moving: true"))
    assert {rule.id: rule.places for rule in moving.rules} == {"crowded": ("view",)}
    assert moving.moving is not None
    assert (moving.moving.fixed_only, moving.moving.on_map) == (("came", "passed"), ())


def test_with_telemetry_places_on_the_map_are_judged_too(tmp_path: Path) -> None:
    moving = camera(written(tmp_path))
    assert {rule.id: rule.places for rule in moving.rules} == {
        "crowded": ("view", "square"),
        "came": ("square",),
    }
    assert moving.moving is not None
    assert (moving.moving.fixed_only, moving.moving.on_map) == (("passed",), ("came",))
    assert moving.moving.log is not None
    assert moving.moving.log.at(1.0) is not None


def test_the_stream_itself_may_tell_where_it_is_recorded_or_live(tmp_path: Path) -> None:
    file = written(tmp_path, f"moving: true\n  {FLIGHT}".replace("flight.csv", "stream"))
    told = camera(file).moving
    assert told is not None
    assert (told.log, told.from_stream, told.on_map) == (None, True, ("came",))
    text = file.read_text(encoding="utf-8")
    source = next(line for line in text.splitlines() if "source:" in line)
    file.write_text(text.replace(source, "  source: http://drone/live.ts"), encoding="utf-8")
    assert camera(file).moving == told
    file.write_text(text.replace(source, "  source: /dev/video0"), encoding="utf-8")
    with pytest.raises(ConfigError, match="/dev/video0 has none: wanted MPEG-TS"):
        camera(file)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (FLIGHT, "does not move: write `moving: true`"),
        (f"moving: true\n  loop: true\n  {FLIGHT}", "loop: camera drone moves"),
        ("moving: true\n  exclude: [[[0, 0], [0.2, 0], [0.2, 0.2]]]", "what is to be hidden would not"),
        (
            "moving: true\n  ground: {pose: {height_m: 5, horizon: 0.1, view_deg: 60}}",
            "ground: camera drone moves",
        ),
        ("moving: true\n  heat_maps: [{zone: square}]", "want a measured ground; leave them out"),
        ("moving: true\n  density: {model: crowd}", "wants a measured ground; leave it out"),
        ("moving: true\n  flight: {telemetry: flight.csv}", "zones and lines on the map, got none"),
        (f"moving: true\n  {FLIGHT.replace('69.2794', '75.0')}", "want to lie within 20 km"),
        (f"moving: true\n  {FLIGHT.replace('41.3111, 69.2794', '41.3114, 69.27925')}", "do not cross"),
        (f"moving: true\n  {FLIGHT.replace('square', 'kerb')}", "kerb twice"),
        (f"moving: true\n  {FLIGHT.replace('41.3111', '141.3')}", "wanted at most 85"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(tmp_path: Path, keys: str, wanted: str) -> None:
    with pytest.raises(ConfigError, match=wanted):
        camera(written(tmp_path, keys))


def test_a_file_of_telemetry_cannot_tell_of_a_live_stream(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text().replace("flight.mp4", "rtsp://10.0.0.7/live"))
    with pytest.raises(ConfigError, match="live stream: wanted a file as source"):
        load(path)


def test_measured_ground_is_wanted_of_cameras_that_hang_still(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="camera drone moves"):
        load(written(tmp_path, rules="\n- {id: dense, when: density, at_least: 2}\n"))


LINE = line(0)


@pytest.mark.parametrize(
    ("csv", "wanted"),
    [
        ("", "line 1: wanted a column time_s"),
        (HEADER, "wanted at least one line of telemetry"),
        (HEADER.replace("yaw_deg", "heading") + LINE, "line 1: wanted a column yaw_deg, got time_s"),
        (HEADER.replace("roll_deg", "yaw_deg") + LINE, "line 1: the column yaw_deg is there twice"),
        (HEADER + line(1) + line(0.5), "line 3: wanted a time_s after 1, got 0.5: time runs backwards"),
        (HEADER + line(1) + line(1), "line 3: wanted a time_s after 1"),
        (HEADER + line(0, pitch_deg=-95), "line 2: wanted pitch_deg of -90 to 45, got -95"),
        (HEADER + line(0, lat_deg="north"), "line 2: wanted a number for lat_deg, got 'north'"),
        (HEADER + line(0, height_m="nan"), "line 2: wanted a number for height_m"),
        (HEADER + line(0, view_deg="inf"), "line 2: wanted a number for view_deg"),
        (HEADER + "1,2,3\n", "line 2: wanted as many values as there are columns"),
        (HEADER + LINE.strip() + ",7\n", "line 2: wanted as many values as there are columns"),
    ],
)
def test_the_first_wrong_line_of_telemetry_is_named(tmp_path: Path, csv: str, wanted: str) -> None:
    with pytest.raises(ConfigError, match=wanted) as refused:
        load(written(tmp_path, csv=csv))
    assert "camera drone: flight:" in str(refused.value)
    assert "flight.csv" in str(refused.value)


def test_telemetry_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "flight.csv").unlink()
    with pytest.raises(ConfigError, match=r"flight\.csv: telemetry cannot be read"):
        load(path)


def test_klv_is_known_by_the_name_of_the_file_and_refused_with_it(tmp_path: Path) -> None:
    path = written(tmp_path, f"moving: true\n  {FLIGHT.replace('flight.csv', 'flight.klv')}")
    (tmp_path / "flight.klv").write_bytes(packet(7_000_000, LEVEL) + packet(7_200_000, LEVEL))
    moving = camera(path).moving
    assert moving is not None
    assert moving.log is not None
    assert moving.log.times_s == (0.0, 0.2)
    (tmp_path / "flight.klv").write_bytes(b"no telemetry")
    with pytest.raises(ConfigError, match=r"camera drone: flight: .*flight\.klv: wanted MISB ST 0601 sets"):
        load(path)


def test_columns_come_in_any_order_more_are_ignored_and_roll_may_be_missing() -> None:
    names = "satellites,view_deg, time_s,pitch_deg,yaw_deg,height_m,lon_deg,lat_deg"
    log = flight_file.parse(f"{names}\n9,60,0,-45,10,40,69,41\n", "f")
    assert log.fixes[0].vector == (41, 69, 40, 10, -45, 0, 60)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    for tried in (text, HEADER + text):
        try:
            log = flight_file.parse(tried, "flight.csv")
        except ConfigError as refused:
            assert str(refused).startswith("flight.csv")
        else:
            assert log.times_s


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30, unique=True))
def test_growing_times_come_back_as_they_were(times: list[float]) -> None:
    times.sort()
    log = flight_file.parse(HEADER + "".join(line(t) for t in times), "f")
    assert log.times_s == tuple(times)


def test_rules_named_in_the_test_are_all_there() -> None:
    assert RULES.count("- {id:") == 3
