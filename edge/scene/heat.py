"""Heat maps: how many different people were in each cell of a floor in a bin of time.

Law: whatever is told is a multiple of `least`, rounded down. So is every sum and difference of whatever was
told before, of this map, of another bin, of another grid: no comparison of releases gives a number of
people between 1 and `least` - 1. Bins do not overlap, and each is told once: the one in which a run begins
is never told, nor one that a clock set back would repeat; who is seen meanwhile is in none. What a clock had
leapt over is told when it comes. After a clock that was far ahead a map begins anew like a new run, with
other noise. With noise, each person counts in at most `CELLS_EACH` cells of a bin, and every cell gets
two-sided geometric noise (Ghosh, Roughgarden and Sundararajan, SIAM J. Comput. 41(6), 2012; the discrete
Laplace distribution), which makes a release epsilon-differentially private for one track; what a day of
releases spends is bounded where it is configured. A direction is the mean over the different people of a
cell, each of whom counts once, however long they stay; it is told in coarse steps and only where their number
is.
"""

import hmac
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import atan2, degrees, exp, floor, hypot, log

import numpy as np

from edge.values.fact import Fact, Moving
from edge.values.heat import STEP_MPS, TURN_DEG, HeatCell, HeatMap, Noise, Way
from edge.values.moment import NS_PER_S, Moment
from edge.values.walks import Walks

Cell = tuple[int, int]
CELLS_EACH = 8
"""Cells of one bin in which one person counts, where noise is added."""
LONGEST_LOOK_S = 2.0
"""Longest time for which one look vouches."""
LONGEST_WAIT_S = 3600.0
"""A clock that was set back by less is waited for; one that was further ahead was wrong, perhaps by years."""
LOOK_S = 0.38
"""Nobody passes a cell of a metre unseen who is looked at so often."""
WAYS_S = 0.9
STANDS_MPS, TOGETHER = 0.3, 0.5
"""Slower people stand; who go together have a mean velocity of at least this share of their mean speed."""


@dataclass(frozen=True, slots=True)
class HeatSpec:
    """One heat map.

    Attributes:
        zone: whose floor.
        cells: of the ground's grid, all that can be told of.
        cell_m: side of a cell, metres.
        bin_s: length of a bin; bins are aligned to the epoch.
        least: the policy's smallest public count.
        classes: labels that count.
        epsilon: privacy loss of one release; None for no noise.
        ways: whether to tell where people go; not with noise.
    """

    zone: str
    cells: tuple[Cell, ...]
    cell_m: float
    bin_s: float
    least: int
    classes: frozenset[str]
    epsilon: float | None = None
    ways: bool = False

    def __post_init__(self) -> None:
        if self.ways and self.epsilon is not None:
            raise ValueError("a heat map wants directions only without noise, which does not cover them")


@dataclass(slots=True)
class _Walker:
    """One person in one cell: sums over the looks at them."""

    x_mps: float = 0.0
    y_mps: float = 0.0
    mps: float = 0.0
    looks: int = 0


@dataclass(slots=True)
class _Bin:
    """What one bin has seen so far."""

    index: int
    whole: bool
    watched_s: float = 0.0
    visits: defaultdict[Cell, set[int]] = field(default_factory=lambda: defaultdict(set))
    cells_of: dict[int, int] = field(default_factory=dict)
    at_once: dict[Cell, int] = field(default_factory=dict)
    walkers: dict[Cell, dict[int, _Walker]] = field(default_factory=dict)


