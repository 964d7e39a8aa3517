"""Where the places on the map are seen in one picture of a moving camera, for people who look at it."""

import numpy as np

from edge.config.spec import CameraSpec
from edge.ground.flight import Overhead
from edge.scene.polygons import Point
from edge.scene.spec import LineSpec, ZoneSpec
from edge.values.fix import Fix
from edge.values.frame import Size

FARTHEST = 3.0
"""A place that reaches so many pictures beyond the picture is not drawn."""

Drawn = list[tuple[str, tuple[Point, ...]]]
"""Names and points in the unit square of the picture; points may lie beyond it."""


def places_in(camera: CameraSpec, fix: Fix | None, size: Size) -> tuple[Drawn, Drawn]:
    """Zones and lines as a picture of this size, taken at `fix`, shows them."""
    moving = camera.moving
    if moving is None:
        return [(z.id, z.polygon) for z in camera.zones], [(line.id, line.points) for line in camera.lines]
    if moving.places is None or fix is None:
        return [], []
    spec = moving.places
    overhead = Overhead(fix, spec.doubt, size.width / size.height, spec.chart)

    def seen(places: tuple[ZoneSpec, ...] | tuple[LineSpec, ...]) -> Drawn:
        found = []
        for place in places:
            points = place.polygon if isinstance(place, ZoneSpec) else place.points
            at = overhead.seen_at(spec.chart.metres_of(np.array(points)))
            if np.isfinite(at).all() and np.abs(at).max() <= FARTHEST:
                found.append((place.id, tuple((float(x), float(y)) for x, y in at)))
        return found

    return seen(spec.zones), seen(spec.lines)
