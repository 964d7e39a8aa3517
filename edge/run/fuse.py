"""The loop of a fusion: hear, judge, commit, confirm; in that order and no other.

Law: time comes from the broker, as this process's own words that came back: what was said before them has
come, so nothing is judged on half the news, neither after an outage nor after a crash. What is judged twice
because of one is told once: events have the same ids and revisions again, and the outbox knows them. Where
the clock of this machine went back behind what was judged, fusion begins anew instead of waiting for it.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from edge.fusion.facts import Fact
from edge.fusion.fusion import Fusion, Saved
from edge.fusion.memory import Heard
from edge.ports import Clock, Outbox
from edge.privacy.fusion_reports import fused
from edge.privacy.spec import Origin
from edge.run.fuse_facts import Sensors, fact_of
from edge.run.seldom import Seldom
from edge.values import json_text
from edge.values.errors import MessageError, RedactionError
from edge.values.fused import Distrust, FusedEvent, FusionState
from edge.values.message import RedactedMessage
from edge.values.moment import NS_PER_S

log = logging.getLogger("fuse")

MOST_IN_A_BATCH = 500
FEW = 100
LISTEN_S = 0.05
ECHO_S = 0.5
STAND_S = 0.5
COMMIT_S = 5.0
"""Longest time between two commits while nothing comes but echoes, which change nothing that is told."""

COMPACT_S = 60.0
AHEAD_NS = NS_PER_S
"""An echo from further in the future than this is none of ours."""
STEP_NS = 5 * NS_PER_S
"""What was judged lies further in the future than this: the clock was wrong then."""


class Arrived(Protocol):
    """A message from the broker."""

    @property
    def topic(self) -> str:
        """Its topic."""

    @property
    def payload(self) -> bytes:
        """Its bytes."""

    @property
    def retained(self) -> bool:
        """Whether the broker had kept it for whoever subscribes."""

    def confirm(self) -> None:
        """Tell the broker that it was taken."""


class Inbox(Protocol):
    """Where messages wait, and the way to be heard by oneself."""

    denied: bool
    """Whether the broker refuses what one says to oneself."""

    def next(self, wait_s: float) -> Arrived | None:
        """The next message, or None if none comes within that time."""

    def say(self, topic: str, payload: bytes) -> bool:
        """Send a word to oneself; False while there is no connection."""


class Journal(Protocol):
    """The memory on disk."""

    def commit(self, saved: Saved, fresh: Sequence[Fact], told: Sequence[RedactedMessage]) -> None:
        """Add facts and messages, and take down where the rules stand."""

    def compact(self, saved: Saved, facts: Sequence[Fact]) -> None:
        """Keep these facts alone."""


class Herald(Protocol):
    """Tells others what a fusion found, and how it stands."""

    def told(self, messages: Sequence[RedactedMessage]) -> None:
        """These were committed."""

    def stands(self, lane: str, state: FusionState) -> None:
        """So well a lane can judge now."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Who a fusion is, and what it may believe.

    Attributes:
        origin: who it is.
        lateness_ns: how long it waits for facts.
        sensors: who may speak for which.
        lane: the name at the broker by which it hears itself.
        rest_s: pause after a few messages, so that more of them share a commit.
        dropped: how much of each sensor was passed over since it was last asked.
    """

    origin: Origin
    lateness_ns: int
    sensors: Sensors
    lane: str
    rest_s: float = 0.0
    dropped: Callable[[], Mapping[str, int]] = dict

    @property
    def echo(self) -> str:
        """The topic on which it hears itself."""
        return Origin(self.origin.region, self.lane).topic("echo")

    @property
    def deaf(self) -> str:
        """What to do where the broker does not let it."""
        role = "fusion" if self.lane == self.origin.node else "ears"
        return (
            f"nothing is judged of what {self.lane} hears: the broker does not let it write {self.echo}; "
            f"give {self.lane} the role {role} in the fleet file, then pki acl, and pki probe --reload"
        )


class Fuse:
    """Judges what it hears until it is told to stop."""

    def __init__(
        self,
        setting: Setting,
        fusion: Fusion,
        inbox: Inbox,
        outbox: Outbox,
        journal: Journal,
        herald: Herald,
        clock: Clock,
    ) -> None:
        self._setting = setting
        self._fusion = fusion
        self._inbox = inbox
        self._outbox = outbox
        self._journal = journal
        self._herald = herald
        self._clock = clock
        self._seldom = Seldom()
        self._next_echo_s = self._last_due_s = self._next_stand_s = self._next_commit_s = 0.0
        self._next_compact_s = self._now_s() + COMPACT_S

    def serve(self, stop: threading.Event) -> None:
        """Work until `stop` is set; what was taken then is still committed and confirmed.

        Raises:
            StorageError: the memory or the outbox cannot be written.
        """
        while not stop.is_set():
            if batch := self._next_batch():
                self._take(batch)
                if len(batch) < FEW:
                    stop.wait(self._setting.rest_s)
            self._speak()

    def _next_batch(self) -> list[Arrived]:
        batch: list[Arrived] = []
        wait_s = max(0.0, min(LISTEN_S, self._next_echo_s - self._now_s()))
        while len(batch) < MOST_IN_A_BATCH and (came := self._inbox.next(wait_s)) is not None:
            batch.append(came)
            wait_s = 0.0
        return batch

    def _take(self, batch: Sequence[Arrived]) -> None:
        fresh: list[Fact] = []
        events: list[FusedEvent] = []
        if steps_back := self._clock_went_back():
            events += self._begin_anew()
        for came in batch:
            if came.topic == self._setting.echo:
                events += self._judge(came.payload)
            elif (fact := self._understood(came)) is not None and self._is_news(fact):
                fresh.append(fact)
        messages = self._redacted(events)
        self._outbox.put(messages)
        if steps_back:
            self._journal.compact(self._fusion.saved(), self._fusion.facts())
        if fresh or messages or self._now_s() >= self._next_commit_s:
            self._next_commit_s = self._now_s() + COMMIT_S
            self._journal.commit(self._fusion.saved(), fresh, messages)
        for came in batch:
            came.confirm()
        self._herald.told(messages)

    def _is_news(self, fact: Fact) -> bool:
        """Whether it will be judged; then the next echo is said as soon as it is old enough."""
        now = self._clock.now()
        if self._fusion.hear(fact, now.utc_ns) is not Heard.FRESH:
            return False
        due_ns = max(0, fact.utc_ns - now.utc_ns) + self._setting.lateness_ns
        due_s = (now.mono_ns + due_ns) / NS_PER_S
        self._next_echo_s, self._last_due_s = min(self._next_echo_s, due_s), max(self._last_due_s, due_s)
        return True

    def _understood(self, came: Arrived) -> Fact | None:
        try:
            fact = fact_of(came.topic, came.payload, self._setting.sensors)
            if fact is None or came.retained:
                return fact
            return self._fusion.placed(fact, self._clock.now().utc_ns)
        except MessageError as error:
            source = self._source_of(came.topic)
            self._warn(source, f"not believed: {error}")
            self._fusion.refuse(source)
            return None

    def _source_of(self, topic: str) -> str:
        """The sensor whose word a message would be; "" where it is none of ours."""
        _, reading, sensor = topic.partition("/reading/")
        return f"sensor/{sensor}" if reading and sensor in self._setting.sensors else ""

    def _warn(self, key: str, words: str) -> None:
        if (said := self._seldom.words(key, words, self._now_s())) is not None:
            log.warning("%s", said)

    def _clock_went_back(self) -> bool:
        return self._fusion.judged_ns > self._clock.now().utc_ns + STEP_NS

    def _begin_anew(self) -> Sequence[FusedEvent]:
        """Forget what was judged while the clock was ahead."""
        now_ns, judged_ns = self._clock.now().utc_ns, self._fusion.judged_ns
        gone_s = (judged_ns - now_ns) / NS_PER_S
        log.warning("the clock of this machine went back by %.0f s or more: fusion begins anew", gone_s)
        return self._fusion.rewind(max(0, now_ns - self._setting.lateness_ns))

    def _judge(self, payload: bytes) -> Sequence[FusedEvent]:
        """Everything up to what an echo of our own says was heard, less the lateness."""
        said_ns = _echoed(payload)
        if said_ns is None or said_ns > self._clock.now().utc_ns + AHEAD_NS:
            self._warn(self._setting.echo, f"not our echo: {self._setting.echo}")
            return ()
        return self._fusion.judge(max(0, said_ns - self._setting.lateness_ns))

    def _redacted(self, events: Sequence[FusedEvent]) -> list[RedactedMessage]:
        messages = []
        for event in events:
            try:
                messages.append(fused(self._setting.origin, event))
            except RedactionError as error:
                log.error("an event of rule %s may not leave: %s", event.rule, error)
        return messages

    def _speak(self) -> None:
        """Say the time to ourselves, and to the others how well we can judge."""
        now_s = self._now_s()
        if now_s >= self._next_echo_s:
            self._next_echo_s = now_s + ECHO_S
            if self._last_due_s > now_s:  # this one comes too early for what was heard last
                self._next_echo_s = min(self._next_echo_s, self._last_due_s)
            said = json.dumps({"utc_ns": self._clock.now().utc_ns}).encode()
            self._inbox.say(self._setting.echo, said)
            if self._inbox.denied:
                self._warn(self._setting.lane, self._setting.deaf)
        if now_s >= self._next_stand_s:
            self._next_stand_s = now_s + STAND_S
            for sensor, times in self._setting.dropped().items():
                self._fusion.refuse(f"sensor/{sensor}", Distrust.FLOOD, times)
            self._herald.stands(self._setting.lane, self._fusion.state(self._clock.now().utc_ns))
        if now_s >= self._next_compact_s:
            self._next_compact_s = now_s + COMPACT_S
            self._journal.compact(self._fusion.saved(), self._fusion.facts())

    def _now_s(self) -> float:
        return self._clock.now().mono_ns / NS_PER_S


def _echoed(payload: bytes) -> int | None:
    """The time in an echo; None if it is none."""
    with suppress(ValueError):
        said = json_text.read(payload)
        found = said.get("utc_ns") if isinstance(said, dict) else None
        if type(found) is int and found >= 0:
            return found
    return None