class Heat:
    """Keeps one heat map of one camera; `key` is fresh randomness, of which the noise is made."""

    def __init__(self, spec: HeatSpec, key: bytes) -> None:
        self._spec, self._key = spec, key
        self._known = frozenset(spec.cells)
        self._corner = min(x for x, _ in spec.cells), min(y for _, y in spec.cells)
        self._bin: _Bin | None = None
        self._first = 0
        self._over: set[int] = set()
        self._looked: Moment | None = None
        self._followed: Moment | None = None

    def take(self, facts: Sequence[Fact], moment: Moment) -> HeatMap | None:
        """Take in what is seen now; the map of the bin before, if this moment is the first beyond it."""
        index = int(moment.utc_ns // round(self._spec.bin_s * NS_PER_S))
        done = self._turn_to(index)
        now = self._bin if self._bin is not None and self._bin.index == index else None
        if now is None or not self._is_due(moment):
            return done
        for fact in facts:
            if isinstance(fact, Moving):  # there is one at most
                if (here := fact.walks(self._spec.zone)) is not None:
                    self._see(now, here.of(self._spec.classes), moment)
                break
        return done

    def _is_due(self, moment: Moment) -> bool:
        return self._looked is None or not 0 <= moment.seconds_since(self._looked) < LOOK_S

    def _turn_to(self, index: int) -> HeatMap | None:
        """Begin the bin of that index, unless it has begun or been; the map of the one that this ends."""
        before = self._bin
        if before is not None and index <= before.index:
            self._go_back(before.index, index)
            return None
        if before is None:
            self._first = index
        else:
            self._over.add(before.index)
            self._over = {each for each in self._over if self._waits_for(index, each)}
        self._bin = _Bin(index, whole=before is not None and index not in self._over)
        return self._told(before) if before is not None and before.whole else None

    def _go_back(self, before: int, index: int) -> None:
        """What was told, perhaps by a run before, is waited out; what was leapt over is seen now."""
        if not self._waits_for(before, index):
            self._begin_anew(index)
        elif self._first < index < before and index not in self._over:
            self._bin = _Bin(index, whole=False)

    def _waits_for(self, later: int, earlier: int) -> bool:
        return (later - earlier) * self._spec.bin_s <= LONGEST_WAIT_S

    def _begin_anew(self, index: int) -> None:
        """As a new run does: with other noise, and nothing told of a bin that was not seen whole."""
        self._key = hmac.digest(self._key, f"anew|{index}".encode(), "sha256")
        self._bin, self._first, self._over = _Bin(index, whole=False), index, set()

    def _see(self, now: _Bin, walks: Walks, moment: Moment) -> None:
        if self._looked is not None:
            now.watched_s += min(LONGEST_LOOK_S, moment.seconds_since(self._looked))
        self._looked = moment
        here: dict[Cell, int] = {}
        where = np.floor(walks.at_m / self._spec.cell_m).astype(np.int64).tolist()
        for who, (x, y) in zip(walks.ids.tolist(), where, strict=True):
            cell = (x, y)
            if cell in self._known:
                here[cell] = here.get(cell, 0) + 1
                if who not in now.visits[cell]:
                    self._count(now, who, cell)
        for cell, n in here.items():
            now.at_once[cell] = max(now.at_once.get(cell, 0), n)
        if self._spec.ways and self._turn_is_due(moment):
            self._follow(now, walks, where)

    def _turn_is_due(self, moment: Moment) -> bool:
        """Whether it is time to look at where people go: once a second is enough."""
        if self._followed is not None and moment.seconds_since(self._followed) < WAYS_S:
            return False
        self._followed = moment
        return True

    def _follow(self, now: _Bin, walks: Walks, where: list[list[int]]) -> None:
        rows = zip(walks.ids.tolist(), where, walks.speed_mps.tolist(), walks.pace_mps.tolist(), strict=True)
        for who, (x, y), (x_mps, y_mps), mps in rows:
            if (x, y) in self._known:
                walker = now.walkers.setdefault((x, y), {}).setdefault(who, _Walker())
                walker.x_mps += x_mps
                walker.y_mps += y_mps
                walker.mps += mps
                walker.looks += 1

    def _count(self, now: _Bin, who: int, cell: Cell) -> None:
        so_far = now.cells_of.get(who, 0)
        if self._spec.epsilon is None or so_far < CELLS_EACH:
            now.visits[cell].add(who)
            now.cells_of[who] = so_far + 1

    def _told(self, seen: _Bin) -> HeatMap:
        spec, bin_ns = self._spec, round(self._spec.bin_s * NS_PER_S)
        cells = []
        for cell in spec.cells:
            people = self._coarse(len(seen.visits.get(cell, ())) + self._noise(seen.index, cell))
            if people:
                most = None if spec.epsilon else self._coarse(seen.at_once.get(cell, 0))
                way = self._way(seen.walkers.get(cell, {}))
                cells.append(
                    HeatCell(cell[0] - self._corner[0], cell[1] - self._corner[1], people, most, way)
                )
        noise = None if spec.epsilon is None else Noise(spec.epsilon, CELLS_EACH)
        watched = min(1.0, seen.watched_s / spec.bin_s)
        began, (x, y) = seen.index * bin_ns, self._corner
        return HeatMap(
            spec.zone,
            began,
            began + bin_ns,
            (x * spec.cell_m, y * spec.cell_m),
            spec.cell_m,
            spec.least,
            watched,
            tuple(cells),
            noise,
        )

    def _way(self, walkers: dict[int, _Walker]) -> Way | None:
        """Where those of a cell go, each once; None where fewer were followed than may be told of."""
        n = len(walkers)
        if n < self._spec.least:
            return None
        x, y, mps = (
            sum(getattr(each, name) / each.looks for each in walkers.values()) / n
            for name in ("x_mps", "y_mps", "mps")
        )
        toward = None
        if mps >= STANDS_MPS and hypot(x, y) >= TOGETHER * mps:
            toward = round(degrees(atan2(y, x)) / TURN_DEG) * TURN_DEG % 360
        return Way(toward, round(mps / STEP_MPS) * STEP_MPS)

    def _coarse(self, n: int) -> int:
        return max(0, n) // self._spec.least * self._spec.least

    def _noise(self, index: int, cell: Cell) -> int:
        """Difference of two geometric numbers, from the key alone; 0 where no noise is wanted."""
        if self._spec.epsilon is None:
            return 0
        digest = hmac.digest(self._key, f"{index}|{cell[0]}|{cell[1]}".encode(), "sha256")
        one, other = (_geometric(digest[k : k + 8], self._spec.epsilon / CELLS_EACH) for k in (0, 8))
        return one - other


def _geometric(random: bytes, epsilon: float) -> int:
    """A number n >= 0 with probability (1 - α) αⁿ, α = exp(-epsilon), from 64 random bits."""
    uniform = (int.from_bytes(random, "big") + 1) / (2**64 + 1)
    return floor(log(uniform) / log(exp(-epsilon)))
