"""Who was seen at one moment: a struct of arrays, and some of them one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from edge.values.fact import Sighting
from edge.values.once import once


@dataclass(frozen=True, eq=False)
class Roll:
    """All objects as they stood at one moment, n of them, shared by all zones in which they are.

    Attributes:
        ids: int64 n, of their tracks.
        labels: names of the classes.
        classes: int64 n, index into `labels`.
        scores: float64 n, confidence of the detector, 0..1.
        boxes: float64 n×4, corners in the unit square.
    """

    ids: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    classes: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]
    boxes: npt.NDArray[np.float64]

    @once
    def _columns(self) -> tuple[list[int], list[int], list[float], list[list[float]]]:
        return self.ids.tolist(), self.classes.tolist(), self.scores.tolist(), self.boxes.tolist()

    def sighting(self, row: int) -> Sighting:
        """One of them."""
        ids, classes, scores, boxes = self._columns
        left, top, right, bottom = boxes[row]
        return Sighting(ids[row], self.labels[classes[row]], scores[row], (left, top, right, bottom))


class Company(Sequence[Sighting]):
    """Some of a roll, by row: a sequence like a tuple, in which each is made when somebody asks for them."""

    __slots__ = ("_roll", "_rows")

    def __init__(self, roll: Roll, rows: Sequence[int]) -> None:
        self._roll, self._rows = roll, rows

    def take(self, which: list[int]) -> "Company":
        """Those with these indices."""
        return Company(self._roll, [self._rows[k] for k in which])

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Sighting]:
        return map(self._roll.sighting, self._rows)

    @overload
    def __getitem__(self, which: int) -> Sighting: ...
    @overload
    def __getitem__(self, which: slice) -> tuple[Sighting, ...]: ...
    def __getitem__(self, which: int | slice) -> Sighting | tuple[Sighting, ...]:
        if isinstance(which, slice):
            return tuple(map(self._roll.sighting, self._rows[which]))
        return self._roll.sighting(self._rows[which])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Company, tuple)) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def some_of(who: Sequence[Sighting], which: list[int]) -> Sequence[Sighting]:
    """Those of a sequence with these indices."""
    return who.take(which) if isinstance(who, Company) else tuple(who[k] for k in which)
