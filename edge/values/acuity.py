"""How well a detector tells people apart, and how full of people a place looks to it: by this it is known
when a count is none.

Law: what is half seen is nobody. It never adds to a count; it only says how many there may be at most, or
that nobody can say how many.
"""

from dataclasses import dataclass
from math import log


@dataclass(frozen=True, slots=True)
class Acuity:
    """How well a detector counts people, measured on pictures whose people are known.

    What looks at all like a person is a glimpse, a box like any other but far less sure. In a crowd in which
    all hide each other a detector finds nobody, and glimpses fill the place.

    Attributes:
        glimpse: score from which on something is glimpsed, 0..1.
        covers: so many times the floor that their body hides from the camera do the glimpses of each person
            cover at least, nineteen times of twenty.
        full_from: share of a place that is covered, from which on nobody can say how many there are, 0..1.
        smallest_px: height in the analysed picture under which somebody is not even glimpsed, pixels.
    """

    glimpse: float
    covers: float
    full_from: float
    smallest_px: float

    def __post_init__(self) -> None:
        if not (0 < self.glimpse < 1 and 0 < self.full_from < 1):
            raise ValueError(f"an acuity wants glimpse and full_from above 0 and below 1, got {self}")
        if self.covers <= 0 or self.smallest_px < 1:
            raise ValueError(f"an acuity wants covers above 0 and smallest_px of 1 or more, got {self}")


@dataclass(frozen=True, slots=True)
class Glimpses:
    """How full of people a zone looks.

    Attributes:
        covered: share of the zone that is covered by glimpses, 0..1.
        tall_px: how tall a person in the middle of the zone is in the analysed picture, pixels.
        hides_m2: how much floor the body of such a person hides from the camera, square metres.
        acuity: of the detector.
    """

    covered: float
    tall_px: float
    hides_m2: float
    acuity: Acuity

    @property
    def countless(self) -> bool:
        """Whether nobody can say how many people there are."""
        return self.covered >= self.acuity.full_from or self.tall_px < self.acuity.smallest_px

    @property
    def most_per_m2(self) -> float:
        """How many may stand on a square metre at most, where that can be said: of people who stand by chance
        and cover a m² each, d by the square metre leave exp(-d a) of the floor free."""
        return -log(1.0 - min(self.covered, self.acuity.full_from)) / (self.acuity.covers * self.hides_m2)
