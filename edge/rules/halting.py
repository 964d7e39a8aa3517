"""Stop-and-go: people who walk, stop, and walk again, because there is no room ahead.

Source: stop-and-go waves precede turbulence in dense crowds (Helbing, Johansson and Al-Abideen, Phys. Rev.
E 75, 046109, 2007) and are seen as people who stand in one place and walk in another (A. Portz and A.
Seyfried, PED 2010). Whoever arrives stops once; what stops again and again has no room.
"""

from math import hypot, sqrt

from edge.rules.cells import Cells
from edge.rules.glance import Answer, Gauge, Glance
from edge.rules.series import Series
from edge.values.dynamics import Unit

CROWDED_PER_M2 = 0.72
"""Thinner, there is room (Fruin's level D begins here), and who stops wants to."""
STOPS_BELOW_MPS, GOES_ABOVE_MPS = 0.2, 0.5
"""Neighbours who went faster than the second and get slower than the first have stopped."""
LEAST_IN_CELL = 2


class StopAndGo(Gauge):
    """How often one of the people in the zone stops, by the minute, over the last `window_s`.

    Told by neighbours, not by persons: a square of the floor goes or stands as its people do on average, and
    when it comes to a stop, all of them have stopped.
    """

    def __init__(self, min_people: int, window_s: float) -> None:
        self._min_people, self._window_s = min_people, window_s
        self._goes: set[int] = set()
        self._stops, self._squares, self._people = Series(window_s), Series(window_s), Series(window_s)

    def read(self, glance: Glance) -> Answer:
        """The number now."""
        n = len(glance.walks)
        stopped, people = self._stopped(glance.sight.cells) if n >= self._min_people else ([], 0)
        self._stops.add(glance.moment, float(sum(stopped)))
        self._squares.add(glance.moment, float(sum(each * each for each in stopped)))
        self._people.add(glance.moment, float(people))
        if n < self._min_people or glance.per_m2 < CROWDED_PER_M2:
            return None
        minutes = self._people.mean * self._people.covered_s / 60
        if self._people.covered_s < self._window_s / 2 or not minutes:
            return None
        # So many people stop together that stops are as sure as squares, not as persons.
        sd = sqrt(self._squares.total) / minutes
        return glance.told(self._stops.total / minutes, sd, Unit.STOPS, n)

    def _stopped(self, cells: Cells) -> tuple[list[int], int]:
        """How many are in each square that has come to a stop, and how many in all that say something."""
        squares = zip(cells.keys.tolist(), cells.people.tolist(), cells.mean_mps.tolist(), strict=True)
        stopped, people = [], 0
        for key, n, mean_mps in squares:
            if n < LEAST_IN_CELL:
                continue
            people += n
            mps = hypot(*mean_mps)
            if mps >= GOES_ABOVE_MPS:
                self._goes.add(key)
            elif mps < STOPS_BELOW_MPS and key in self._goes:
                self._goes.discard(key)
                stopped.append(n)
        return stopped, people
