"""Crowd pressure: density times the variance of local velocities; high where a crowd sways.

Source: D. Helbing, A. Johansson and H. Z. Al-Abideen, Dynamics of crowd disasters, Phys. Rev. E 75, 046109
(2007): local velocities are means over a radius of 1 m; at 0.02/s² a crowd's motion became turbulent, and
people fell. That was found where people stood densely. In a thin crowd, where everybody walks as they like,
the same number means nothing: under `DENSE_PER_M2` there is none.
"""

from collections import deque
from dataclasses import replace
from math import hypot, sqrt

import numpy as np

from edge.rules.glance import Gauge, Glance
from edge.values.dynamics import Dynamics, Unit
from edge.values.moment import Moment
from edge.values.walks import F64

DENSE_PER_M2 = 2.0
"""From here on walking speed falls because of others (Fruin, 1993)."""
CELL_M = 1.77
"""Side of a square as large as a disc with a radius of 1 m."""
LEAST_IN_CELL = 3
MEMORY_S = 10.0


class Pressure(Gauge):
    """Crowd pressure over the last `MEMORY_S`, per second squared."""

    def __init__(self, min_people: int, missed_max: float) -> None:
        self._min_people, self._missed_max = min_people, missed_max
        self._cells: deque[tuple[Moment, F64, float]] = deque()

    def read(self, glance: Glance) -> Dynamics | None:
        """The number now; None where it cannot be known yet."""
        self._remember(glance)
        n, density = len(glance.walks), glance.per_m2
        cells = np.concatenate([seen for _, seen, _ in self._cells])
        if n < self._min_people or density < DENSE_PER_M2 or len(cells) < 4:
            return None
        noise = sum(len(seen) * noise for _, seen, noise in self._cells) / len(cells)
        variance = max(0.0, float(cells.var(axis=0).sum()) - noise)
        value = density * variance
        # A variance of m independent vectors has a relative deviation of 1/√m; cells a second apart are.
        sd = value * hypot(1 / sqrt(len(cells)), 4 * glance.scale_sd)
        return replace(glance.told(value, sd, Unit.PRESSURE, self._missed_max), people=n)

    def _remember(self, glance: Glance) -> None:
        self._cells.append((glance.moment, *local_speeds(glance)))
        while glance.moment.seconds_since(self._cells[0][0]) > MEMORY_S:
            self._cells.popleft()


def local_speeds(glance: Glance) -> tuple[F64, float]:
    """Mean velocity in each cell with enough people, c×2, and the variance that jitter alone gives it."""
    walks = glance.walks
    if not len(walks):
        return np.empty((0, 2)), 0.0
    _, which = np.unique(np.floor(walks.at_m / CELL_M).astype(np.int64), axis=0, return_inverse=True)
    which = which.reshape(-1)
    counts = np.bincount(which)
    full = counts >= LEAST_IN_CELL
    if not full.any():
        return np.empty((0, 2)), 0.0
    means = np.stack([np.bincount(which, walks.speed_mps[:, k]) for k in (0, 1)], axis=1)[full]
    noise = 2 * np.bincount(which, walks.noise_mps**2)[full] / counts[full] ** 2
    return means / counts[full][:, None], float(noise.mean())
