"""The time lines of a video: presentation times made usable, ticks of the sampling, and moments.

Law: arithmetic on nanoseconds; no stream is touched here and no clock is read.
"""

from dataclasses import dataclass
from fractions import Fraction

from edge.values.moment import NS_PER_S, ClockTrust, Moment

MOST_JUMP_NS = 10 * NS_PER_S  # a longer step of presentation time is a fault of the stream, not a pause
WINDOW_NS = 5 * NS_PER_S
CRAWLS = 0.25  # times that pass at less than this share of the clock's pace tell nothing
SLOW_LOOKS = 6


@dataclass(slots=True)
class Presentation:
    """Presentation times that always grow: from 0, missing ones filled in, jumps taken out.

    Attributes:
        time_base: seconds per unit of presentation time.
        step_ns: usual time between two pictures: the stream's word at first, then what was seen last.
        now_ns: time of the last picture; -1 before the first.
        zero_ns: where time 0 lies on the stream's own scale; None before the next picture has told it.
    """

    time_base: Fraction
    step_ns: int
    now_ns: int = -1
    zero_ns: int | None = None

    def rejoin(self, time_base: Fraction) -> None:
        """The stream begins anew; its times go on after the last."""
        self.time_base = time_base
        self.zero_ns = None

    def of(self, pts: int | None) -> int:
        """Time of the next picture in order of presentation, ns since the first; strictly growing."""
        step = self._step(pts)
        if step is None:
            self.now_ns = 0 if self.now_ns < 0 else self.now_ns + self.step_ns
            self.zero_ns = None if pts is None else self._raw_ns(pts) - self.now_ns
        else:
            self.step_ns = min(step, NS_PER_S)
            self.now_ns += step
        return self.now_ns

    def ahead(self, pts: int | None) -> int | None:
        """Time at which a packet will be presented, ns; None where that cannot be told."""
        step = self._step(pts)
        return None if step is None else self.now_ns + step

    def _raw_ns(self, pts: int) -> int:
        """As `round(pts * time_base * NS_PER_S)`; a recorder has no time for fractions."""
        base = self.time_base
        whole, left = divmod(pts * base.numerator * NS_PER_S, base.denominator)
        return whole + (2 * left > base.denominator or (2 * left == base.denominator and whole & 1))

    def _step(self, pts: int | None) -> int | None:
        """Time since the last picture where it can be believed."""
        if pts is None or self.zero_ns is None:
            return None
        step = self._raw_ns(pts) - self.zero_ns - self.now_ns
        return step if 0 < step <= MOST_JUMP_NS else None


@dataclass(slots=True)
class Crawl:
    """Notices presentation times that hardly pass while pictures arrive: of a wrong unit, or mere numbers.

    A line that is too slow for its stream makes them late too, but not nearly so, and not look after look.

    Attributes:
        look_ns: length of one look, of arrival.
        looks: slow ones, one after another.
    """

    look_ns: int
    looks: int = 0
    _since: tuple[int, int] | None = None

    def sees(self, time_ns: int, arrival_ns: int) -> bool:
        """Whether times were seen to crawl; call once per picture, in order."""
        if self._since is None:
            self._since = time_ns, arrival_ns
        passed_ns = arrival_ns - self._since[1]
        if passed_ns >= self.look_ns:
            slow = time_ns - self._since[0] < CRAWLS * passed_ns
            self.looks = self.looks + 1 if slow else 0
            self._since = time_ns, arrival_ns
        return self.looks >= SLOW_LOOKS


@dataclass(slots=True)
class Ticks:
    """Chooses the picture nearest to each tick of a fixed grid, or the first one after it.

    Attributes:
        every_ns: time between ticks.
        last: tick that the last chosen picture belongs to.
    """

    every_ns: int
    last: int = -1

    def tick_of(self, time_ns: int, step_ns: int) -> int:
        """The tick that a time belongs to.

        A picture is early for its tick by half a step between pictures, a quarter of the grid at most: so a
        camera that sends just as many pictures as are wanted may jitter and loses none.
        """
        return (time_ns + min(step_ns // 2, self.every_ns // 4)) // self.every_ns

    def takes(self, time_ns: int, step_ns: int) -> bool:
        """Whether the picture at this time is sampled; call once per picture, in order."""
        tick = self.tick_of(time_ns, step_ns)
        if tick <= self.last:
            return False
        self.last = tick
        return True

    def may_take(self, time_ns: int | None, step_ns: int) -> bool:
        """False only where pictures `step_ns` apart leave another one earlier within the same tick."""
        if time_ns is None:
            return True
        earlier = time_ns - step_ns - step_ns // 2
        return self.tick_of(time_ns, step_ns) > self.tick_of(earlier, step_ns)


class LeastDelay:
    """The smallest delay between presentation and arrival that was seen lately, over one to two windows."""

    def __init__(self, window_ns: int) -> None:
        self._window_ns = window_ns
        self._least: list[int] | None = None
        self._turned_ns = 0

    def of(self, time_ns: int, delay_ns: int) -> int:
        """The smallest one, with this picture's; ns, of any zero that stays the same."""
        if self._least is None or time_ns - self._turned_ns > self._window_ns:
            self._least = [delay_ns if self._least is None else self._least[1], delay_ns]
            self._turned_ns = time_ns
        self._least[1] = min(self._least[1], delay_ns)
        return min(self._least)


class LiveTime:
    """Moments of live pictures: presentation time plus the smallest delay seen lately.

    A picture arrives late by the jitter of network and camera, never early; so the smallest difference
    between arrival and presentation over the last seconds is the best guess of the clocks' offset (the
    minimum filter of NTP, RFC 5905 section 10).
    """

    def __init__(self) -> None:
        self._last: Moment | None = None
        self._delay = LeastDelay(WINDOW_NS)

    def moment(self, time_ns: int, arrival: Moment) -> Moment:
        """When the picture of presentation time `time_ns` was taken: growing, and never after its arrival."""
        mono = min(arrival.mono_ns, time_ns + self._delay.of(time_ns, arrival.mono_ns - time_ns))
        if self._last is not None:
            mono = max(mono, self._last.mono_ns + 1)
        utc = max(0, arrival.utc_ns - (arrival.mono_ns - mono))
        self._last = Moment(mono, utc, arrival.trust)
        return self._last


@dataclass(frozen=True, slots=True)
class ReplayTime:
    """Moments of a replayed clip: its start plus presentation time, the same in every run."""

    start_ns: int

    def moment(self, time_ns: int) -> Moment:
        """When the picture with presentation time `time_ns` was taken."""
        return Moment(time_ns, self.start_ns + time_ns, ClockTrust.REPLAY)
