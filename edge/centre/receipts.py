"""Receipts that are due: gathered for a moment, then told to each box over the brokers that it was heard on.

Law: what is told was committed before. A receipt that gets lost is made good by the next one: whatever a box
sends again is receipted again. Time is a number that comes in.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from edge.messages.arrival import Arrival, Committed
from edge.messages.node import StatusMessage
from edge.messages.receipt import MOST_BOOTS, MOST_RANGES, receipt_bytes, topic_of
from edge.ports import Signer
from edge.privacy.spec import Origin
from edge.values.receipt import Receipt
from edge.values.spans import Span, Spans

EVERY_S = 0.2
AFTER_MESSAGES = 500
MOST_AT_ONCE = 16
"""Receipts for one box at a time, 640 ranges; what is left, the box sends again and is told then."""


class Voice(Protocol):
    """A connection over which a box was heard and can be answered."""

    def say(self, topic: str, payload: bytes) -> None:
        """Send, if the connection is still there."""


@dataclass(slots=True)
class _Due:
    """What one box is to be told: all that is stored of these boots, or what is around these numbers."""

    voices: set[Voice] = field(default_factory=set)
    stored: dict[str, Spans] = field(default_factory=dict)
    heard: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


class Receipts:
    """Gathers what commits say, and tells it when enough time or enough messages have gone by."""

    def __init__(self, centre: str, signer: Signer | None = None) -> None:
        """Nothing to tell yet; `signer` None tells unsigned."""
        self._centre, self._signer = centre, signer
        self._due: dict[Origin, _Due] = defaultdict(_Due)
        self._messages = 0
        self._told_s = 0.0

    def note(self, heard: Sequence[tuple[Voice, Arrival]], committed: Committed) -> None:
        """Remember what was committed, and who waits to be told."""
        self._messages += len(heard)
        for voice, arrival in heard:
            if arrival.origin in committed.standings:
                due = self._due[arrival.origin]
                due.voices.add(voice)
                if not isinstance(arrival.message, StatusMessage):
                    due.heard[arrival.message.boot].add(int(arrival.message.sequence))
        for origin, standing in committed.standings.items():
            self._due[origin].stored |= {receipt.boot: receipt.numbers for receipt in standing}

    def wait_s(self, now_s: float) -> float:
        """How long until something is to be told."""
        return max(0.0, self._told_s + EVERY_S - now_s) if self._due else EVERY_S

    def tell(self, now_s: float) -> int:
        """Tell what is due, if it is time; how many receipts went out."""
        if not self._due or (self.wait_s(now_s) > 0 and self._messages < AFTER_MESSAGES):
            return 0
        told = 0
        for origin, due in self._due.items():
            for payload in self._payloads(origin, due):
                told += 1
                for voice in due.voices:
                    voice.say(topic_of(origin), payload)
        self._due.clear()
        self._messages, self._told_s = 0, now_s
        return told

    def _payloads(self, origin: Origin, due: _Due) -> Iterator[bytes]:
        spans = {
            boot: _worth_telling(numbers, due.heard.get(boot, set())) for boot, numbers in due.stored.items()
        }
        for _, receipts in zip(range(MOST_AT_ONCE), _packed(spans), strict=False):
            yield receipt_bytes(self._centre, origin, receipts, self._signer)


def _worth_telling(stored: Spans, heard: set[int]) -> list[Span]:
    """The ranges with what was heard in them, and the first; all of them for a box that was only born."""
    if not heard:
        return list(stored)
    around = {found for number in heard if (found := stored.around(number))}
    return sorted(around | {span for span in stored.ranges[:1] if span[0] == 0})


def _packed(spans: Mapping[str, Sequence[Span]]) -> Iterator[list[Receipt]]:
    """The ranges of all boots in as few receipts as they fit into."""
    packed: dict[str, list[Span]] = {}
    room = MOST_RANGES
    for boot, ranges in spans.items():
        for span in ranges:
            if room == 0 or (boot not in packed and len(packed) == MOST_BOOTS):
                yield [Receipt(each, Spans.of(found)) for each, found in packed.items()]
                packed, room = {}, MOST_RANGES
            packed.setdefault(boot, []).append(span)
            room -= 1
    if packed:
        yield [Receipt(each, Spans.of(found)) for each, found in packed.items()]
