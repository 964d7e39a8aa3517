"""Where the middle of a body is, whose box ends on the ground at its near side.

The lower side of a box is where the near side of a body stands, and its middle lies between the corners that
stick out furthest to the left and to the right, which may be a near one at the roof and a far one at the
wheels. Taken together as one spot they run slower than the body that passes: a car by 4 %, a bus by 7 %.

Law: a body is a cuboid that moves along its length. Its length and height are those that give its box; its
width is a share of its length, and at most what may be on a road. No class is asked: detectors call buses
cars.
"""

import numpy as np

from edge.ground.above import camera_matrix
from edge.ground.lens import F64
from edge.ground.plane import Ground

SLIM, WIDEST_M = 0.4, 2.5
"""Width of a vehicle, lengths, and at most: 2.55 m by Council Directive 96/53/EC, annex I."""
LONGEST_M, HIGHEST_M, LEAST_M = 20.0, 4.5, 0.3
LENGTH_M, HEIGHT_M = 4.0, 1.6
"""A car: what is tried first."""
TURNS = 3
"""How often a cuboid is set right by its box."""
CORNERS = np.array([[i, j, k, 1.0] for i in (-0.5, 0.5) for j in (-0.5, 0.5) for k in (0.0, 1.0)])
"""Shares of the length, the width and the height of a cuboid, 8, from the middle of its lower side."""


class Bodies:
    """Bodies on one camera's ground."""

    def __init__(self, ground: Ground) -> None:
        self._view = camera_matrix(ground)
        aspect = ground.lens.aspect
        self._plane = ground.plane @ np.array([[1 / aspect, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
        """Homogeneous metres of spots in the straightened picture, picture heights from its middle."""

    def middles(self, spots: F64, ways: F64, wide: F64, high: F64) -> F64:
        """Where the middles are of bodies whose boxes have the middles of their lower sides at these spots.

        Args:
            spots: float64 2×2n, metres: first of each of n bodies, then later of each.
            ways: float64 2×n, velocities.
            wide, high: float64 n, the later box, picture heights.

        Returns:
            float64 2×2n, metres; the spots themselves for a camera that shows no perspective.
        """
        view = self._view
        if view is None:
            return spots
        n, way = len(wide), ways / np.maximum(np.hypot(*ways), 1e-9)
        along, aside = view[:, :2] @ way, view[:, :2] @ np.stack([way[1], -way[0]])
        up, focal = view[:, 2:3], float(np.linalg.norm(view[0, :3]))
        length, height, middles = np.full(n, LENGTH_M), np.full(n, HEIGHT_M), spots
        solid = np.empty((4, 3, 2, n))
        for _ in range(TURNS):
            solid[0] = (length * along)[:, None]
            solid[1] = (np.minimum(SLIM * length, WIDEST_M) * aside)[:, None]
            solid[2] = (height * up)[:, None]
            solid[3] = (view[:, :2] @ middles + view[:, 3:]).reshape(3, 2, n)
            corners = (CORNERS @ solid.reshape(4, -1)).reshape(8, 3, 2 * n)
            seen = corners[:, :2] / corners[:, 2:]
            low, most = seen.min(axis=0), seen.max(axis=0)
            middles = middles + spots - self._on_ground((low[0] + most[0]) / 2, most[1])
            wider, higher = (most - low)[:, n:]
            length = np.minimum(np.maximum(length * wide / wider, LEAST_M), LONGEST_M)
            height = height + (high - higher) * solid[3, 2, 1] / focal
            height = np.minimum(np.maximum(height, LEAST_M), HIGHEST_M)
        return np.where(np.isfinite(middles), middles, spots)

    def _on_ground(self, across: F64, down: F64) -> F64:
        """Metres 2×m of spots in the straightened picture, picture heights from its middle."""
        ground = self._plane[:, :1] * across + self._plane[:, 1:2] * down + self._plane[:, 2:]
        return np.asarray(ground[:2] / ground[2])
