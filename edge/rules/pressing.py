"""Crowd pressure: density times the variance of local velocities; high where a crowd sways.

Source: D. Helbing, A. Johansson and H. Z. Al-Abideen, Dynamics of crowd disasters, Phys. Rev. E 75, 046109
(2007): local velocities are means over a radius of 1 m; at 0.02/s² a crowd's motion became turbulent, and
people fell. That was found where people stood densely. In a thin crowd, where everybody walks as they like,
the same number means nothing: under `DENSE_PER_M2` there is none.
"""

from collections import deque
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from edge.rules.cells import Cells
from edge.rules.glance import Answer, Gauge, Glance, confusion
from edge.values.dynamics import Dynamics, Unit
from edge.values.moment import Moment

DENSE_PER_M2 = 2.0
"""From here on walking speed falls because of others (Fruin, 1993)."""
LEAST_IN_CELL, LEAST_CELLS = 3, 4
MEMORY_S, LEAST_S = 10.0, 4.0
SETTLES_S = 4.0
"""A crowd that has just been found has speeds, but not yet those of people."""
UNFOLLOWED = 1.25
"""Heads by followed people from which a crowd has not been followed for long enough to have speeds."""
HIDES = 75.0
"""Tracks that jump between neighbours hide what these do: by up to 1 + `HIDES` times the square of their
confusion (see ADR 26)."""


@dataclass(frozen=True, slots=True)
class _Look:
    """Sums over the squares of one look, of which each has at least `LEAST_IN_CELL` people.

    Attributes:
        moment: when.
        cells, people: how many.
        sum_mps, sum_mps2: of the squares' mean velocities, and of their squared lengths.
        scatter_mps2: of the squared deviations of people from the mean of their square.
        sum_of_parts: of 1 / people of each square.
    """

    moment: Moment
    cells: int
    people: int
    sum_mps: tuple[float, float]
    sum_mps2: float
    scatter_mps2: float
    sum_of_parts: float

    @classmethod
    def of(cls, moment: Moment, cells: Cells) -> "_Look":
        full = cells.people >= LEAST_IN_CELL
        mean, people = cells.mean_mps[full], cells.people[full]
        x, y = np.add.reduce(mean, axis=0).tolist()
        return cls(
            moment, len(people), int(people.sum()), (x, y), float((mean * mean).sum()),
            float(cells.scatter_mps2[full].sum()), float((1 / people).sum()),
        )  # fmt: skip


class Pressure(Gauge):
    """Crowd pressure over the last `MEMORY_S`, per second squared."""

    def __init__(self, min_people: int, missed_max: float) -> None:
        self._min_people, self._missed_max = min_people, missed_max
        self._looks: deque[_Look] = deque()
        self._since: Moment | None = None  # a dense crowd is followed

    def read(self, glance: Glance) -> Answer:
        """The number now."""
        n, density = len(glance.walks), glance.per_m2
        while self._looks and glance.moment.seconds_since(self._looks[0].moment) > MEMORY_S:
            self._looks.popleft()
        if n < self._min_people or density < DENSE_PER_M2 or glance.sight.unfollowed > UNFOLLOWED:
            self._since = None
            return None
        self._since = self._since or glance.moment
        if glance.moment.seconds_since(self._since) < SETTLES_S:
            return None
        self._looks.append(_Look.of(glance.moment, glance.sight.cells))
        cells = sum(look.cells for look in self._looks)
        seen_s = glance.moment.seconds_since(self._looks[0].moment)
        return None if cells < LEAST_CELLS or seen_s < LEAST_S else self._told(glance, cells)

    def _told(self, glance: Glance, cells: int) -> Dynamics:
        together, alone = self._variances(cells)
        density, scale = glance.per_m2, 4 * glance.sight.scale_sd
        # What chance alone leaves of such variances of so many independent vectors.
        chance = sqrt((alone**2 + 2 * alone * together + together**2) / cells)
        sd = density * sqrt(chance**2 + (together * scale) ** 2)
        told = glance.told(density * together, sd, Unit.PRESSURE, len(glance.walks), self._missed_max)
        hidden = HIDES * confusion(glance.sight, slice(None)) ** 2
        return replace(told, high=told.high * (1 + hidden))

    def _variances(self, cells: int) -> tuple[float, float]:
        """Variance of what neighbours do together, and of what their means owe to each one alone, m²/s²."""
        looks = self._looks
        x, y = (sum(look.sum_mps[k] for look in looks) / cells for k in (0, 1))
        whole = sum(look.sum_mps2 for look in looks) / cells - x * x - y * y
        free = sum(look.people for look in looks) - cells
        within = sum(look.scatter_mps2 for look in looks) / free
        alone = within * sum(look.sum_of_parts for look in looks) / cells
        return max(0.0, whole - alone), alone
