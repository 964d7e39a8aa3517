"""What stands still: a struct of arrays over all that do at one moment."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.values.moment import NS_PER_S, Moment
from edge.values.once import once
from edge.values.pace import Halt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stands:
    """What stands, n objects, shared by all zones in which they are; it stays inside the box.

    Attributes:
        ids: int64 n, numbers that outlive their tracks.
        tracks: int64 n, that carry them now.
        labels: names of the classes.
        classes: int64 n, index into `labels`.
        scores: float64 n, confidence of the detector, 0..1.
        boxes: float64 n×4, corners in the unit square.
        since: n moments, when they came to rest.
        stood_s: float64 n, for how long they have, seconds.
        hidden: bool n, they cannot be seen now, and nothing says that they left.
        surveyed: whether that is judged in metres of measured ground.
    """

    ids: I64
    tracks: I64
    labels: tuple[str, ...]
    classes: I64
    scores: F64
    boxes: F64
    since: npt.NDArray[np.object_]
    stood_s: F64
    hidden: npt.NDArray[np.bool_]
    surveyed: bool

    def __post_init__(self) -> None:
        n, told = len(self.ids), (len(self.tracks), len(self.since), len(self.stood_s), len(self.hidden))
        if self.boxes.shape != (n, 4) or set(told) != {n}:
            raise ValueError(f"stands want {n} rows everywhere, got boxes {self.boxes.shape} and {told}")

    def __len__(self) -> int:
        return len(self.ids)

    @once
    def longest_s(self) -> float:
        """How long the one has stood that has for longest, seconds; 0 for nobody."""
        return float(self.stood_s.max(initial=0.0))

    def of(self, classes: frozenset[str] | None) -> npt.NDArray[np.bool_]:
        """Which of them are of these classes, n; all if None."""
        if classes is None:
            return np.ones(len(self), np.bool_)
        return np.array([label in classes for label in self.labels], np.bool_)[self.classes]

    def halt(self, row: int) -> Halt:
        """Since when one of them stands."""
        hidden, stood_s = bool(self.hidden[row]), float(self.stood_s[row])
        return Halt(self.since[row], stood_s, self.surveyed, hidden)


def stood_s(since_ns: I64, now: Moment) -> F64:
    """For how long what came to rest at these times has stood, seconds."""
    return np.asarray((now.mono_ns - since_ns) / NS_PER_S)
