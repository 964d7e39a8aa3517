"""Delivery by receipts: a row goes when the monitoring centre says that it has it in its database.

Law: a message that the broker took waits for its receipt, and goes again if none comes. How many may wait
is a window that grows with each receipt and halves when receipts fail to come, so that neither a slow
centre nor one that is away brings a storm; how long they wait doubles while no receipt comes at all. A full
window stops the backlog, never live alarms. No clock, socket or disk here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.run.publish_delivery import Delivery
from edge.run.publish_pace import Pace
from edge.values.delivery import Pending, Reply, Settlement
from edge.values.receipt import Receipt

LOOK_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, and for how many, to wait for receipts.

    Attributes:
        least: messages that may always wait for their receipts.
        most: messages that may at best; more than brokers queue for a centre by default gets lost there.
        alarms: messages that may wait when live alarms are counted in.
        receipt_s: a receipt comes within this, or the message goes again.
        most_s: the same, when no receipt has come for long.
        rejoin_s: how long after a new connection a centre may take to say what it has.
    """

    least: int = 20
    most: int = 1000
    alarms: int = 20_000
    receipt_s: float = 5.0
    most_s: float = 60.0
    rejoin_s: float = 2.0


@dataclass(slots=True)
class _Wait:
    boot: str
    sequence: int
    due_s: float


class ReceiptDelivery(Delivery):
    """The messages of one outbox that are out, until their receipts; all times are seconds of one clock."""

    def __init__(self, pace: Pace, patience: Patience | None = None) -> None:
        super().__init__(pace)
        self._patience = patience or Patience()
        self._names: dict[int, tuple[str, int]] = {}
        self._waiting: dict[int, _Wait] = {}
        self._received: set[int] = set()
        self._came_back: set[int] = set()
        self._may_wait_at_once = self._patience.least
        self._misses = 0
        self._next_look_s = 0.0

    @property
    def unreceipted(self) -> int:
        """Messages that the broker took and that wait for their receipt."""
        return len(self._waiting)

    @property
    def urgent_only(self) -> bool:
        """Whether so many wait for their receipts that only live alarms may still go out."""
        return len(self._waiting) + self.in_flight >= self._may_wait_at_once

    def connected(self, now_s: float) -> None:
        """A connection begins; the centre will say what it has of what went before."""
        super().connected(now_s)
        self._may_wait_at_once = self._patience.least
        self._hurry(now_s + self._patience.rejoin_s)

    def room(self, now_s: float) -> int:
        """How many messages may go out now; `urgent_only` says of which sort."""
        left = self._patience.alarms if self.urgent_only else self._may_wait_at_once
        return max(0, min(super().room(now_s), left - len(self._waiting)))

    def went_out(self, messages: Sequence[Pending], now_s: float) -> None:
        """Messages were handed to the broker."""
        super().went_out(messages, now_s)
        self._names |= {message.key: (message.boot, message.sequence) for message in messages}

    def judge(self, reply: Reply, now_s: float) -> Settlement:
        """What the broker's reply, and the receipts in it, mean for the outbox."""
        settlement = super().judge(reply, now_s)
        self._let_go(settlement)
        self._wait_for(self._take_held(), now_s)
        self.tally.unbelieved += reply.unbelieved
        if reply.receipts:
            self._receive(reply.receipts, now_s)
            settlement |= Settlement(receipts=reply.receipts)
        overdue = self._overdue(now_s)
        self._came_back |= overdue
        return settlement | Settlement(back=overdue)

    def lost(self) -> Settlement:
        """The connection broke: what was not judged goes again; what was may yet be receipted."""
        settlement = super().lost()
        self._let_go(settlement)
        return settlement

    def left(self) -> Settlement:
        """The connection was ended in order; what was judged may yet be receipted."""
        settlement = super().left()
        self._let_go(settlement)
        return settlement

    def _wait_for(self, keys: Sequence[int], now_s: float) -> None:
        for key in keys:
            boot, sequence = self._names.pop(key)
            if key in self._received:
                self._received.discard(key)
            else:
                self._waiting[key] = _Wait(boot, sequence, now_s + self._patience_s())

    def _receive(self, receipts: Sequence[Receipt], now_s: float) -> None:
        numbers = {receipt.boot: receipt.numbers for receipt in receipts}
        arrived = [
            key
            for key, wait in self._waiting.items()
            if wait.boot in numbers and wait.sequence in numbers[wait.boot]
        ]
        for key in arrived:
            del self._waiting[key]
        for key, (boot, sequence) in self._names.items():  # sent again while the receipt was on its way
            if boot in numbers and sequence in numbers[boot]:
                self._received.add(key)
        self.tally.received += len(arrived)
        self._may_wait_at_once = min(self._patience.most, self._may_wait_at_once + len(arrived))
        if self._misses:
            self._misses = 0
            self._hurry(now_s + self._patience.rejoin_s)

    def _overdue(self, now_s: float) -> frozenset[int]:
        """What waited too long; all of it goes again, through a window of half the size."""
        if now_s < self._next_look_s:
            return frozenset()
        self._next_look_s = now_s + LOOK_EVERY_S
        overdue = frozenset(key for key, wait in self._waiting.items() if wait.due_s <= now_s)
        if overdue:
            for key in overdue:
                del self._waiting[key]
            self._misses += 1
            self._may_wait_at_once = max(self._patience.least, self._may_wait_at_once // 2)
        return overdue

    def _patience_s(self) -> float:
        return min(self._patience.most_s, self._patience.receipt_s * 2.0 ** min(self._misses, 16))

    def _hurry(self, due_s: float) -> None:
        for wait in self._waiting.values():
            wait.due_s = min(wait.due_s, due_s)

    def _let_go(self, settlement: Settlement) -> None:
        """What was in flight is not any more; what came back will go again."""
        for key in settlement.keys:
            self._names.pop(key, None)
            self._received.discard(key)
        self._came_back |= settlement.back

    def _went_before(self, message: Pending) -> bool:
        """Whether this message came back; alarms that overtake make the order of keys no sign of it."""
        again = message.key in self._came_back
        self._came_back.discard(message.key)
        return again
