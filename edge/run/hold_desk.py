"""The keeper's desk for holds: places and releases what people of the state ordered from afar.

Law: it believes a person's signature and not the process that passed the command on; so whoever takes over
the process that speaks with the network can release nothing. The entry in the audit log comes before the
hold changes. The same command twice is one: a hold is called by its command's nonce.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from edge.governance import commanding
from edge.governance.policy import Party, StatePolicy
from edge.messages.command import CommandMessage, parse_command
from edge.messages.orders import HoldOrder, ReleaseOrder
from edge.ports import Audit, Clock, HoldBook, Outbox, Verifier
from edge.privacy.answers import answer
from edge.privacy.spec import Origin
from edge.run.commands import outcome_of
from edge.values.audit import Action, AuditEntry
from edge.values.command import Answer, Doubt, Outcome
from edge.values.errors import MessageError, StorageError
from edge.values.hold import Hold, HoldOrigin, Release
from edge.values.moment import NS_PER_S, Moment

log = logging.getLogger("keep")

HOLD_DIGITS = 12


class Orders(Protocol):
    """Commands that were passed on."""

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each, oldest first."""

    def done(self, name: str) -> None:
        """One was carried out."""


@dataclass(frozen=True, slots=True)
class HoldDesk:
    """Carries out holds and releases of one box.

    Attributes:
        origin: the box.
        policy: who may hold, who may release, how long until a review.
        recorded: cameras whose footage there is.
        holds: the book.
        forgotten: holds that only the audit log knows.
        audit: the record.
        outbox: where answers go.
        clock: tells the time.
        verifier: checks signatures.
    """

    origin: Origin
    policy: StatePolicy
    recorded: Sequence[str]
    holds: HoldBook
    forgotten: Callable[[], Sequence[str]]
    audit: Audit
    outbox: Outbox
    clock: Clock
    verifier: Verifier

    def serve(self, orders: Orders) -> None:
        """Carry out what waits; what the disk does not take is tried again."""
        try:
            for name, payload in orders.waiting():
                self._one(payload)
                orders.done(name)
        except StorageError as error:
            log.error("a hold that was ordered cannot be carried out yet: %s", error)

    def _one(self, payload: bytes) -> None:
        try:
            message = parse_command(self.origin.topic("command"), payload)
        except MessageError as error:
            log.warning("not a command: %s", error)
            return
        party = self._who(message)
        if party is None:
            log.warning("a command as %s to hold or release is not theirs", message.data.signer)
            return
        hold, doubt = self._carried_out(message, party)
        outcome, data = outcome_of(doubt), message.data
        if outcome is Outcome.REFUSED:
            self._enter(party, Action.COMMAND_REFUSED, data.nonce, f"{data.verb}: {doubt}")
        said = Answer(self.clock.now(), data.nonce, data.signer, data.verb, outcome, doubt, hold=hold)
        self.outbox.put((answer(self.origin, said),))
        log.warning("%s ordered %s: %s", party.id, data.verb, outcome)

    def _who(self, message: CommandMessage) -> Party | None:
        """Who signed it, if they may; None where nobody did who may."""
        frame = message.frame()
        party = commanding.author(frame, self.policy, self.verifier)
        allowed = party is not None and self.policy.allows(party.role, commanding.WANTS[frame.verb])
        return party if allowed else None

    def _carried_out(self, message: CommandMessage, party: Party) -> tuple[str, Doubt]:
        """The hold that it is about, "" where there is none, and why it was not done."""
        match message.data:
            case HoldOrder() as order:
                return self._hold(order, party)
            case ReleaseOrder() as order:
                return self._release(order, party)
            case _:
                return "", Doubt.NOT_HERE

    def _hold(self, order: HoldOrder, party: Party) -> tuple[str, Doubt]:
        name, now = order.nonce[:HOLD_DIGITS], self.clock.now()
        if any(each.id == name for each in self.holds.holds()):
            return name, Doubt.NONE
        if not set(order.cameras) <= set(self.recorded) or not self.recorded:
            return "", Doubt.NO_CAMERA
        if not self._may_wait_until(date.fromisoformat(order.review), now):
            return "", Doubt.REVIEW
        hold = Hold(
            id=name,
            origin=HoldOrigin.AUTHORITY,
            case=order.case,
            authority=order.authority,
            review=order.review,
            cameras=tuple(order.cameras) or tuple(self.recorded),
            began_ns=_ns(order.begin),
            ended_ns=_ns(order.end),
            placed=now,
            by=party.id,
        )
        words = f"by order of {order.authority}: {', '.join(hold.cameras)}, {order.begin} to {order.end}"
        self._enter(party, Action.HOLD_PLACED, name, words[:400], order.case)
        self.holds.place(hold)
        return name, Doubt.NONE

    def _release(self, order: ReleaseOrder, party: Party) -> tuple[str, Doubt]:
        release = Release(self.clock.now(), party.id, order.reason)
        found = [each for each in self.holds.holds() if each.id == order.hold]
        open_ = [each for each in found if each.released is None]
        if not open_ and order.hold not in self.forgotten():
            again = any(each.released and _same(each.released, release) for each in found)
            return (order.hold, Doubt.NONE) if again else ("", Doubt.NO_HOLD)
        case = open_[0].case if open_ else ""
        self._enter(party, Action.HOLD_RELEASED, order.hold, order.reason, case)
        for each in open_:
            self.holds.place(replace(each, released=release))
        return order.hold, Doubt.NONE

    def _may_wait_until(self, review: date, now: Moment) -> bool:
        today = datetime.fromtimestamp(now.utc_ns / NS_PER_S, UTC).date()
        return today < review <= today + timedelta(days=self.policy.hold_review_days)

    def _enter(self, party: Party, action: Action, subject: str, words: str, case: str = "") -> None:
        self.audit.append(AuditEntry(self.clock.now(), party.id, action, subject, case, words))


def _same(one: Release, other: Release) -> bool:
    return (one.by, one.reason) == (other.by, other.reason)


def _ns(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp()) * NS_PER_S
