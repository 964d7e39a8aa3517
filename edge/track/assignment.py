"""Who is who: the assignment of detections to tracks that has the largest total gain, exactly.

Most tracks have a best detection that no other track wants, and keep it: that much is one vectorised
step and already optimal. Only the tracks that lose a contest are placed by shortest augmenting paths
(Jonker and Volgenant, Computing 38, 1987) over the few pairs with a positive gain. Not an approximation:
the dual prices prove the optimum.
"""

from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

_FREE = -1


def assign(gain: Floats) -> tuple[Rows, Rows]:
    """The pairs (rows, columns) with the largest sum of gain, each row and column at most once.

    Args:
        gain: float64 n×m, finite; a pair of gain <= 0 is never made.

    Returns:
        Rows, ascending, and the column of each.
    """
    if gain.size == 0:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    best = gain.argmax(axis=1)
    wanted = gain[np.arange(len(gain)), best]
    rows = (wanted > 0.0).nonzero()[0]
    columns = best[rows]
    if len(rows) == 0 or np.bincount(columns).max() == 1:
        return rows, columns
    return _Contest(gain, wanted).settled(rows, columns)


class _Contest:
    """Prices of rows and columns with row + column >= gain everywhere, equal on every pair made."""

    def __init__(self, gain: Floats, wanted: Floats) -> None:
        rows, columns = (gain > 0.0).nonzero()
        self._starts = rows.searchsorted(np.arange(len(gain) + 1)).tolist()
        self._columns = columns.tolist()
        self._gains = gain[rows, columns].tolist()
        self._row_price = np.maximum(wanted, 0.0).tolist()
        self._column_price = [0.0] * gain.shape[1]
        self._column_of = [_FREE] * len(gain)
        self._row_of = [_FREE] * gain.shape[1]

    def settled(self, rows: Rows, columns: Rows) -> tuple[Rows, Rows]:
        """The best pairs, given the column that each row wants most."""
        late: list[int] = []
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if self._row_of[column] == _FREE:
                self._pair(row, column)
            else:
                late.append(row)
        for row in late:
            self._place(row)
        column_of = np.array(self._column_of, np.intp)
        made = (column_of != _FREE).nonzero()[0]
        return made, column_of[made]

    def _pair(self, row: int, column: int) -> None:
        self._column_of[row] = column
        self._row_of[column] = row

    def _place(self, start: int) -> None:
        """Find the cheapest chain of re-pairings that places `start` or leaves one row of it out."""
        row_at = {start: 0.0}  # distance at which a row was reached
        came_from: dict[int, int] = {}  # column -> row it was reached from
        settled: dict[int, float] = {}  # column -> its final distance
        queue: list[tuple[float, int, int]] = []  # distance, column, row
        row, quitter, end = start, start, self._row_price[start]
        while True:
            self._look(row, row_at[row], end, queue)
            distance, column, origin = self._nearest(queue, settled)
            if distance >= end:
                break
            came_from[column] = origin
            settled[column] = distance
            row = self._row_of[column]
            if row == _FREE:
                self._reprice(row_at, settled, distance)
                self._shift(column, came_from)
                return
            row_at[row] = distance
            if distance + self._row_price[row] < end:
                quitter, end = row, distance + self._row_price[row]
        self._reprice(row_at, settled, end)
        self._leave_out(quitter, came_from)

    def _look(self, row: int, distance: float, end: float, queue: list[tuple[float, int, int]]) -> None:
        base = distance + self._row_price[row]
        for at in range(self._starts[row], self._starts[row + 1]):
            column = self._columns[at]
            reached = base + self._column_price[column] - self._gains[at]
            if reached < end:
                heappush(queue, (reached, column, row))

    def _nearest(
        self, queue: list[tuple[float, int, int]], settled: dict[int, float]
    ) -> tuple[float, int, int]:
        while queue:
            entry = heappop(queue)
            if entry[1] not in settled:
                return entry
        return float("inf"), _FREE, _FREE

    def _reprice(self, row_at: dict[int, float], settled: dict[int, float], end: float) -> None:
        for row, distance in row_at.items():
            self._row_price[row] -= end - distance
        for column, distance in settled.items():
            self._column_price[column] += end - distance

    def _leave_out(self, row: int, came_from: dict[int, int]) -> None:
        column = self._column_of[row]
        self._column_of[row] = _FREE
        if column != _FREE:
            self._shift(column, came_from)

    def _shift(self, column: int, came_from: dict[int, int]) -> None:
        while column != _FREE:
            row = came_from[column]
            given_up = self._column_of[row]
            self._pair(row, column)
            column = given_up
