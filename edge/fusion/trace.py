"""An expression over time, with the timeline of each of its parts, and the reason for what it says.

Law: whatever is told as a reason is looked up in the very timelines by which it was judged. Under a span
each part is told at the latest moment at which it spoke for the whole.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from edge.fusion.memory import Memory
from edge.fusion.spec import AtLeast, Expression, Measured, Not, Signal, Times
from edge.fusion.timeline import Timeline, at_least, drawn, greatest, once, opposite
from edge.values.fused import Finding, Truth, Witness

MOST_WITNESSES = 8
"""Facts told of one clause; how many more there are is told too."""

MOST_SILENT = 8


@dataclass(frozen=True, slots=True)
class Trace:
    """An expression, its timeline, and those of its parts, which reach back as far as it looks.

    `moments` are those at which it may be other facts that say so, although it goes on to be so.
    """

    expression: Expression
    timeline: Timeline
    parts: tuple["Trace", ...] = ()
    moments: tuple[int, ...] = ()

    def changes(self) -> Iterator[int]:
        """Every moment at which anything in it changes, or ceases to be looked back at."""
        yield from (at for at, _ in self.timeline)
        yield from self.moments
        span = self.expression.within_ns if isinstance(self.expression, AtLeast) else 0
        for part in self.parts:
            for at in part.changes():
                yield at
                if span:
                    yield at + span


def trace(expression: Expression, memory: Memory, low: int, high: int) -> Trace:
    """How an expression goes over `low..high`."""
    match expression:
        case Signal():
            return _signal(expression, memory, low, high)
        case Times():
            return _times(expression, memory, low, high)
        case Not():
            part = trace(expression.part, memory, low, high)
            return Trace(expression, opposite(part.timeline), (part,))
        case AtLeast():
            span = expression.within_ns
            parts = tuple(trace(part, memory, low - span, high) for part in expression.parts)
            seen = [once(part.timeline, span, low, high) for part in parts]
            return Trace(expression, at_least(expression.wanted, seen, low, high), parts)


def reason(whole: Trace, memory: Memory, at: int) -> tuple[Finding, ...]:
    """What became of each clause at a moment, from the top."""
    return tuple(_findings(whole, memory, at, 0))


def _signal(signal: Signal, memory: Memory, low: int, high: int) -> Trace:
    if isinstance(signal.test, Measured):
        return Trace(signal, memory.sensors[signal.source].timeline(signal.test, low, high))
    camera = memory.cameras[signal.source]
    moments = tuple(at for at in camera.changes() if low <= at <= high)
    return Trace(signal, camera.timeline(signal.test, low, high), moments=moments)


def _times(asked: Times, memory: Memory, low: int, high: int) -> Trace:
    """How often it began: unknown while too few are known and a camera did not see all the time."""
    begun = _begun(asked, memory)
    sight = [memory.cameras[source].sight(low - asked.within_ns, high) for source in asked.sources]
    doubts = [once(each, asked.within_ns, low, high) for each in sight]
    doubt = at_least(1, doubts, low, high)

    def truth(at: int) -> Truth:
        if len(_recent(begun, asked, at)) >= asked.times:
            return Truth.TRUE
        return greatest(doubt, at, at)[0]

    moved = [at for begin in begun for at in (begin, begin + asked.within_ns)]
    moved += [at for each in sight for at, _ in each]
    timeline = drawn(truth, [*moved, *(at for at, _ in doubt)], low, high)
    return Trace(asked, timeline, moments=tuple(at for at in moved if low <= at <= high))


def _begun(asked: Times, memory: Memory) -> list[int]:
    found = (memory.cameras[source].begun(asked.test) for source in asked.sources)
    return sorted(fact.utc_ns for facts in found for fact in facts)


def _recent(begun: Sequence[int], asked: Times, at: int) -> Sequence[int]:
    """Those that began within the span before a moment."""
    return begun[bisect_right(begun, at - asked.within_ns) : bisect_right(begun, at)]


def _findings(told: Trace, memory: Memory, at: int, span: int) -> Iterator[Finding]:
    """Of a part, which may have spoken within `span` before `at`."""
    expression = told.expression
    truth, when = greatest(told.timeline, at - span, at)
    match expression:
        case Times():
            yield _of_times(expression, memory, truth, when)
        case AtLeast() if all(isinstance(part.expression, Signal) for part in told.parts) and told.parts:
            yield _of_signals(told, expression, memory, truth, when)
        case _:
            yield Finding(expression.clause, truth, when)
            inner = expression.within_ns if isinstance(expression, AtLeast) else 0
            for part in told.parts:
                yield from _findings(part, memory, when, inner)


def _of_signals(told: Trace, expression: AtLeast, memory: Memory, truth: Truth, when: int) -> Finding:
    found: list[Witness] = []
    silent: list[str] = []
    for part in told.parts:
        signal = part.expression
        assert isinstance(signal, Signal)
        holds, then = greatest(part.timeline, when - expression.within_ns, when)
        if holds is Truth.TRUE:
            found += _witnesses(signal, memory, then)
        elif holds is Truth.UNKNOWN:
            silent.append(signal.source)
    return _finding(expression, truth, when, found, silent)


def _witnesses(signal: Signal, memory: Memory, at: int) -> list[Witness]:
    if isinstance(signal.test, Measured):
        return [memory.sensors[signal.source].witness(signal.test, at)]
    return list(memory.cameras[signal.source].witnesses(signal.test, at))


def _of_times(asked: Times, memory: Memory, truth: Truth, when: int) -> Finding:
    found = [
        memory.cameras[source].witness(fact)
        for source in asked.sources
        for fact in memory.cameras[source].begun(asked.test)
        if when - asked.within_ns < fact.utc_ns <= when
    ]
    silent = [source for source in asked.sources if not memory.cameras[source].fresh(when)]
    return _finding(asked, truth, when, found, silent)


def _finding(
    asked: AtLeast | Times, truth: Truth, when: int, found: list[Witness], silent: list[str]
) -> Finding:
    latest = sorted(found, key=lambda each: (-each.utc_ns, each.source, each.id))
    told = tuple(islice(latest, MOST_WITNESSES))
    return Finding(
        asked.clause, truth, when, told, len(latest) - len(told), tuple(sorted(silent)[:MOST_SILENT])
    )


def key_of(findings: Sequence[Finding]) -> tuple[object, ...]:
    """What must differ for a reason to be another: truths and who speaks, not each single reading."""
    return tuple(
        (
            each.clause,
            each.truth,
            tuple(sorted({_who(witness) for witness in each.witnesses})),
            each.silent,
        )
        for each in findings
    )


def _who(witness: Witness) -> str:
    """A sensor by its name, an event by its id without its revision."""
    if witness.source.startswith("sensor/"):
        return witness.source
    return witness.id.rpartition(".")[0]
