"""What stands over the ground: where in the picture a point is seen that is so high above a spot.

Law: the plane alone, no further measurement. A plane seen in perspective tells the camera's place and its
focal length, if pixels are square and the lens looks through the middle of the picture (Z. Zhang, A flexible
new technique for camera calibration, IEEE TPAMI 22(11), 2000, section 3.1: two constraints for each plane). A
camera that looks straight down shows no perspective, and tells nothing.
"""

import numpy as np

from edge.ground.lens import F64
from edge.ground.plane import Ground

LEAST_PERSPECTIVE = 1e-6


def seen_above(ground: Ground, points: F64, height_m: float) -> F64:
    """Where a point `height_m` over the ground is seen, above each spot.

    Args:
        ground: of the camera.
        points: float64 n×2, where the spots on the ground are seen, unit square.
        height_m: metres; less than the camera's own height.

    Returns:
        float64 n×2, unit square, also outside of it; NaN at or above the horizon, and everywhere for a camera
        that looks straight down.
    """
    metres = ground.metres(points)
    view = camera_matrix(ground)
    if view is None:
        return np.full(points.shape, np.nan)
    height = np.full((len(metres), 1), height_m)
    seen = np.concatenate([metres, height, np.ones((len(metres), 1))], axis=1) @ view.T
    depth = np.where(seen[:, 2:] > 0, seen[:, 2:], np.nan)
    straight = seen[:, :2] / depth / [ground.lens.aspect, 1.0] + 0.5
    return ground.lens.bent(np.asarray(straight))


def view_deg(ground: Ground) -> tuple[float, float] | None:
    """Horizontal field of view and its standard deviation, degrees; None if unknown."""
    told = []
    for each in ground.each:
        if (view := camera_matrix(each)) is None:
            return None
        focal = np.linalg.norm(view[0, :3]) / np.linalg.norm(view[2, :3])
        told.append(np.degrees(2 * np.arctan(ground.lens.aspect / 2 / focal)))
    return float(told[0]), float(ground.spread(np.array(told)))


def camera_matrix(ground: Ground) -> F64 | None:
    """Camera matrix 3×4: metres right, ahead, up to picture heights from the middle by depth, and
    depth; None if unknown."""
    centred = np.array([[ground.lens.aspect, 0, -ground.lens.aspect / 2], [0, 1, -0.5], [0, 0, 1.0]])
    columns = centred @ np.linalg.inv(ground.plane)
    # Right and ahead are at right angles and of one length: as one complex vector, h·h = 0 before the lens.
    flat = columns[:, 0] + 1j * columns[:, 1]
    far = flat[2] ** 2
    if abs(far) < LEAST_PERSPECTIVE * abs(flat[:2] @ flat[:2].conj()):
        return None
    focal2 = float(-((flat[0] ** 2 + flat[1] ** 2) * far.conjugate()).real / abs(far) ** 2)
    if focal2 <= 0:
        return None
    focal = np.array([[np.sqrt(focal2)], [np.sqrt(focal2)], [1.0]])
    turned = columns / focal
    turned /= np.linalg.norm(turned[:, :2], axis=0).mean()
    up = np.cross(turned[:, 0], turned[:, 1])
    camera_m = -up @ turned[:, 2]  # its height along that axis
    view = np.column_stack([turned[:, :2], up if camera_m > 0 else -up, turned[:, 2]]) * focal
    middle = ground.metres(np.array([[0.5, 0.9]]))[0]
    return np.asarray(view if view[2] @ [*np.nan_to_num(middle), 0.0, 1.0] > 0 else -view)
