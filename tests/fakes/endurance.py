"""What processes take while they run on: memory of their own, open descriptors, and how fast that grows."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

import psutil

MIB = 1 << 20
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What one look at all processes together found.

    Attributes:
        at_s: seconds since the first look.
        own_bytes: memory that would come free if they ended (unique set size), so that pages of files that
            several of them map do not count.
        descriptors: open files, sockets and pipes.
    """

    at_s: float
    own_bytes: int
    descriptors: int


def look(processes: Mapping[str, psutil.Process], at_s: float) -> Taken:
    """One look.

    Raises:
        psutil.NoSuchProcess: one of them has ended.
    """
    return Taken(
        at_s,
        sum(each.memory_full_info().uss for each in processes.values()),
        sum(each.num_fds() for each in processes.values()),
    )


def looks(processes: Mapping[str, psutil.Process], for_s: float, every_s: float) -> list[Taken]:
    """A look every so often."""
    began_s = time.monotonic()
    found: list[Taken] = []
    while (past_s := time.monotonic() - began_s) < for_s:
        found.append(look(processes, past_s))
        time.sleep(every_s)
    return found


def growth_mib_per_h(taken: Sequence[Taken]) -> float:
    """How fast memory grows: the median of the slopes between any two looks (Theil 1950, Sen 1968).

    A look that met a picture or a batch in somebody's hands does not change it, as it would a mean.

    Raises:
        ValueError: fewer than two looks.
    """
    if len(taken) < 2:
        raise ValueError(f"growth wants two looks or more, got {len(taken)}")
    slopes = [
        (later.own_bytes - earlier.own_bytes) / MIB / (later.at_s - earlier.at_s) * HOUR_S
        for earlier, later in combinations(taken, 2)
    ]
    return median(slopes)
