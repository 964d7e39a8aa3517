"""How people move on measured ground: a struct of arrays over those who are in a zone at one moment."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """Who moves where, n objects; it stays inside the box.

    Attributes:
        ids: int64 n, of their tracks.
        labels: names of the classes.
        classes: int64 n, index into `labels`.
        scores: float64 n, confidence of the detector, 0..1.
        at_m: float64 n×2, place on the ground, metres.
        speed_mps: float64 n×2, velocity on the ground, metres per second.
        noise_mps: float64 n, standard deviation of either component of that velocity, from how its box
            jitters.
        halted: bool n, came to a stop at this moment.
    """

    ids: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    classes: npt.NDArray[np.int64]
    scores: F64
    at_m: F64
    speed_mps: F64
    noise_mps: F64
    halted: Flags

    def __post_init__(self) -> None:
        n = len(self.classes)
        if self.at_m.shape != (n, 2) or self.speed_mps.shape != (n, 2):
            raise ValueError(
                f"walks want places and speeds of {n}×2, got {self.at_m.shape} and {self.speed_mps.shape}"
            )

    def __len__(self) -> int:
        return len(self.classes)

    @property
    def pace_mps(self) -> F64:
        """How fast each moves, float64 n."""
        return np.asarray(np.hypot(self.speed_mps[:, 0], self.speed_mps[:, 1]))

    def of(self, classes: frozenset[str] | None) -> "Walks":
        """Those of these classes; of all if None."""
        if classes is None or classes.issuperset(self.labels):
            return self
        wanted = np.array([label in classes for label in self.labels], dtype=np.bool_)[self.classes]
        if wanted.all():
            return self
        return Walks(
            self.ids[wanted],
            self.labels,
            self.classes[wanted],
            self.scores[wanted],
            self.at_m[wanted],
            self.speed_mps[wanted],
            self.noise_mps[wanted],
            self.halted[wanted],
        )
