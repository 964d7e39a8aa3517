"""How long something took, as Prometheus wants it: counts of durations by upper bound.

Law: a total only grows, for as long as its process lives; nothing but the bounds, the counts and the sum is
remembered.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping

BOUNDS_MS = (10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120)
"""Upper bounds of the buckets, milliseconds: from one inference of a small model to an alarm that is late."""


NAMES = (*(str(bound) for bound in BOUNDS_MS), "more")


class Histogram:
    """The durations of one thing."""

    def __init__(self) -> None:
        self._buckets = [0] * (len(BOUNDS_MS) + 1)
        self._sum_s = 0.0

    def note(self, took_s: float) -> None:
        """It took so long, seconds."""
        self._buckets[bisect_left(BOUNDS_MS, took_s * 1000.0)] += 1
        self._sum_s += took_s

    def counts(self, name: str) -> Mapping[str, int]:
        """The counts for a pulse: of each bucket by itself, and the sum in microseconds."""
        told = {f"{name}.{bound}": number for bound, number in zip(NAMES, self._buckets, strict=True)}
        return told | {f"{name}.sum_us": round(self._sum_s * 1e6)}


def quantile_ms(count: Callable[[str], int], share: float) -> int | None:
    """The duration that `share` of all stayed below, milliseconds; None where there was none.

    As Prometheus' `histogram_quantile` estimates it: evenly spread within a bucket; what is beyond the last
    bound is told as that bound.

    Args:
        count: the number of durations of a bucket, by its name in a pulse (`10`, `20`, … `more`).
        share: 0..1.
    """
    numbers = [count(name) for name in NAMES]
    rank, below = share * sum(numbers), 0
    for number, low, high in zip(numbers, (0, *BOUNDS_MS), (*BOUNDS_MS, BOUNDS_MS[-1]), strict=True):
        if number and below + number >= rank:
            return round(low + (high - low) * (rank - below) / number)
        below += number
    return None
