"""Thermal cameras in a configuration: what compiles, and errors that name the key and the way out."""

from pathlib import Path

import pytest

from edge.config.load import load
from edge.config.spec import CameraSpec
from edge.values.errors import ConfigError
from edge.values.hot import Growing, Level, Scale

NODE = """
node: box
region: tashkent
broker: embedded
cameras:
  - id: yard
    source: yard.mkv
    {camera}
    zones:
      - {{id: bins, polygon: [[0, 0], [1, 0], [1, 1]]}}
rules:
  - {{id: heat, when: {when}, places: [bins], {rule}}}
"""
ONE = "exactly one of above_c, above_k and contrast"
HOT_80, BRIGHT = "hot: {above_c: 80}", "hot: {contrast: 0.3}"
KELVIN = "thermal: {kelvin_per_count: 0.04}"


def camera(tmp_path: Path, keys: str, when: str, rule: str) -> CameraSpec:
    file = tmp_path / "node.yaml"
    file.write_text(NODE.format(camera=keys, when=when, rule=rule), encoding="utf-8")
    return load(file).cameras[0]


def test_a_calibrated_camera_judges_temperatures(tmp_path: Path) -> None:
    yard = camera(tmp_path, KELVIN, "hot-spot", "hot: {above_c: 80, min_px: 6}, for_s: 3")
    assert yard.thermal is not None
    assert yard.thermal.scale == Scale(0.04)
    assert yard.rules[0].hot == Level(above_c=80.0, min_px=6)
    assert yard.rules[0].classes is None


def test_a_grey_camera_judges_contrast_and_growth(tmp_path: Path) -> None:
    yard = camera(tmp_path, "thermal: uncalibrated", "fire-like", "hot: {contrast: 0.2, area_per_min: 2}")
    assert yard.thermal is not None
    assert (yard.thermal.scale, yard.thermal.black_hot) == (None, False)
    assert yard.rules[0].hot == Level(contrast=0.2, growing=Growing(2.0))
    black = camera(tmp_path, "thermal: {polarity: black-hot}", "hot-spot", "hot: {contrast: 0.2}")
    assert black.thermal is not None
    assert black.thermal.black_hot


@pytest.mark.parametrize(
    ("keys", "when", "rule", "wanted"),
    [
        (KELVIN, "hot-spot", "severity: severe", "wants hot exactly if"),
        ("name: yard", "hot-spot", HOT_80, "has no key thermal: add it"),
        ("thermal: uncalibrated", "hot-spot", HOT_80, "is uncalibrated: write contrast"),
        (KELVIN, "hot-spot", BRIGHT, "write above_c or above_k"),
        (KELVIN, "hot-spot", "hot: {above_c: 80, above_k: 20}", ONE),
        (KELVIN, "hot-spot", "hot: {above_c: 80, area_per_min: 1}", "are for fire-like"),
        (KELVIN, "hot-spot", "hot: {min_px: 6}", ONE),
        (KELVIN, "occupancy", "hot: {above_c: 80}", "wants hot exactly if"),
        ("thermal: {kelvin_at_zero: 273.15}", "hot-spot", BRIGHT, "belongs to kelvin_per_count"),
        ("thermal: {kelvin_per_count: 0.04, polarity: black-hot}", "hot-spot", HOT_80, "polarity"),
        ("thermal: {kelvin_per_count: 40}", "hot-spot", HOT_80, "kelvin_per_count"),
        ("thermal: calibrated", "hot-spot", HOT_80, "thermal"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_way_out(
    tmp_path: Path, keys: str, when: str, rule: str, wanted: str
) -> None:
    with pytest.raises(ConfigError, match=wanted):
        camera(tmp_path, keys, when, rule)
