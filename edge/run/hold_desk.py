"""The keeper's desk: holds, releases and exports that people of the state ordered from afar.

Law: it believes a person's signature and not the process that passed the command on; so whoever takes over
the process that speaks with the network can release nothing. The entry in the audit log comes before the
hold changes, and before a share of a key is read. The same command twice is one: a hold, and what an export
leaves, are called by their command's nonce. An export wants what it wants without a command: two people of
different roles signed the request; who orders it counts for neither.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from edge.governance import commanding
from edge.governance.policy import Party, StatePolicy
from edge.messages.command import CommandMessage, parse_command
from edge.messages.orders import ExportOrder, HoldOrder, ReleaseOrder
from edge.ports import Audit, Clock, HoldBook, Outbox, Verifier
from edge.privacy.answers import answer
from edge.privacy.spec import Origin
from edge.run.commands import outcome_of
from edge.values.audit import Action, AuditEntry
from edge.values.command import Answer, Doubt, Outcome, Package
from edge.values.errors import FootageError, MessageError, RefusedError, StorageError
from edge.values.hold import Hold, HoldOrigin, Release
from edge.values.moment import NS_PER_S, Moment
from edge.values.refusal import Refusal

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
    """Carries out holds, releases and exports of one box.

    Attributes:
        origin: the box.
        policy: who may hold, who may release, how long until a review.
        recorded: cameras whose footage there is.
        holds: the book.
        forgotten: holds that only the audit log knows.
        export: gives out the shares that a request is good for, to this party.
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
    export: Callable[[ExportOrder, Party], Package]
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
            log.error("what was ordered cannot be carried out yet: %s", error)

    def _one(self, payload: bytes) -> None:
        try:
            message = parse_command(self.origin.topic("command"), payload)
        except MessageError as error:
            log.warning("not a command: %s", error)
            return
        party = self._who(message)
        if party is None:
            log.warning("a command as %s about footage is not theirs", message.data.signer)
            return
        deed, data = self._carried_out(message, party), message.data
        outcome = outcome_of(deed.doubt)
        if outcome is Outcome.REFUSED:
            words = " ".join(filter(None, (f"{data.verb}: {deed.doubt}", deed.refusal)))
            self._enter(party, Action.COMMAND_REFUSED, data.nonce, words)
        said = Answer(
            self.clock.now(),
            data.nonce,
            data.signer,
            data.verb,
            outcome,
            deed.doubt,
            hold=deed.hold,
            refusal=deed.refusal,
            package=deed.package,
        )
        self.outbox.put((answer(self.origin, said),))
        log.warning("%s ordered %s: %s", party.id, data.verb, outcome)

    def _who(self, message: CommandMessage) -> Party | None:
        """Who signed it, if they may; None where nobody did who may."""
        frame = message.frame()
        party = commanding.author(frame, self.policy, self.verifier)
        allowed = party is not None and self.policy.allows(party.role, commanding.WANTS[frame.verb])
        return party if allowed else None

    def _carried_out(self, message: CommandMessage, party: Party) -> "_Deed":
        match message.data:
            case HoldOrder() as order:
                return self._hold(order, party)
            case ReleaseOrder() as order:
                return self._release(order, party)
            case ExportOrder() as order:
                return self._export(order, party)
            case _:
                return _Deed(Doubt.NOT_HERE)

    def _export(self, order: ExportOrder, party: Party) -> "_Deed":
        try:
            return _Deed(package=self.export(order, party))
        except RefusedError as refused:
            log.warning("an export that was ordered: %s", refused)
            return _Deed(Doubt.EXPORT, refusal=refused.reason)
        except FootageError as damaged:
            log.error("an export that was ordered: %s", damaged)
            return _Deed(Doubt.DISK)

    def _hold(self, order: HoldOrder, party: Party) -> "_Deed":
        name, now = order.nonce[:HOLD_DIGITS], self.clock.now()
        if any(each.id == name for each in self.holds.holds()):
            return _Deed(hold=name)
        if not set(order.cameras) <= set(self.recorded) or not self.recorded:
            return _Deed(Doubt.NO_CAMERA)
        if not self._may_wait_until(date.fromisoformat(order.review), now):
            return _Deed(Doubt.REVIEW)
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
        return _Deed(hold=name)

    def _release(self, order: ReleaseOrder, party: Party) -> "_Deed":
        release = Release(self.clock.now(), party.id, order.reason)
        found = [each for each in self.holds.holds() if each.id == order.hold]
        open_ = [each for each in found if each.released is None]
        if not open_ and order.hold not in self.forgotten():
            again = any(each.released and _same(each.released, release) for each in found)
            return _Deed(hold=order.hold) if again else _Deed(Doubt.NO_HOLD)
        case = open_[0].case if open_ else ""
        self._enter(party, Action.HOLD_RELEASED, order.hold, order.reason, case)
        for each in open_:
            self.holds.place(replace(each, released=release))
        return _Deed(hold=order.hold)

    def _may_wait_until(self, review: date, now: Moment) -> bool:
        today = datetime.fromtimestamp(now.utc_ns / NS_PER_S, UTC).date()
        return today < review <= today + timedelta(days=self.policy.hold_review_days)

    def _enter(self, party: Party, action: Action, subject: str, words: str, case: str = "") -> None:
        self.audit.append(AuditEntry(self.clock.now(), party.id, action, subject, case, words))


@dataclass(frozen=True, slots=True)
class _Deed:
    """What an order came to: the hold that it is about, or what was left, or why it was not done."""

    doubt: Doubt = Doubt.NONE
    hold: str = ""
    refusal: Refusal | None = None
    package: Package | None = None


def _same(one: Release, other: Release) -> bool:
    return (one.by, one.reason) == (other.by, other.reason)


def _ns(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp()) * NS_PER_S
