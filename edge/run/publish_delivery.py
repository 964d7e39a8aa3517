"""What is on its way to the broker, and what each verdict means for the outbox.

Law: every key that went out is, at any time, in flight or held, and leaves in exactly one settlement. A
verdict SENT does not free a row at once: a broker that is killed takes with it what it acknowledged and
had not passed on. The row is held until the broker was heard of `grace_s` after its verdict; if the
connection breaks before that, the same bytes are sent again. What broke a connection is found by sending
one at a time what was in flight when two in a row broke. Who listens is found out in `publish_listening`.
No clock, socket or disk here.
"""

from collections import deque
from collections.abc import Sequence

from edge.run.publish_listening import Listening
from edge.run.publish_pace import Pace, Tally
from edge.values.delivery import Judgement, Pending, Reply, Settlement
from edge.values.lanes import Passage

MOST_PAUSE_S = 60.0


class Delivery:
    """The messages of one outbox that are out, over all connections of one publisher.

    All times are seconds on one monotonic clock.
    """

    def __init__(self, pace: Pace) -> None:
        self.tally = Tally()
        self._pace = pace
        self._in_flight: dict[int, tuple[Pending, float]] = {}
        self._held: deque[tuple[int, float]] = deque()
        self._failures: dict[int, int] = {}
        self._streak = 0
        self._listening = Listening(pace)
        self._resume_s = 0.0
        self._furthest: dict[str, int] = {}
        self._in_the_last_break: set[int] = set()
        self._suspects: set[int] = set()
        self._careful_until_s = 0.0

    @property
    def idle(self) -> bool:
        """Whether no message waits for its verdict."""
        return not self._in_flight

    @property
    def in_flight(self) -> int:
        """Messages that wait for their verdict."""
        return len(self._in_flight)

    @property
    def unreceipted(self) -> int:
        """Messages that wait for a receipt: none where the broker's word is enough."""
        return 0

    @property
    def urgent_only(self) -> bool:
        """Whether only live alarms may go out now."""
        return False

    def waits(self, now_s: float) -> bool:
        """Whether messages wait for a subscriber of theirs to come back."""
        return self._listening.waits(now_s)

    def passage(self, now_s: float) -> Passage:
        """Whose messages may go out now."""
        return self._listening.passage(now_s)

    def connected(self, now_s: float) -> None:
        """A connection begins."""
        self._listening.connected(now_s)
        self._careful_until_s = now_s + self._pace.unheard_s + self._pace.answer_s

    def room(self, now_s: float) -> int:
        """How many messages may go out now, of those that `passage` lets go.

        None while it is found out whether somebody listens: with more, a subscriber that comes back in the
        middle of a window would get the front of it after its end. None while more than half a window is
        out: the outbox is asked for ten messages as cheaply as for one.
        """
        if now_s < self._resume_s or self._listening.asks(now_s):
            return 0
        window = 1 if self._suspects and now_s < self._careful_until_s else self._pace.window
        free = window - len(self._in_flight)
        return free if 2 * free >= window else 0

    def went_out(self, messages: Sequence[Pending], now_s: float) -> None:
        """Messages were handed to the broker."""
        for message in messages:
            self._in_flight[message.key] = (message, now_s)
            self._listening.went_out(message)
            self.tally.resent += self._went_before(message)
            self._furthest[message.topic] = max(self._furthest.get(message.topic, -1), message.key)

    def judge(self, reply: Reply, now_s: float) -> Settlement:
        """What the broker's reply means for the outbox."""
        meant: dict[Judgement, set[int]] = {judgement: set() for judgement in Judgement}
        for verdict in reply.verdicts:
            if verdict.key in self._in_flight:
                message, _ = self._in_flight.pop(verdict.key)
                self._acquit(message)
                meant[self._meaning(verdict.judgement, message, now_s)].add(verdict.key)
        self._held.extend((key, now_s) for key in sorted(meant[Judgement.SENT]))
        return self._settlement(
            sent=self._outlived(now_s - reply.quiet_s),
            refused=meant[Judgement.POISON],
            denied=meant[Judgement.DENIED],
            back=meant[Judgement.UNHEARD] | meant[Judgement.BUSY] | meant[Judgement.REFUSED],
        )

    def overdue(self, now_s: float) -> bool:
        """Whether the broker has left a message unanswered for too long."""
        oldest_s = min((sent_s for _, sent_s in self._in_flight.values()), default=now_s)
        return now_s - oldest_s > self._pace.answer_s

    def lost(self) -> Settlement:
        """The connection broke: what was not judged, and what was but may be lost, goes again.

        A message that is the only one in flight whenever connections break is what breaks them.
        """
        suspects = [message for message, _ in self._in_flight.values()]
        self._suspects = self._in_the_last_break & self._in_flight.keys()
        self._in_the_last_break = set(self._in_flight)
        everything = set(self._in_flight) | {key for key, _ in self._held}
        self._in_flight.clear()
        self._held.clear()
        if len(suspects) != 1 or not self._is_hopeless(suspects[0].key):
            return self._settlement(back=everything)
        guilty = {suspects[0].key}
        if len(suspects[0].payload) < self._pace.suspect_bytes:
            return self._settlement(denied=guilty, back=everything - guilty)
        return self._settlement(refused=guilty, back=everything - guilty)

    def left(self) -> Settlement:
        """The connection was ended in order, after the broker answered a last message."""
        sent = {key for key, _ in self._held}
        back = set(self._in_flight)
        self._in_flight.clear()
        self._held.clear()
        return self._settlement(sent=sent, back=back)

    def _went_before(self, message: Pending) -> bool:
        """Whether this message is handed to a broker again: those of a topic go in order."""
        return message.key <= self._furthest.get(message.topic, -1)

    def _acquit(self, message: Pending) -> None:
        """The broker judged a message, so it is none that breaks connections."""
        self._listening.judged(message)
        self._in_the_last_break.discard(message.key)
        self._suspects.discard(message.key)

    def _take_held(self) -> list[int]:
        """What the broker took and nothing was decided of, which is then no longer held here."""
        keys = [key for key, _ in self._held]
        self._held.clear()
        return keys

    def _meaning(self, judgement: Judgement, message: Pending, now_s: float) -> Judgement:
        """The judgement that counts after what happened before."""
        match judgement:
            case Judgement.SENT:
                self._listening.heard(message)
                self._sent(message.key)
            case Judgement.UNHEARD if self._listening.may_wait(message, now_s):
                self._failures.pop(message.key, None)
            case Judgement.UNHEARD:
                self.tally.unheard += 1
                self._sent(message.key)
                return Judgement.SENT
            case Judgement.BUSY:
                self.tally.busy += 1
                self._pause(now_s)
            case Judgement.REFUSED:
                self.tally.busy += 1
                self._pause(now_s)
                return Judgement.POISON if self._is_hopeless(message.key) else Judgement.REFUSED
            case _:
                pass
        return judgement

    def _sent(self, key: int) -> None:
        self.tally.sent += 1
        self._streak = 0
        self._failures.pop(key, None)

    def _pause(self, now_s: float) -> None:
        self._resume_s = now_s + min(MOST_PAUSE_S, self._pace.retry_s * 2.0 ** min(self._streak, 16))
        self._streak += 1

    def _is_hopeless(self, key: int) -> bool:
        self._failures[key] = self._failures.get(key, 0) + 1
        return self._failures[key] >= self._pace.tries

    def _outlived(self, heard_s: float) -> set[int]:
        """Held messages that the broker has outlived, once the oldest has waited long enough to batch."""
        if not self._held or heard_s < self._held[0][1] + self._pace.grace_s + self._pace.settle_s:
            return set()
        gone: set[int] = set()
        while self._held and heard_s >= self._held[0][1] + self._pace.grace_s:
            gone.add(self._held.popleft()[0])
        return gone

    def _settlement(
        self,
        sent: set[int] | None = None,
        refused: set[int] | None = None,
        denied: set[int] | None = None,
        back: set[int] | None = None,
    ) -> Settlement:
        self.tally.denied += len(denied or ())
        self.tally.given_up += len(refused or ())
        for key in (*(refused or ()), *(denied or ())):
            self._failures.pop(key, None)
        return Settlement(
            frozenset(sent or ()), frozenset(refused or ()), frozenset(denied or ()), frozenset(back or ())
        )
