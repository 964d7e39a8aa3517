"""Tells how a fusion stands: to all as a retained state, to the operator as lines about what changed.

Law: one state of all lanes, said when it differs and once a minute; lanes speak from threads of their own. A
source is called silent here only after it was heard: who was never heard is told once, together.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from edge.fusion.standing import together
from edge.messages.words import counted, lasting
from edge.ports import Clock, Outbox
from edge.privacy.fusion_reports import fusion_state
from edge.privacy.spec import Origin
from edge.values.fused import Distrust, FusionState, FusionTally
from edge.values.message import RedactedMessage
from edge.values.moment import NS_PER_S

STATE_S = 60.0
NEWS_S = 2.0
"""Least time between two states that differ."""
UNHEARD_S = 60.0
"""After so long it is told who was never heard."""
MOST_NAMES = 6

WHY: Mapping[Distrust, str] = {
    Distrust.AHEAD: "it speaks of the future: its clock is ahead",
    Distrust.LATE: "it speaks of what was judged already: its clock is behind, or its way long",
    Distrust.ORDER: "its numbers do not grow: two speak for it, or it began anew without a new boot",
    Distrust.RANGE: "that cannot be measured, or its count ran backwards or too fast",
    Distrust.STUCK: "the very same number for too long",
    Distrust.FLOOD: "it floods",
    Distrust.FORM: "that is of no known form, or of another gateway",
}


class Teller(Protocol):
    """Tells the operator."""

    def line(self, word: str, what: str) -> None:
        """`silent`, `heard`, `distrust`, `trusted`, `unheard` or `over`, and what."""

    def event(self, message: bytes) -> None:
        """A message of an event."""


class Chronicle:
    """What an operator is told of sources: turns two states into lines, one for all with the same news."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._sources = frozenset(sources)
        self._heard: frozenset[str] = frozenset()
        self._silent: frozenset[str] = frozenset()
        self._distrusted: Mapping[str, Distrust] = {}

    def lines(self, state: FusionState) -> Iterator[tuple[str, str]]:
        """What changed since the last state."""
        silent, distrusted = frozenset(state.silent), dict(state.distrusted)
        if gone := (silent - self._silent) & self._heard:
            yield "silent", f"nothing is known any more of {_names(gone)}"
        if back := (self._silent & self._heard) - silent:
            yield "heard", f"{_names(back)} again"
        for why, words in WHY.items():
            if fresh := [
                each for each in distrusted if distrusted[each] is why is not self._distrusted.get(each)
            ]:
                yield "distrust", f"{_names(fresh)}: {words} ({why.value})"
        if trusted := self._distrusted.keys() - distrusted.keys():
            yield "trusted", f"nothing wrong for a minute with {_names(trusted)}"
        self._heard |= self._sources - silent
        self._silent, self._distrusted = silent, distrusted

    def unheard(self) -> str:
        """Those of which nothing was ever known; "" if there are none."""
        return _names(self._sources - self._heard)


class FusionHerald:
    """One for all lanes of a fusion."""

    def __init__(
        self, origin: Origin, sources: Sequence[str], outbox: Outbox, clock: Clock, teller: Teller
    ) -> None:
        """A herald that knows no lane yet."""
        self._origin, self._sources, self._outbox = origin, len(sources), outbox
        self._clock, self._teller = clock, teller
        self._turn = threading.Lock()
        self._expected: set[str] = set()
        self._lanes: dict[str, FusionState] = {}
        self._chronicle = Chronicle(sources)
        self._began_s = self._now_s()
        self._unheard_told = False
        self._news: tuple[object, ...] = ()
        self._told_s = self._next_state_s = self._began_s - NEWS_S
        self._events = 0

    def expects(self, lane: str) -> None:
        """Nothing is told before this lane stood here too."""
        self._expected.add(lane)

    def told(self, messages: Sequence[RedactedMessage]) -> None:
        """These were committed."""
        with self._turn:
            self._events += sum(each.revision == 0 for each in messages)
        for message in messages:
            self._teller.event(message.stamped("0", 0))

    def stands(self, lane: str, state: FusionState) -> None:
        """So well a lane can judge now."""
        with self._turn:
            self._lanes[lane] = state
            whole = together(list(self._lanes.values()), self._sources)
            if whole.utc_ns < 0 or self._expected - self._lanes.keys():
                return
            now_s = self._now_s()
            if now_s < self._told_s + NEWS_S:
                return
            self._tell(whole, now_s)

    def over(self) -> None:
        """The last line: what came of it all."""
        with self._turn:
            tally = together(list(self._lanes.values()), 0).tally if self._lanes else FusionTally()
            unheard = self._chronicle.unheard()
            up_s = self._now_s() - self._began_s
        events = counted(self._events, ["event"])
        self._teller.line("over", f"after {lasting(up_s)}, {events}; {_counts(tally)}")
        if unheard:
            self._teller.line("unheard", f"never heard: {unheard}")

    def _tell(self, state: FusionState, now_s: float) -> None:
        for word, words in self._chronicle.lines(state):
            self._teller.line(word, words)
        if not self._unheard_told and now_s >= self._began_s + UNHEARD_S:
            self._unheard_told = True
            if unheard := self._chronicle.unheard():
                self._teller.line("unheard", f"never heard so far: {unheard}")
        news = state.silent, state.blind, state.open, state.distrusted, state.tally.stepped
        if news != self._news or now_s >= self._next_state_s:
            self._news, self._told_s, self._next_state_s = news, now_s, now_s + STATE_S
            self._outbox.put([fusion_state(self._origin, state)])

    def _now_s(self) -> float:
        return self._clock.now().mono_ns / NS_PER_S


def _counts(tally: FusionTally) -> str:
    return (
        f"of all starts: {tally.facts:,} words taken in, {tally.again:,} known already, {tally.late:,} late, "
        f"{tally.ahead:,} ahead, {tally.refused:,} refused or passed over"
    )


def _names(names: Iterable[str]) -> str:
    found = sorted(names)
    more = len(found) - MOST_NAMES
    return ", ".join(found[:MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")
