"""How fast objects are: a struct of arrays over all whose speed is asked for at one moment."""

from collections.abc import Callable
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

    Speeds are reckoned when somebody asks: mostly nobody can be too fast, and that is known for less.

    Attributes:
        ids: int64 n, of their tracks.
        labels: names of the classes.
        classes: int64 n, index into `labels`.
        scores: float64 n, confidence of the detector, 0..1.
        boxes: float64 n×4, corners in the unit square.
        measured: gives `speeds`.
        at_most_mps: surely nobody is known to be faster.
    """

    ids: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    classes: npt.NDArray[np.int64]
    scores: F64
    boxes: F64
    measured: Callable[[], F64]
    at_most_mps: float = inf

    def __post_init__(self) -> None:
        if self.boxes.shape != (len(self.ids), 4):
            raise ValueError(f"paces want boxes of {len(self.ids)}×4, got {self.boxes.shape}")

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def speeds(self) -> F64:
        """Float64 4×n, in the rows above, metres per second and seconds; NaN while nobody can say."""
        speeds = self.measured()
        if speeds.shape != (4, len(self)):
            raise ValueError(f"paces want speeds of 4×{len(self)}, got {speeds.shape}")
        return speeds

    def any_beyond(self, limit_mps: float, above: bool) -> bool:
        """Whether somebody is surely at least as fast as a limit, or else at most."""
        if above:
            return self.at_most_mps >= limit_mps and self.fastest >= limit_mps
        return self.slowest <= limit_mps

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
