"""How people move on measured ground: a struct of arrays over those who are in a zone at one moment."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.once import once

F64 = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Walks:
    """Who moves where, n objects, shared by all rules that ask; it stays inside the box.

    Attributes:
        ids: int64 n, of their tracks.
        labels: names of the classes.
        classes: int64 n, index into `labels`.
        scores: float64 n, confidence of the detector, 0..1.
        at_m: float64 n×2, place on the ground, metres.
        speed_mps: float64 n×2, velocity on the ground, metres per second.
        noise_mps: float64 n, standard deviation of either component of that velocity, from how its box
            jitters.
    """

    ids: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    classes: npt.NDArray[np.int64]
    scores: F64
    at_m: F64
    speed_mps: F64
    noise_mps: F64

    def __post_init__(self) -> None:
        n = len(self.classes)
        if self.at_m.shape != (n, 2) or self.speed_mps.shape != (n, 2):
            raise ValueError(
                f"walks want places and speeds of {n}×2, got {self.at_m.shape} and {self.speed_mps.shape}"
            )

    def __len__(self) -> int:
        return len(self.classes)

    @once
    def pace_mps(self) -> F64:
        """How fast each moves, float64 n."""
        return np.hypot(self.speed_mps[:, 0], self.speed_mps[:, 1])

    @once
    def confidence(self) -> float:
        """Mean of `scores`, of at least one."""
        return float(np.add.reduce(self.scores)) / len(self)

    @once
    def mean_mps(self) -> float:
        """Mean of `pace_mps`, of at least one."""
        return float(np.add.reduce(self.pace_mps)) / len(self)

    @once
    def median_mps(self) -> float:
        """Median of `pace_mps`, of at least one."""
        ordered = sorted(self.pace_mps.tolist())
        n = len(ordered)
        return float(ordered[(n - 1) // 2] + ordered[n // 2]) / 2

    def of(self, classes: frozenset[str] | None) -> "Walks":
        """Those of these classes; of all if None."""
        if classes is None or classes.issuperset(self.labels):
            return self
        wanted = np.array([label in classes for label in self.labels], dtype=np.bool_)[self.classes]
        return self if wanted.all() else self.take(wanted)

    def take(self, rows: Flags | npt.NDArray[np.intp]) -> "Walks":
        """The objects of a mask or an index array; each column is picked out when somebody asks for it."""
        return _Some(self, rows.nonzero()[0] if rows.dtype == np.bool_ else rows.astype(np.intp, copy=False))


class _Some(Walks):
    """Some of those of other walks."""

    _whole: Walks
    _rows: npt.NDArray[np.intp]

    def __init__(self, whole: Walks, rows: npt.NDArray[np.intp]) -> None:
        vars(self).update(_whole=whole, _rows=rows, labels=whole.labels)

    def __len__(self) -> int:
        return len(self._rows)

    @once
    def pace_mps(self) -> F64:
        """How fast each moves, float64 n."""
        return self._whole.pace_mps.take(self._rows)

    def __getattr__(self, name: str) -> npt.NDArray[np.float64]:
        if name not in _COLUMNS:
            raise AttributeError(name)
        column: npt.NDArray[np.float64] = getattr(self._whole, name).take(self._rows, axis=0)
        vars(self)[name] = column
        return column


_COLUMNS = frozenset(("ids", "classes", "scores", "at_m", "speed_mps", "noise_mps"))
