"""What stands in a place for good, learned from its pictures: walls, kerbs, poles, marks; nobody.

Law: whoever walks through is in few pictures and fades from the mean; a place without enough that stands is
not judged. Learning follows dusk, seasons and parked cars slowly, and never a picture that was found wrong.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from edge.view.likeness import Offset, likeness, offset
from edge.view.outline import Grey, Outline, mean_near, outline_of

ENOUGH_LOOKS = 10
"""Pictures, one a second, after which a place is known."""
WORTH_LOOKS = 120
"""Pictures after which landmarks are worth keeping."""
MEMORY_LOOKS = 600
"""Pictures over which the landmarks are a mean, once that many were seen: ten minutes."""
LEAST = 0.3
"""Smallest standard deviation of a mean outline that has landmarks: noise, sky or bare ground has less."""
LOST = 0.45
"""Share of its edges below which a stretch of the place is hidden."""
DARK = 20.0
"""Grey level below which a stretch cannot be judged: it may have no light."""


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Landmarks as they are kept for later.

    Attributes:
        mean: float32 h×w, the mean outline.
        usual: how alike pictures of the place usually are, 0..1.
    """

    mean: Outline
    usual: float

    def __post_init__(self) -> None:
        sound = self.mean.ndim == 2 and min(self.mean.shape) >= 3 and bool(np.isfinite(self.mean).all())
        if not sound or not LEAST <= self.usual <= 1:
            raise ValueError(
                f"landmarks want a finite outline h×w and a likeness of {LEAST:g}..1, got "
                f"{self.mean.shape} and {self.usual}"
            )


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of the landmarks in one picture.

    Attributes:
        lit: share of them that have light, 0..1; of the others nothing is known.
        hidden: share of the lit ones where there is nothing at all to be seen, 0..1.
    """

    lit: float
    hidden: float


class Landmarks:
    """The landmarks of one place, by pictures of one size."""

    def __init__(self) -> None:
        self._mean: Outline | None = None
        self._usual = 0.0
        self._looks = 0

    @classmethod
    def of(cls, memory: Memory) -> "Landmarks":
        """Landmarks that were learned before."""
        landmarks = cls()
        landmarks._mean, landmarks._usual = memory.mean.copy(), memory.usual
        landmarks._looks = MEMORY_LOOKS
        return landmarks

    @property
    def memory(self) -> Memory | None:
        """What to keep of them; None until they are known so well that it is worth it."""
        if not self.known or self._mean is None or self._looks < WORTH_LOOKS or self._usual < LEAST:
            return None
        return Memory(self._mean.copy(), min(self._usual, 1.0))

    @property
    def known(self) -> bool:
        """Whether enough pictures were seen, and enough stands in them, to compare others with."""
        return self._mean is not None and self._looks >= ENOUGH_LOOKS and float(self._mean.std()) >= LEAST

    @property
    def shape(self) -> tuple[int, int] | None:
        """Rows and columns of the outlines that were learned."""
        return None if self._mean is None else (self._mean.shape[0], self._mean.shape[1])

    def learn(self, outline: Outline) -> None:
        """Take one more picture of the place into the mean; one of another size begins anew."""
        if self._mean is None or self._mean.shape != outline.shape:
            self._mean, self._usual, self._looks = outline.copy(), 0.0, 1
            return
        self._looks = min(self._looks + 1, MEMORY_LOOKS)
        share = np.float32(1 / self._looks)
        self._usual += (likeness(outline, self._mean) - self._usual) * max(float(share), 1 / 60)
        self._mean += (outline - self._mean) * share

    def fits(self, outline: Outline) -> bool:
        """Whether a picture has the size of those that were learned."""
        return self._mean is not None and self._mean.shape == outline.shape

    def alike(self, outline: Outline) -> float:
        """How alike a picture of the same size is, in shares of how alike they usually are: 0..1.2."""
        return likeness(outline, self._known_mean()) / max(self._usual, LEAST)

    def standing(self, small: Grey) -> Standing:
        """What became of the landmarks, which are known, in a small picture of the same place's size.

        Shades that change over a long way, as on a cloth before the lens, are taken out: they are no edges.
        """
        mean, shade = self._known_mean(), mean_near(small)
        strong = _strong(mean)
        lit = strong & (shade[1:-1, 1:-1] >= DARK)
        count = int(np.count_nonzero(lit))
        gone = mean_near(outline_of(small - shade))[lit] < LOST * mean_near(mean)[lit]
        return Standing(count / int(np.count_nonzero(strong)), float(gone.mean()) if count else 0.0)

    def offset(self, outline: Outline) -> Offset:
        """How far a picture of the same size is shifted against the landmarks, which are known.

        Its likeness is in shares of how alike pictures usually are.
        """
        found = offset(outline, self._known_mean())
        return replace(found, likeness=found.likeness / max(self._usual, LEAST))

    def _known_mean(self) -> Outline:
        assert self._mean is not None, "landmarks are compared only when they are known"
        return self._mean


def _strong(mean: Outline) -> npt.NDArray[np.bool_]:
    """Where the landmarks are: samples with clearly more edge than the mean."""
    strong: npt.NDArray[np.bool_] = mean > mean.mean() + mean.std()
    return strong
