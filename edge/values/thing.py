"""Things: what stands on the street that did not stand there before, or is missing from it."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from edge.values.moment import Moment


class Change(StrEnum):
    """What became of the place."""

    LEFT = "left"  # something stands there now
    TAKEN = "taken"  # something is missing


@dataclass(frozen=True, slots=True)
class Terms:
    """What makes a thing believable, each 0..1 where 1 is all that could be wished for.

    Attributes:
        stood: how long it has stood, 1 - exp(-s / 5 s).
        owner: whether it is known who brought or took it, and where they are.
        size: in how many cells of the small picture it is seen.
        contrast: how much it differs from the street, in shares of what is needed.
        edges: how clearly the picture, and not the street, has an edge around it (or the other way round).
    """

    stood: float
    owner: float
    size: float
    contrast: float
    edges: float

    def __post_init__(self) -> None:
        if not all(0.0 <= term <= 1.0 for term in self.all):
            raise ValueError(f"terms want to be within 0..1, got {self.all}")

    @property
    def all(self) -> tuple[float, ...]:
        """Every term, in the order of the attributes."""
        return self.stood, self.owner, self.size, self.contrast, self.edges

    @property
    def confidence(self) -> float:
        """Their geometric mean: no term can be made good for by the others."""
        product = 1.0
        for term in self.all:
            product *= term
        return float(product ** (1 / len(self.all)))


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing at one moment.

    Attributes:
        id: unique within the watch that found it, never reused.
        change: whether it stands there, or is missing.
        box: where, corners x1 y1 x2 y2 in the unit square of the picture.
        since: when the place last looked as it used to.
        stood_s: how long it has been as it is, seconds.
        terms: why it is believed.
        owner: track of who brought or took it; None where nobody was seen.
        apart_m: how far the nearest of those who came with it is; infinite where nobody of them is in sight.
        surveyed: whether metres come from measured ground, else from the stature of people.
        side_m: its longer side; None where nothing says how large it is.
        settled: it has stood for so long that it is taken for a part of the place from now on.
    """

    id: int
    change: Change
    box: tuple[float, float, float, float]
    since: Moment
    stood_s: float
    terms: Terms
    owner: int | None = None
    apart_m: float = inf
    surveyed: bool = False
    side_m: float | None = None
    settled: bool = False
