"""How fast objects are: a struct of arrays over all whose speed is asked for at one moment."""

from dataclasses import dataclass
from functools import cached_property
from math import inf, isnan

import numpy as np
import numpy.typing as npt

from edge.values.pace import Speed

F64 = npt.NDArray[np.float64]
MPS, LOW, HIGH, WINDOW_S = range(4)
"""Rows of `Paces.speeds`, as in `Speed`."""


@dataclass(frozen=True, eq=False)
class Paces:
    """Who is how fast, n objects, shared by all zones in which they are; it stays inside the box.

    Attributes:
        ids: int64 n, of their tracks.
        labels: names of the classes.
        classes: int64 n, index into `labels`.
        scores: float64 n, confidence of the detector, 0..1.
        boxes: float64 n×4, corners in the unit square.
        speeds: float64 4×n, in the rows above, metres per second and seconds; NaN while nobody can say.
    """

    ids: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    classes: npt.NDArray[np.int64]
    scores: F64
    boxes: F64
    speeds: F64

    def __post_init__(self) -> None:
        n, shapes = len(self.ids), (self.boxes.shape, self.speeds.shape)
        if shapes != ((n, 4), (4, n)):
            raise ValueError(f"paces want boxes of {n}×4, speeds of 4×{n}, got {shapes[0]} and {shapes[1]}")

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def fastest(self) -> float:
        """Whoever is fastest is surely that fast: the highest low end, metres per second; -inf for nobody."""
        return float(np.fmax.reduce(self.speeds[LOW], initial=-inf))

    @cached_property
    def slowest(self) -> float:
        """Whoever is slowest is surely no faster: the lowest high end, metres per second; inf for nobody."""
        return float(np.fmin.reduce(self.speeds[HIGH], initial=inf))

    def speed(self, row: int) -> Speed | None:
        """The speed of one of them; None while nobody can say."""
        mps, low, high, window_s = self.speeds[:, row].tolist()
        return None if isnan(mps) else Speed(mps, low, high, window_s)
