"""What a sensor said, over time: believed while fresh, refused where it cannot be true.

Law: readings come in the order of their times. One whose number does not grow within its boot, or whose
rate no crowd could make, is refused and changes nothing; so is one of a sensor that floods. A sensor of which
nothing fresh is known is unknown.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from edge.fusion.facts import Reading
from edge.fusion.spec import Measured, SensorSource
from edge.fusion.timeline import Timeline, drawn
from edge.values.fused import Distrust, Truth, Witness
from edge.values.sensor import SensorKind

NS_PER_MIN = 60_000_000_000

MOST_WORDS, FLOOD_NS = 200, 10_000_000_000
"""More words than these within that time are a flood: the work of judging grows with them, and no sensor has
so much to say."""


@dataclass(frozen=True, slots=True)
class _Step:
    reading: Reading
    measures: dict[str, float]
    same_since_ns: int
    base: Reading | None = None
    """The doubted reading from which a gate's rate is taken, where it is not the one before."""


class SensorTrack:
    """The readings of one sensor that may still matter."""

    def __init__(self, spec: SensorSource) -> None:
        self._spec = spec
        self._steps: list[_Step] = []
        self._doubted: Reading | None = None

    def take(self, reading: Reading) -> Distrust | None:
        """The next reading in time; why it is not believed, None if it is."""
        last = self._steps[-1].reading if self._steps else None
        same_run = last is not None and last.boot == reading.boot
        if last is not None and same_run and reading.sequence <= last.sequence:
            return Distrust.ORDER
        same_since_ns = self._same_since(reading)
        if 0 < self._spec.stuck_ns <= reading.utc_ns - same_since_ns:
            return Distrust.STUCK
        if len(self._steps) >= MOST_WORDS and reading.utc_ns - _when(self._steps[-MOST_WORDS]) < FLOOD_NS:
            return Distrust.FLOOD
        base, measures = None, self._measures(last if same_run else None, reading)
        if measures is None:
            base, measures = self._doubted, self._counted_anew(reading)
        self._doubted = reading if measures is None and self._spec.kind is SensorKind.GATE else None
        if measures is None:
            return Distrust.RANGE
        self._steps.append(_Step(reading, measures, same_since_ns, base))
        return None

    def has(self, reading: Reading) -> bool:
        """Whether this very reading is here, at whatever time it counts."""
        return any(replace(step.reading, utc_ns=reading.utc_ns) == reading for step in self._steps)

    def readings(self) -> list[Reading]:
        """All that are remembered."""
        bases = [step.base for step in self._steps if step.base is not None]
        doubted = [] if self._doubted is None else [self._doubted]
        return [*bases, *(step.reading for step in self._steps), *doubted]

    def forget(self, before: int) -> None:
        """Let go of what lies before a moment, but for the last word until then.

        A gate's word is a difference: what it is taken from stays too, so that it can be told anew. So do the
        words by which a flood is known, and the first of those that are all the same.
        """
        if self._steps:
            before = min(before, _when(self._steps[-1]) - FLOOD_NS)
        words = 2 if self._spec.kind is SensorKind.GATE else 1
        keep = max(0, bisect_right(self._steps, before, key=_when) - words)
        first = bisect_left(self._steps, self._steps[-1].same_since_ns, key=_when) if self._steps else 0
        begun = [self._steps[first]] if self._spec.stuck_ns and first < keep else []
        self._steps = [*begun, *self._steps[keep:]]

    def fresh(self, at: int) -> bool:
        """Whether something is known of a moment."""
        return self._step(at) is not None

    def timeline(self, test: Measured, low: int, high: int) -> Timeline:
        """Whether the sensor says so, over `low..high`."""
        changes = (at for each in self._steps for at in (_when(each), _when(each) + self._spec.stale_ns))
        return drawn(lambda at: self._truth(test, at), changes, low, high)

    def witness(self, test: Measured, at: int) -> Witness:
        """The reading by which it says so at a moment at which it does."""
        step = self._step(at)
        assert step is not None
        value = step.measures.get(test.measure)
        return Witness(self._spec.source, step.reading.id, _when(step), value, step.reading.word)

    def _counted_anew(self, reading: Reading) -> dict[str, float] | None:
        """What is measured if a gate's totals were set back: one that is not believed goes with the next."""
        first = self._doubted
        if first is None or first.boot != reading.boot or reading.sequence <= first.sequence:
            return None
        return self._measures(first, reading)

    def _same_since(self, reading: Reading) -> int:
        """Since when it says what this reading says, also over a new boot."""
        if self._steps and self._steps[-1].reading.numbers == reading.numbers:
            return self._steps[-1].same_since_ns
        return reading.utc_ns

    def _step(self, at: int) -> _Step | None:
        index = bisect_right(self._steps, at, key=_when) - 1
        if index < 0 or at >= _when(self._steps[index]) + self._spec.stale_ns:
            return None
        return self._steps[index]

    def _truth(self, test: Measured, at: int) -> Truth:
        step = self._step(at)
        if step is None:
            return Truth.UNKNOWN
        if test.words:
            return Truth.TRUE if step.reading.word in test.words else Truth.FALSE
        value = step.measures.get(test.measure)
        if value is None:
            return Truth.UNKNOWN
        return Truth.TRUE if says(test, value) else Truth.FALSE

    def _measures(self, last: Reading | None, reading: Reading) -> dict[str, float] | None:
        """What is measured now; None where it cannot be."""
        ranges = self._spec.ranges
        if self._spec.kind is not SensorKind.GATE:
            found = {name: value for (name, _, _), value in zip(ranges, reading.numbers, strict=True)}
        elif last is None:
            return {}  # totals alone tell no rate
        elif reading.utc_ns == last.utc_ns:
            return None
        else:
            minutes = (reading.utc_ns - last.utc_ns) / NS_PER_MIN
            pairs = zip(ranges, reading.numbers, last.numbers, strict=True)
            found = {name: (now - then) / minutes for (name, _, _), now, then in pairs}
        within = all(low <= found[name] <= high for name, low, high in ranges)
        return found if within else None


def says(test: Measured, value: float) -> bool:
    """Whether a measured value is what the test wants."""
    return (test.above is None or value > test.above) and (test.below is None or value < test.below)


def _when(step: _Step) -> int:
    return step.reading.utc_ns
