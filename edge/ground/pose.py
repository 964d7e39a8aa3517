"""The ground from the camera's pose: how high it hangs, where its horizon lies, how wide it sees.

Law: a pinhole with square pixels and its axis in the middle of the picture (Hartley and Zisserman, Multiple
View Geometry, 2nd ed., section 6.1), behind a `Lens`. The ground's origin is below the camera; x is to the
right, y ahead, metres.
"""

from dataclasses import dataclass

import numpy as np

from edge.ground.lens import F64, Lens
from edge.ground.plane import Ground, behind, sigma


@dataclass(frozen=True, slots=True)
class Pose:
    """A camera over the ground, or by how much (one standard deviation) that is uncertain.

    Attributes:
        height_m: of the lens above the ground.
        horizon: where the horizon passes the middle column, picture heights from the top; negative above it.
        view_deg: horizontal field of view.
        roll_deg: turn about the optical axis, clockwise as the picture shows the world.
    """

    height_m: float
    horizon: float
    view_deg: float
    roll_deg: float = 0.0

    @property
    def vector(self) -> F64:
        """The four numbers, in the order of the fields."""
        return np.array([self.height_m, self.horizon, self.view_deg, self.roll_deg])


def ground_of(pose: Pose, doubt: Pose, lens: Lens) -> Ground:
    """The ground under a camera; the four uncertainties, and the lens's, are taken to be independent.

    Raises:
        ValueError: the pose is none of a camera that looks at the ground.
    """
    check(pose, doubt)
    vectors = sigma(pose.vector, np.diag(doubt.vector**2))
    doubts = [plane_of(vector, lens.aspect) for vector in vectors] if doubt.vector.any() else []
    plane = plane_of(pose.vector, lens.aspect)
    return behind(Ground(lens, plane, np.array(doubts).reshape(-1, 3, 3)), lambda _: plane)


def plane_of(vector: F64, aspect: float) -> F64:
    """The plane of a pose's `vector`: straightened unit square to ground metres, 3×3."""
    height_m, horizon, view_deg, roll_deg = vector
    focal = focal_of(view_deg, aspect)
    roll = np.radians(roll_deg)
    # Rolled, the horizon passes the middle column at a slant; its distance from the middle sets the tilt.
    tilt = np.arctan2((0.5 - horizon) * np.cos(roll), focal)
    to_rays = np.array([[aspect, 0.0, -aspect / 2], [0.0, 1.0, -0.5], [0.0, 0.0, focal]])
    level = np.array([[np.cos(roll), np.sin(roll), 0.0], [-np.sin(roll), np.cos(roll), 0.0], [0.0, 0.0, 1.0]])
    # Rows: right, ahead and down, of a ray in camera axes (right, down, forward).
    turn = np.array([[1.0, 0.0, 0.0], [0.0, -np.sin(tilt), np.cos(tilt)], [0.0, np.cos(tilt), np.sin(tilt)]])
    plane: F64 = np.diag([height_m, height_m, 1.0]) @ turn @ level @ to_rays
    return plane


def focal_of(view_deg: float, aspect: float) -> float:
    """Focal length, picture heights, of a horizontal field of view."""
    return float(aspect / 2 / np.tan(np.radians(view_deg) / 2))


BOUNDS = {"height_m": (0.5, 500), "horizon": (-20, 0.95), "view_deg": (1, 150), "roll_deg": (-45, 45)}


def check_told(pose: Pose, doubt: Pose) -> None:
    """Raise `ValueError` unless a camera may stand like this, by marks and measures of its street."""
    low, high = BOUNDS["height_m"]
    if not low <= pose.height_m <= high:
        raise ValueError(
            f"by these lines and lengths the camera hangs {pose.height_m:,.0f} m high: wanted metres of what "
            "was measured; divide centimetres by 100"
        )
    vague = [name for name, (low, high) in BOUNDS.items() if not getattr(doubt, name) <= (high - low) / 4]
    if vague:
        raise ValueError(
            f"these lines say too little ({vague[0]} would be {getattr(pose, vague[0]):.3g} give or take "
            f"{getattr(doubt, vague[0]):.3g}): mark longer ones, further apart"
        )
    check(pose, doubt)


def check(pose: Pose, doubt: Pose) -> None:
    """Raise `ValueError` unless a camera may stand like this."""
    for name, (low, high) in BOUNDS.items():
        value, sd = getattr(pose, name), getattr(doubt, name)
        if not low <= value <= high:
            raise ValueError(f"a camera wants {name} of {low:g}..{high:g}, got {value:g}")
        if not 0 <= sd <= (high - low) / 4:
            raise ValueError(f"a camera wants a doubt of 0..{(high - low) / 4:g} in {name}, got {sd:g}")
