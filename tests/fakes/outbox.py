"""The outbox and its backlog in memory, by the rules of their contract, and messages to put into them."""

import json
import math
from collections.abc import Sequence

from edge.values.delivery import Pending, Settlement
from edge.values.gap import GapCause, GapRange, GapReport
from edge.values.lanes import FREE, Passage, lane_of
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import Moment

BOOT = "boot-1"
EVENTS = "safecity/v1/r/n/event"


def event(
    name: str, revision: int = 0, *, camera: str = "c1", closes: bool = True, size: int = 0
) -> RedactedMessage:
    body = {"id": name, "revision": revision, "fill": "x" * size}
    return RedactedMessage(
        f"{EVENTS}/{camera}/zone-entry", _json(body), Urgency.ALARM, name, revision, closes=closes
    )


def notice(name: str, size: int = 0) -> RedactedMessage:
    body = _json({"id": name, "fill": "x" * size})
    return RedactedMessage(f"{EVENTS}/c1/occupancy", body, Urgency.NOTICE, name)


def state(camera: str, n: int, size: int = 0) -> RedactedMessage:
    body = _json({"camera": camera, "n": n, "fill": "x" * size})
    return RedactedMessage(f"safecity/v1/r/n/state/{camera}", body, Urgency.STATE, retain=True, expiry_s=180)


def gap_message(report: GapReport) -> RedactedMessage:
    ranges = [
        [one.boot, one.first, one.last, one.count, one.cause.value, one.from_utc_ns, one.until_utc_ns]
        for one in report.ranges
    ]
    body = _json({"unknown": report.unknown, "ranges": ranges})
    return RedactedMessage("safecity/v1/r/n/gap", body, Urgency.GAP)


def sequence_of(pending: Pending) -> int:
    return int(json.loads(pending.payload)["sequence"])


def name_of(pending: Pending) -> str:
    return str(json.loads(pending.payload).get("id"))


def reported(pendings: Sequence[Pending]) -> list[GapRange]:
    """The ranges in those of the messages that are gap messages."""
    found = [json.loads(one.payload) for one in pendings if one.topic.endswith("/gap")]
    return [
        GapRange(boot, first, last, count, GapCause(cause), *times)
        for body in found
        for boot, first, last, count, cause, *times in body["ranges"]
    ]


def _json(body: dict[str, object]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def _may_go(waiting: Sequence[Pending], passage: Passage) -> list[Pending]:
    going: list[Pending] = []
    asked: set[str] = set()
    for one in waiting:
        lane = lane_of(one.topic)
        if lane in passage.resting:
            continue
        if lane in asked and not passage.is_heard(lane):
            break
        asked.add(lane)
        going.append(one)
    return going


class MemoryOutbox:
    """Both ends of an outbox; the row limit is all that bounds it."""

    def __init__(self, limit_rows: int = 10_000) -> None:
        self._limit_rows = limit_rows
        self._next = 0
        self._rows: dict[int, tuple[RedactedMessage, Pending]] = {}
        self._revisions: dict[str, float] = {}
        self._lost: list[GapRange] = []
        self._out: set[int] = set()
        self._resting: set[str] = set()

    def put(self, messages: Sequence[RedactedMessage]) -> None:
        for message in messages:
            if message.event_id and message.revision <= self._revisions.get(message.event_id, -1):
                continue
            self._revisions[message.event_id] = math.inf if message.closes else message.revision
            self._insert(message)
        self._shed()

    def take(self, limit: int, urgent: bool = False, passage: Passage = FREE) -> Sequence[Pending]:
        if self._lost and not any(one.urgency is Urgency.GAP for one, _ in self._rows.values()):
            report, self._lost = GapReport(Moment(0, 0), tuple(self._lost)), []
            self._insert(gap_message(report))
        free = [
            pending
            for key, (_, pending) in sorted(self._rows.items())
            if key not in self._out and pending.topic not in self._resting
        ]
        going = [] if urgent else _may_go(free, passage)[:limit]
        self._out.update(pending.key for pending in going)
        return going

    def settle(self, settlement: Settlement) -> None:
        self._resting |= {self._rows[key][1].topic for key in settlement.denied if key in self._rows}
        for key in settlement.refused & self._rows.keys():
            self._lose(key, GapCause.REFUSED)
        for key in settlement.sent:
            self._rows.pop(key, None)
        for receipt in settlement.receipts:
            named = [key for key in self._rows if receipt.boot == BOOT and key in receipt.numbers]
            if not receipt.numbers or receipt.numbers.ranges[-1][1] < self._next:
                for key in named:
                    self._rows.pop(key)
                    self._out.discard(key)
        self._out -= settlement.sent | settlement.refused | settlement.denied | settlement.back

    def _insert(self, message: RedactedMessage) -> None:
        if message.urgency is Urgency.STATE:
            for key, (older, _) in list(self._rows.items()):
                same = older.topic == message.topic and older.urgency is Urgency.STATE
                if same and key not in self._out:
                    self._lose(key, GapCause.SUPERSEDED)
        key = self._next
        self._next += 1
        payload = message.stamped(BOOT, key)
        self._rows[key] = (
            message,
            Pending(key, message.topic, payload, message.retain, message.expiry_s, 0, BOOT, key),
        )

    def _shed(self) -> None:
        while len(self._rows) > self._limit_rows:
            waiting = self._rows.keys() - self._out
            self._lose(min(waiting, key=lambda key: (self._rows[key][0].urgency, key)), GapCause.SHED)

    def _lose(self, key: int, cause: GapCause) -> None:
        del self._rows[key]
        self._lost.append(GapRange(BOOT, key, key, 1, cause, 0, 0))
