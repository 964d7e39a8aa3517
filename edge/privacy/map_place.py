"""Where a place on the map is, as coarsely as the policy of the state wants it told.

Law: the middle of a place that stands in the configuration, never where anybody or the camera is. It is
rounded to a grid that lies still, so that no number of events tells it finer. Without a grid it is not told.
"""

from math import cos, radians

from edge.privacy.canonical import JsonObject, number

LatLon = tuple[float, float]
"""WGS84, degrees north and east."""

M_PER_DEGREE = 111_320.0
"""Of latitude, and of longitude at the equator, to half a percent: a grid needs no more."""

LEAST_GRID_M = 50
MOST_GRID_M = 100_000
DECIMALS = 4
"""Of a degree: 11 m; every number in a message has as many."""


def told(spot: LatLon | None, grid_m: int) -> JsonObject:
    """Fields of a message about a place; none where there is no spot, or the policy wants none told."""
    if spot is None or not grid_m:
        return {}
    lat, lon = on_grid(spot, grid_m)
    return {"lat": number(lat, "place.lat"), "lon": number(lon, "place.lon"), "grid_m": grid_m}


def on_grid(spot: LatLon, grid_m: int) -> LatLon:
    """The crossing of a grid's lines that is nearest to a spot: at most 0.71 of the grid away."""
    step = grid_m / M_PER_DEGREE
    lat = round(spot[0] / step) * step
    across = step / cos(radians(lat))
    return round(lat, DECIMALS), round(round(spot[1] / across) * across, DECIMALS)
