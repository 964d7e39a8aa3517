"""One hot spot while it is followed."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp

import numpy as np

from edge.thermal.growth import LEAST_S, WINDOW_S, Mark, growth_of, margin
from edge.thermal.warmth import Field
from edge.values.hot import Growth, HotTerms, Level, Spot
from edge.values.moment import Moment
from edge.view.patch import Flags, Patch

Box = tuple[float, float, float, float]
STOOD_S = 5.0
LEAST_TERM = 0.05
"""What is seen at its level for the first time is not nothing."""
KNOWN_S = 20.0
"""Before, nobody knows what is usual: who stood there at first and comes nearer seems to grow."""
LEFT = 0.25
"""What is as large a share of a spot, beside it, and colder than usual, is where it stood."""
BEGUN_S = 2.0
"""So long something is new, and as large as it began."""
JUDGED_S = 1.0
"""Growth is judged so often."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look shows of a spot.

    Attributes:
        patch: its pixels, down to where a spot that is known goes on.
        pixels: how many of them count.
        peak: excess of the hottest one, kelvin or grey levels.
        hottest: the same as temperature, °C, or grey level.
        level: excess from which a pixel counts there.
        left: pixels beside it that are much colder than usual: it stood there; where growth matters.
        flicker: how unsteady it is, shares of its excess; None where that cannot be told.
    """

    patch: Patch
    pixels: int
    peak: float
    hottest: float
    level: float
    left: int = 0
    flicker: float | None = None


@dataclass(slots=True, eq=False)
class Followed:
    """A hot spot of one level.

    Attributes:
        id: never used again.
        since, since_s: when it was first so hot, also in seconds.
        seen_s: when it was last seen.
        last: what was seen then.
        begun_px: how large it was when it was new.
        bodily: a body that is followed covers it.
        settled: it was told that it is usual from now on.
    """

    id: int
    since: Moment
    since_s: float
    seen_s: float
    last: Seen
    begun_px: int
    bodily: bool = False
    settled: bool = False
    growth: Growth | None = None
    _marks: deque[Mark] = field(default_factory=deque)
    _patches: deque[tuple[float, Patch]] = field(default_factory=deque)
    _judged_s: float = 0.0

    def seen(self, seen: Seen, level: Level, now_s: float, calibrated: bool) -> None:
        """Take what the next look shows of it."""
        self.last, self.seen_s = seen, now_s
        if now_s - self.since_s <= BEGUN_S:
            self.begun_px = max(self.begun_px, seen.pixels)
        if level.growing is None or (level.relative and now_s < KNOWN_S):
            return
        self._marks.append(Mark(now_s, seen.pixels, seen.peak, seen.flicker))
        while now_s - self._marks[0].s > WINDOW_S:
            self._marks.popleft()
        if now_s - self._judged_s < JUDGED_S:
            return
        self._judged_s = now_s
        self._patches.append((now_s, seen.patch))
        while now_s - self._patches[0][0] > WINDOW_S:
            self._patches.popleft()
        begun_px, stays = self.begun_px, self._stays()
        hottest_c = seen.hottest if calibrated else None
        found = growth_of(self._marks, level.growing, seen.level, stays, begun_px, hottest_c)
        self.growth = found or self.growth

    def corrected(self) -> None:
        """The camera corrected itself: what was seen before cannot be compared with what comes."""
        self._marks.clear()
        self._patches.clear()

    def _stays(self) -> float:
        """Share of its pixels of some time ago that are hot now: what moves leaves them, or a cold place."""
        first = self._patches[0][1]
        if self.last.left >= LEFT * self.last.pixels:
            return 0.0
        return first.shared(self.last.patch) / max(1, first.size)

    def spot(self, level: Level, shape: tuple[int, int], calibrated: bool, now_s: float) -> Spot:
        """What is told of it."""
        seen, (height, width), patch = self.last, shape, self.last.patch
        stood_s = now_s - self.since_s
        return Spot(
            id=self.id,
            box=(patch.left / width, patch.top / height, patch.right / width, patch.bottom / height),
            since=self.since,
            stood_s=stood_s,
            pixels=seen.pixels,
            share=seen.pixels / (height * width),
            excess=seen.peak if calibrated else seen.peak / 255.0,
            hottest_c=seen.hottest if calibrated else None,
            terms=HotTerms(
                seen.pixels / (seen.pixels + level.min_px),
                max(LEAST_TERM, margin(seen.peak, seen.level)),
                max(LEAST_TERM, 1.0 - exp(-stood_s / STOOD_S)),
            ),
            growth=self.growth if stood_s >= LEAST_S else None,
            body=self.bodily,
            settled=self.settled,
        )


def strays(three: Sequence[Field]) -> Field:
    """How far each pixel strays from a straight course over three looks, oldest first."""
    first, second, third = three
    return np.asarray(np.abs(first - 2 * second + third) / 2)


def flicker_of(three: Sequence[Field], cells: Flags, noise: float) -> float:
    """How much pixels stray from a straight course over three looks, in shares of their excess.

    Args:
        three: excess of the same rectangle at three looks, oldest first.
        cells: which pixels of it.
        noise: what any pixel strays, of which three times are not flicker.
    """
    stray = float(strays([look[cells] for look in three]).mean())
    return max(0.0, stray - 3 * noise) / max(float(three[-1][cells].mean()), 1.0)
