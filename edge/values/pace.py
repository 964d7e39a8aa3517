"""How fast one object moves, and how long one has stood: what is said of one and never of a crowd."""

from dataclasses import dataclass

from edge.values.moment import Moment

KMH = 3.6
"""Kilometres per hour in a metre per second."""


@dataclass(frozen=True, slots=True)
class Speed:
    """The mean speed of an object over the last moments.

    Attributes:
        mps: best estimate, metres per second.
        low, high: interval that holds the truth nine times of ten.
        window_s: over how long it was measured, seconds.
    """

    mps: float
    low: float
    high: float
    window_s: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.mps <= self.high:
            raise ValueError(
                f"a speed wants 0 <= low <= mps <= high, got {self.low}, {self.mps} and {self.high}"
            )


@dataclass(frozen=True, slots=True)
class Speeding:
    """A speed that a rule is about.

    Attributes:
        speed: the surest one so far: that whose interval lies furthest beyond the limit.
        limit_mps: of the rule.
        above: whether more than that was looked for, else less.
    """

    speed: Speed
    limit_mps: float
    above: bool


@dataclass(frozen=True, slots=True)
class Halt:
    """That something stands still.

    Attributes:
        since: when it came to rest.
        stood_s: for how long, seconds.
        surveyed: whether that is judged in metres of measured ground, else in sizes of its box.
        hidden: it cannot be seen now, and nothing says that it left.
    """

    since: Moment
    stood_s: float
    surveyed: bool
    hidden: bool = False
