"""A chart: a piece of the earth small enough to be flat, as metres and as a unit square with north up.

Law: a plane that touches the WGS84 ellipsoid in the middle of the piece; lengths are off by less than 0.1 %
within ten kilometres of it. The unit square is drawn like a picture, x to the east, y to the south, so that
whatever is judged in a picture can be judged on the chart.
Source: radii of curvature of the ellipsoid, NGA.STND.0036 (WGS 84), sections 3 and 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.ground.lens import F64

EQUATOR_M = 6_378_137.0
ECCENTRICITY2 = 6.694379990141e-3
PAD_M = 30.0
"""Around the places of a chart: who comes is followed before they arrive."""
PAD_SHARE = 0.25
WIDEST_M = 20_000.0

LatLon = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Chart:
    """A rectangle of the ground.

    Attributes:
        lat_deg, lon_deg: its middle, WGS84.
        width_m, height_m: how far it reaches from west to east and from south to north.
    """

    lat_deg: float
    lon_deg: float
    width_m: float
    height_m: float

    @classmethod
    def around(cls, spots: Sequence[LatLon]) -> "Chart":
        """The chart of these spots and some ground about them.

        Raises:
            ValueError: they lie too far apart for one.
        """
        lows, highs = np.min(spots, axis=0), np.max(spots, axis=0)
        middle = (lows + highs) / 2
        bare = cls(float(middle[0]), float(middle[1]), 1.0, 1.0)
        reach = np.ptp(bare.metres(np.array([lows, highs])), axis=0)
        if max(reach) > WIDEST_M:
            raise ValueError(
                f"places on the map want to lie within {WIDEST_M / 1000:g} km, got "
                f"{max(reach) / 1000:.1f} km: are latitude and longitude the right way round?"
            )
        sides = reach + 2 * np.maximum(PAD_M, PAD_SHARE * reach)
        return cls(bare.lat_deg, bare.lon_deg, float(sides[0]), float(sides[1]))

    def metres(self, spots: F64) -> F64:
        """Metres east and north of the middle, n×2, of latitudes and longitudes n×2."""
        return np.asarray((spots[:, ::-1] - [self.lon_deg, self.lat_deg]) * self._per_degree())

    def spots(self, metres: F64) -> F64:
        """Latitudes and longitudes n×2 of metres east and north of the middle n×2."""
        return np.asarray((metres / self._per_degree() + [self.lon_deg, self.lat_deg])[:, ::-1])

    def unit(self, metres: F64) -> F64:
        """Points of the chart's unit square n×2, x to the east and y to the south, of metres n×2."""
        return np.asarray(metres / [self.width_m, -self.height_m] + 0.5)

    def metres_of(self, unit: F64) -> F64:
        """Metres n×2 of points of the unit square n×2."""
        return np.asarray((unit - 0.5) * [self.width_m, -self.height_m])

    def _per_degree(self) -> F64:
        """Metres by degree of longitude and of latitude."""
        sine = np.sin(np.radians(self.lat_deg))
        bend = 1.0 - ECCENTRICITY2 * sine * sine
        east = EQUATOR_M / np.sqrt(bend) * np.cos(np.radians(self.lat_deg))
        north = EQUATOR_M * (1.0 - ECCENTRICITY2) / bend**1.5
        per_degree: F64 = np.radians(np.array([east, north]))
        return per_degree
