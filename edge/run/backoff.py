"""How long to wait before the next try: doubling, bounded, jittered, never giving up."""

import random
from dataclasses import dataclass

FIRST_S = 1.0
MOST_S = 60.0


@dataclass(slots=True)
class Backoff:
    """Waits of 1, 2, 4 … 60 s, each shortened by up to half at random so that a fleet does not act in step.

    The jitter is "equal jitter" of M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
    """

    random: random.Random
    first_s: float = FIRST_S
    most_s: float = MOST_S
    failures: int = 0

    def next_s(self) -> float:
        """Seconds to wait after one more failure."""
        wait = min(self.most_s, self.first_s * 2.0 ** min(self.failures, 32))
        self.failures += 1
        return wait / 2 + self.random.uniform(0, wait / 2)

    def reset(self) -> None:
        """Begin anew: things went well for long enough."""
        self.failures = 0
