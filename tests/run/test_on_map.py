"""Places on the map are drawn where the picture shows them, and nowhere while nobody knows."""

from pathlib import Path

import pytest

from edge.config.load import load
from edge.config.spec import CameraSpec
from edge.run.on_map import places_in
from edge.values.fix import Fix
from edge.values.frame import Size
from tests.fakes.flights import written

SIZE = Size(640, 360)
OVER = Fix(41.3112, 69.27925, 40.0, 0.0, -90.0, 0.0, 60.0)


def camera(folder: Path, keys: str | None = None) -> CameraSpec:
    return load(written(folder) if keys is None else written(folder, keys)).cameras[0]


def test_the_square_under_the_camera_lies_about_the_middle(tmp_path: Path) -> None:
    zones, lines = places_in(camera(tmp_path), OVER, SIZE)
    assert (len(zones), lines) == (1, [])
    name, corners = zones[0]
    xs, ys = zip(*corners, strict=True)
    assert name == "square"
    assert (sum(xs) / 4, sum(ys) / 4) == pytest.approx((0.5, 0.5), abs=0.01)
    wide = 69.2794 - 69.2791
    assert (max(xs) - min(xs)) == pytest.approx(wide * 83_756 / (2 * 40 * 0.57735), rel=0.01)


def test_nothing_is_drawn_without_a_fix_or_far_away(tmp_path: Path) -> None:
    moving = camera(tmp_path)
    assert places_in(moving, None, SIZE) == ([], [])
    away = Fix(41.32, 69.27925, 40.0, 0.0, -90.0, 0.0, 60.0)
    assert places_in(moving, away, SIZE) == ([], [])


def test_a_camera_that_hangs_still_shows_its_drawn_places(tmp_path: Path) -> None:
    zones, lines = places_in(camera(tmp_path, "name: gate"), None, SIZE)
    assert ([name for name, _ in zones], [name for name, _ in lines]) == (["view", "kerb"], ["middle"])
