"""Where a moving camera was at one moment, and where it looked: what its telemetry says."""

from dataclasses import dataclass, fields

BOUNDS = {
    "lat_deg": (-85.0, 85.0),
    "lon_deg": (-180.0, 180.0),
    "height_m": (0.5, 10_000.0),
    "yaw_deg": (-360.0, 360.0),
    "pitch_deg": (-90.0, 45.0),
    "roll_deg": (-180.0, 180.0),
    "view_deg": (1.0, 150.0),
}
"""Least and largest value of each field."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Place and attitude of a camera.

    Attributes:
        lat_deg, lon_deg: WGS84, degrees north and east.
        height_m: of the lens above the ground that it sees, metres.
        yaw_deg: where the optical axis points, degrees clockwise from true north.
        pitch_deg: of the optical axis, 0 level, -90 straight down.
        roll_deg: turn about the optical axis, clockwise as seen from behind the camera.
        view_deg: horizontal field of view.
    """

    lat_deg: float
    lon_deg: float
    height_m: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    view_deg: float

    def __post_init__(self) -> None:
        for field in fields(self):
            low, high = BOUNDS[field.name]
            value = getattr(self, field.name)
            if not low <= value <= high:
                raise ValueError(f"wanted {field.name} of {low:g} to {high:g}, got {value:g}")

    @property
    def vector(self) -> tuple[float, ...]:
        """The seven numbers, in the order of the fields."""
        return tuple(getattr(self, field.name) for field in fields(self))
