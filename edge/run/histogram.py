"""How long something took, as Prometheus wants it: counts of durations by upper bound.

Law: a total only grows, for as long as its process lives; nothing but the bounds, the counts and the sum is
remembered.
"""

from bisect import bisect_left
from collections.abc import Mapping

BOUNDS_MS = (10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120)
"""Upper bounds of the buckets, milliseconds: from one inference of a small model to an alarm that is late."""


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
        bounds = (*(str(bound) for bound in BOUNDS_MS), "more")
        told = {f"{name}.{bound}": number for bound, number in zip(bounds, self._buckets, strict=True)}
        return told | {f"{name}.sum_us": round(self._sum_s * 1e6)}
