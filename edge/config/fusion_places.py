"""Sources of a fusion as its configuration places them, and which of them lie near each other."""

import math
from dataclasses import dataclass

from edge.config.fusion_schema import FusedCamera, Sensor
from edge.fusion.spec import CameraSource, SensorSource

EARTH_M = 6_371_008.8
"""Mean radius, IUGG."""

NS_PER_S = 1_000_000_000
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A source of the file, by the name that clauses use and the one that facts use."""

    of: Sensor | FusedCamera

    @property
    def name(self) -> str:
        """As clauses name it."""
        return self.of.id if isinstance(self.of, Sensor) else self.of.name

    @property
    def source(self) -> str:
        """As facts name it."""
        return f"{'sensor' if isinstance(self.of, Sensor) else 'camera'}/{self.name}"

    @property
    def at(self) -> Spot | None:
        """Where it is."""
        return self.of.at


@dataclass(frozen=True, slots=True)
class Near:
    """What lies around a source."""

    centre: Placed
    within_m: float
    map: str

    def has(self, each: Placed, *, first: bool) -> bool:
        """Whether a source is asked there; by the first clause it is the one in the middle alone."""
        if first or each.at is None or self.centre.at is None:
            return each == self.centre
        return distance_m(self.centre.at, each.at, self.map) <= self.within_m


def distance_m(one: Spot, other: Spot, map_: str) -> float:
    """Metres between two spots: on a plan, or along a great circle (haversine) for latitude, longitude."""
    if map_ == "metres":
        return math.dist(one, other)
    (lat1, lon1), (lat2, lon2) = (map(math.radians, spot) for spot in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def sensor_source(sensor: Sensor) -> SensorSource:
    """The sensor as rules know it."""
    stuck_ns = ns_of(sensor.stuck_s or 0.0)
    stale_ns = ns_of(sensor.stale_s)
    return SensorSource(sensor.id, sensor.kind, stale_ns, sensor.ranges(), stuck_ns, sensor.is_urgent)


def camera_source(camera: FusedCamera) -> CameraSource:
    """The camera as rules know it."""
    return CameraSource(camera.name, ns_of(camera.stale_s))


def ns_of(seconds: float) -> int:
    """Seconds in nanoseconds."""
    return round(seconds * NS_PER_S)
