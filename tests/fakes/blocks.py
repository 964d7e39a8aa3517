"""What stays of each event in this process, counted in blocks of Python's memory."""

import gc
import struct
import sys
from collections.abc import Callable
from itertools import combinations
from statistics import median

LOOKS = 5
MOST_BLOCKS_PER_EVENT = 0.5
"""One string or number that stays of each event makes 1."""


def blocks_per_event(happen: Callable[[], int], looks: int = LOOKS) -> float:
    """How many blocks stay of an event: the median between any two looks, as a table may grow once.

    `happen` lets some events come and go, and returns how many; the first time is for whatever fills once.
    """
    happen()
    found: list[tuple[int, int]] = []
    events = 0
    for _ in range(looks):
        events += happen()
        found.append((events, _blocks()))
    return median((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(found, 2))


def _blocks() -> int:
    """What Python has allocated, but for what it keeps for the next use."""
    sys._clear_type_cache()
    struct._clearcache()  # type: ignore[attr-defined]  # a hundred formats; paho makes one for each length
    gc.collect()
    return sys.getallocatedblocks()
