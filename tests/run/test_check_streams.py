"""`check` says of a thermal camera what it measures, and of a moving one whether it tells where it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from edge.config.load import load
from edge.config.thermal import ThermalCamera
from edge.run.check_streams import looked_at
from edge.run.finding import Finding
from edge.values.hot import Scale
from tests.adapters.test_av_telemetry import PICTURES, muxed
from tests.adapters.test_av_thermal import written

SITE = """
node: drone-box
region: north
broker: embedded
cameras:
  - id: eye
    source: {source}
"""
DRONE = """    moving: true
    flight:
      telemetry: stream
      zones:
        - {id: square, corners: [[41.30, 69.27], [41.32, 69.27], [41.32, 69.29], [41.30, 69.29]]}
rules: [{id: came, when: zone-entry, places: [square]}]
"""
THERMAL = "    thermal: {kelvin_per_count: 0.04}\n"


def found(tmp_path: Path, source: str, keys: str = "") -> list[Finding]:
    file = tmp_path / "node.yaml"
    file.write_text(SITE.replace("{source}", source) + keys, encoding="utf-8")
    return list(looked_at(load(file).camera("eye")))


def test_a_stream_that_tells_where_it_is_passes(tmp_path: Path) -> None:
    clip = muxed(tmp_path / "flight.ts", list(range(0, PICTURES, 2)))
    picture, telemetry = found(tmp_path, str(clip), DRONE)
    assert picture.verdict == "ok"
    assert (telemetry.verdict, telemetry.part) == ("ok", "camera eye")
    assert "telemetry in its stream, for 100% of the pictures; now 41.31000, 69.28000," in telemetry.found


def test_a_stream_without_telemetry_is_told_as_such_and_how_to_mend_it(tmp_path: Path) -> None:
    _, telemetry = found(tmp_path, str(muxed(tmp_path / "flight.ts", [])), DRONE)
    assert (telemetry.verdict, telemetry.found) == ("warn", "no telemetry in its stream")
    assert "MISB ST 0601" in telemetry.advice


def test_telemetry_with_holes_is_no_good_telemetry(tmp_path: Path) -> None:
    _, telemetry = found(tmp_path, str(muxed(tmp_path / "flight.ts", [0, 2, 4, 6], damaged=6)), DRONE)
    assert telemetry.verdict == "warn"
    assert "telemetry in its stream, for 40% of the pictures" in telemetry.found
    assert "more often" in telemetry.advice


def test_a_thermal_camera_that_counts_is_told_in_degrees(tmp_path: Path) -> None:
    _, heat = found(tmp_path, written(tmp_path / "counts.mkv", "ffv1", "gray16le"), THERMAL)
    assert heat.verdict == "ok"
    assert "16-bit counts: " in heat.found
    assert "°C in this picture" in heat.found


def test_a_scale_that_cannot_be_is_found(tmp_path: Path) -> None:
    file = tmp_path / "node.yaml"
    clip = written(tmp_path / "counts.mkv", "ffv1", "gray16le")
    file.write_text(SITE.replace("{source}", clip) + THERMAL, encoding="utf-8")
    wrong = replace(load(file).camera("eye"), thermal=ThermalCamera(Scale(1.0)))
    heat = list(looked_at(wrong))[1]
    assert heat.verdict == "warn"
    assert "are not this camera's" in heat.advice


@pytest.mark.parametrize(("keys", "verdict"), [(THERMAL, "warn"), ("    thermal: uncalibrated\n", "ok")])
def test_a_grey_picture_has_no_degrees(tmp_path: Path, keys: str, verdict: str) -> None:
    _, heat = found(tmp_path, written(tmp_path / "grey.mkv", "ffv1", "gray"), keys)
    assert heat.verdict == verdict
    assert "no degrees" in heat.found


GATE = "{id: gate, polygon: [[0.1, 0.9], [0.9, 0.9], [0.9, 0.5]]}"
JAM = "{id: jam, when: dwell, dwell_s: 5, places: [gate]}"


@pytest.mark.parametrize(
    ("keys", "advice"),
    [
        (DRONE.replace("rules: [", f"rules: [{JAM}, "), "leave it out of them, or use places of its map"),
        (f"    moving: true\nrules: [{JAM}]\n", "give it telemetry and places on the map"),
    ],
)
def test_a_moving_camera_is_not_asked_for_what_it_has(tmp_path: Path, keys: str, advice: str) -> None:
    clip = muxed(tmp_path / "flight.ts", list(range(0, PICTURES, 2)))
    keys = keys.replace("    moving: true\n", f"    moving: true\n    zones: [{GATE}]\n")
    (off,) = [each for each in found(tmp_path, str(clip), keys) if "these rules are off" in each.found]
    assert off.found == "it moves, so these rules are off: jam"
    assert advice in off.advice
