"""The scene of a moving camera: who is followed in the picture stands on the map, by the camera's telemetry.

Law: a place on the map is judged on the map, by the same scene that judges a fixed picture: feet go there,
and zones stay where they are. Who stands so far off that their place is doubtful is not placed. A zone counts
as looked at only while nearly all of it is seen well; without telemetry none does, and that is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from edge.ground.chart import Chart, LatLon
from edge.ground.flight import FixDoubt, Overhead
from edge.scene.objects import Looks
from edge.scene.scene import Scene
from edge.scene.segments import F64
from edge.scene.spec import LineSpec, SceneSpec, ZoneSpec
from edge.values.fact import Fact
from edge.values.fix import Fix
from edge.values.frame import Size
from edge.values.moment import Moment
from edge.values.tracks import Tracks

FARTHEST_OFF_M = 15.0
"""Whose place is more doubtful than this, one standard deviation, is not placed."""
LEAST_SEEN = 0.9
"""Share of a zone that must be in the picture for it to count as looked at."""
TALL_M = 1.7
"""Stature of a person: what a box height is on the map."""
BORDER = 0.3
"""Half-width of borders, statures: telemetry jitters more than feet."""
CHART_PX = 10_000
SAMPLES = 12
"""Spots a side at which it is asked whether a zone is seen."""


@dataclass(frozen=True, slots=True)
class MapSpec:
    """Places on the map of a moving camera.

    Attributes:
        chart: the piece of the earth that they lie on.
        zones, lines: in its unit square, north up.
        doubt: how uncertain the telemetry is.
    """

    chart: Chart
    zones: tuple[ZoneSpec, ...]
    lines: tuple[LineSpec, ...]
    doubt: FixDoubt

    def middles(self) -> dict[str, LatLon]:
        """Where each place is, by its id: the middle of its corners."""
        drawn = {zone.id: zone.polygon for zone in self.zones} | {line.id: line.points for line in self.lines}
        return {name: self._middle(np.array(points)) for name, points in drawn.items()}

    def _middle(self, points: F64) -> LatLon:
        ((lat, lon),) = self.chart.spots(self.chart.metres_of(points.mean(axis=0, keepdims=True)))
        return float(lat), float(lon)


class Aloft:
    """Remembers who stands where on the map; one object per moving camera and run."""

    def __init__(self, spec: MapSpec, labels: tuple[str, ...]) -> None:
        self._spec, self._chart = spec, spec.chart
        self._scene = Scene(SceneSpec(labels, spec.zones, spec.lines, margin=BORDER, line_margin=BORDER))
        self._names = frozenset(zone.id for zone in spec.zones)
        self._spots = {zone.id: self._chart.metres_of(_within(zone.polygon)) for zone in spec.zones}
        scale = CHART_PX / max(self._chart.width_m, self._chart.height_m)
        self._size = Size(round(self._chart.width_m * scale), round(self._chart.height_m * scale))

    def observe(self, tracks: Tracks, size: Size, fix: Fix | None, moment: Moment) -> tuple[Fact, ...]:
        """What these tracks, boxes in pixels of a picture of this size taken at `fix`, show on the map."""
        if fix is None:
            return self.unseen(moment)
        overhead = self.overhead(fix, size)
        self._scene.out_of_view = self._names - self._seen(overhead)
        return self._scene.place(self._placed(Looks.of(tracks, size), overhead), self._size, moment)

    def overhead(self, fix: Fix, size: Size) -> Overhead:
        """The ground under a picture of this size taken at `fix`."""
        return Overhead(fix, self._spec.doubt, size.width / size.height, self._chart)

    def unseen(self, moment: Moment) -> tuple[Fact, ...]:
        """Nothing is known about the map at this moment."""
        return self._scene.unseen(moment)

    def _placed(self, looks: Looks, overhead: Overhead) -> Looks:
        """The same looks where they stand on the chart, without those whose place is doubtful."""
        metres, off_m = overhead.metres(overhead.feet(looks.boxes))
        unit = self._chart.unit(metres)
        known = np.isfinite(off_m) & (off_m <= FARTHEST_OFF_M)
        known &= ((unit > 0.0) & (unit < 1.0)).all(axis=1)
        heights = np.full(len(looks.ids), TALL_M / self._chart.height_m)
        return replace(looks, feet=unit, heights=heights).take(known)

    def _seen(self, overhead: Overhead) -> frozenset[str]:
        """Zones of which nearly all is in the picture, and near enough."""
        seen = set()
        for name, metres in self._spots.items():
            at = overhead.seen_at(metres)
            inside = ((at >= 0.0) & (at <= 1.0)).all(axis=1)
            inside &= overhead.metres(at)[1] <= FARTHEST_OFF_M
            if inside.mean() >= LEAST_SEEN:
                seen.add(name)
        return frozenset(seen)


def _within(polygon: Sequence[tuple[float, float]]) -> F64:
    """Spots spread over a polygon, its corners among them, n×2."""
    corners = np.array(polygon, np.float64)
    low, high = corners.min(axis=0), corners.max(axis=0)
    shares = (np.arange(SAMPLES) + 0.5) / SAMPLES
    across, down = np.meshgrid(*(low + (high - low) * shares[:, None]).T)
    spots = np.stack([across.ravel(), down.ravel()], axis=-1)
    begin, end = corners, np.roll(corners, -1, axis=0)
    above = (begin[:, 1] > spots[:, 1:]) != (end[:, 1] > spots[:, 1:])
    with np.errstate(divide="ignore", invalid="ignore"):
        slant = (end[:, 0] - begin[:, 0]) / (end[:, 1] - begin[:, 1])
        left = spots[:, :1] < begin[:, 0] + (spots[:, 1:] - begin[:, 1]) * slant
    inside = np.logical_xor.reduce(above & left, axis=1)
    return np.concatenate([spots[inside], corners])
