"""What processes take while they run on: memory by kind, open descriptors, and how fast that grows."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations, pairwise
from pathlib import Path
from statistics import median

import psutil

MIB = 1 << 20
HOUR_S = 3600.0

PARTS = 9
"""Of the time that is looked at: of three quarters of an hour, five minutes each."""

ARENA_BYTES = 64 * MIB
"""glibc begins an arena of a thread at a multiple of this, on machines of 64 bits (`HEAP_MAX_SIZE`)."""

_MAPPING = re.compile(
    r"(?P<at>[0-9a-f]+)-[0-9a-f]+ (?P<may>\S{4}) [0-9a-f]+ \S+ (?P<inode>\d+) *(?P<name>.*)"
)
_PRIVATE = re.compile(r"Private_(?P<state>Clean|Dirty): +(?P<kib>\d+) kB")


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a process's own that only its end gives back, bytes.

    Pages of a file as it is on the disk do not count: the kernel drops them when it likes, and a program of
    the same libraries that ends elsewhere on the machine would make them this one's alone.

    Attributes:
        heap: the C library's first arena, which the main thread uses.
        arenas: those of other threads; one that touches another mapping counts as part of that.
        unnamed: other memory of no file: Python's small objects, large buffers, stacks.
        files: pages of libraries and databases that it has changed.
    """

    heap: int = 0
    arenas: int = 0
    unnamed: int = 0
    files: int = 0

    @property
    def all(self) -> int:
        return self.heap + self.arenas + self.unnamed + self.files


KINDS = tuple(field.name for field in fields(Memory))


def memory_in(smaps: str) -> Memory:
    """What a process has, by its mappings as Linux lists them: /proc/PID/smaps, see proc(5)."""
    taken = dict.fromkeys(KINDS, 0)
    kind = ""
    for line in smaps.splitlines():
        if mapping := _MAPPING.fullmatch(line):
            kind = _kind(mapping["name"], int(mapping["at"], 16), int(mapping["inode"]), mapping["may"])
        elif (private := _PRIVATE.fullmatch(line)) and not (kind == "files" and private["state"] == "Clean"):
            taken[kind] += int(private["kib"]) << 10
    return Memory(**taken)


def _kind(name: str, at: int, inode: int, may: str) -> str:
    if name == "[heap]":
        return "heap"
    if inode:
        return "files"
    return "unnamed" if name or at % ARENA_BYTES or may != "rw-p" else "arenas"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one look at all processes together found.

    Attributes:
        at_s: seconds since the first look.
        memory: by process.
        descriptors: open files, sockets and pipes.
    """

    at_s: float
    memory: Mapping[str, Memory]
    descriptors: int

    @property
    def own_bytes(self) -> int:
        """Memory of all processes."""
        return sum(each.all for each in self.memory.values())


def look(processes: Mapping[str, psutil.Process], at_s: float) -> Taken:
    """One look.

    Raises:
        psutil.NoSuchProcess, ProcessLookupError, FileNotFoundError: one of them has ended.
    """
    return Taken(
        at_s,
        {name: memory_in(Path(f"/proc/{each.pid}/smaps").read_text()) for name, each in processes.items()},
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


def _own(taken: Taken) -> int:
    return taken.own_bytes


def growth_mib_per_h(taken: Sequence[Taken], of: Callable[[Taken], int] = _own) -> float:
    """How fast what is never given back grows, of all memory or a part.

    Memory is filled and given back all the time; the lowest look of each part of the time is what stays. Of
    those it is the median of the slopes between any two, which one odd part does not change (Theil 1950, Sen
    1968).

    Raises:
        ValueError: fewer than two looks.
    """
    if len(taken) < 2:
        raise ValueError(f"growth wants two looks or more, got {len(taken)}")
    parts = min(PARTS, len(taken))
    ends = [len(taken) * n // parts for n in range(parts + 1)]
    lowest = [min(taken[begin:end], key=of) for begin, end in pairwise(ends)]
    slopes = [
        (of(later) - of(earlier)) / MIB / (later.at_s - earlier.at_s) * HOUR_S
        for earlier, later in combinations(lowest, 2)
    ]
    return median(slopes)


def told(taken: Sequence[Taken]) -> str:
    """A table for people: which process grows by how much, in which kind of memory."""
    kinds = ("all", *KINDS)
    rows = [f"{'MiB an hour':<24}{''.join(f'{kind:>10}' for kind in kinds)}   MiB"]
    for name in taken[0].memory:
        growths = "".join(f"{_growth(taken, name, kind):>+10.2f}" for kind in kinds)
        first, last = (each.memory[name].all / MIB for each in (taken[0], taken[-1]))
        rows.append(f"{name:<24}{growths}   {first:.1f} → {last:.1f}")
    return "\n".join(rows)


def _growth(taken: Sequence[Taken], name: str, kind: str) -> float:
    return growth_mib_per_h(taken, lambda each: int(getattr(each.memory[name], kind)))
