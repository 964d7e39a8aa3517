"""The keep process: the only one that deletes footage, and the one that looks after the disk and the holds.

Law: what is deleted was judged by trusted time, is kept by no hold, and has its entry in the audit log
before its key is destroyed. A deletion that was begun is finished first. Without room for the entry the
ballast makes it.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from edge.footage.retention import Disk, plan
from edge.footage.trusted_time import Step, TrustedTime
from edge.ports import Audit, Clock, Inventory, Undertaker
from edge.values.audit import MOST_WORDS, Action, AuditEntry, Receipt
from edge.values.deletion import Deletion
from edge.values.errors import StorageError
from edge.values.footage_state import FootageState, Keeping
from edge.values.moment import NS_PER_S, Moment
from edge.values.pulse import Pulse
from edge.values.retention import Doom, FootagePolicy, Kept, Plan, Rule
from edge.values.segment import SlotId

log = logging.getLogger("keep")

ACTOR = "keep"
TURN_S = 0.25
PLAN_S = 15.0
PULSE_S = 1.0
DOUBT_S = 60
"""A clock further than this from trusted time is told: in the status, the metrics and once in the log."""


class Keeper:
    """Keeps the footage of one box."""

    def __init__(
        self,
        inventory: Inventory,
        undertaker: Undertaker,
        audit: Audit,
        policy: FootagePolicy,
        clock: Clock,
        *,
        look: Callable[[Moment], tuple[TrustedTime, Step | None]],
        age: Callable[[Sequence[Kept], TrustedTime, Moment, Step | None], Sequence[Kept]],
        disk: Callable[[], Disk],
        make_room: Callable[[], bool],
        serve_requests: Callable[[], None],
        tell: Callable[[Keeping, Moment], None],
        on_pulse: Callable[[Pulse], None],
    ) -> None:
        """A keeper that has not begun.

        Args:
            inventory: what footage there is.
            undertaker: deletes it.
            audit: the record; an entry comes before each deletion.
            policy: says how long footage is kept.
            clock: tells the time.
            look: looks at trusted time, and remembers it.
            age: tells of slots with impossible times how far those are off, and remembers it.
            disk: how much room there is.
            make_room: gives up the ballast on a full disk; whether there was one.
            serve_requests: places holds that were asked for; called several times a second.
            tell: told how the footage is doing after every plan.
            on_pulse: gets a sign of life every second.
        """
        self._inventory, self._undertaker, self._audit = inventory, undertaker, audit
        self._policy, self._clock = policy, clock
        self._look, self._age, self._disk, self._make_room = look, age, disk, make_room
        self._serve_requests, self._tell, self._on_pulse = serve_requests, tell, on_pulse
        self._keeping = Keeping()
        self._deleted = 0
        self._off_s = 0
        self._planned: Moment | None = None
        self._pulsed: Moment | None = None

    def serve(self, stop: threading.Event) -> None:
        """Keep until `stop` is set."""
        while not stop.is_set():
            self._turn()
            stop.wait(TURN_S)

    def _turn(self) -> None:
        now = self._clock.now()
        self._serve_requests()
        if self._planned is None or now.seconds_since(self._planned) >= PLAN_S:
            self._planned = now
            self._guarded(now)
        if self._pulsed is None or now.seconds_since(self._pulsed) >= PULSE_S:
            self._pulsed = now
            self._on_pulse(self._pulse(now))

    def _guarded(self, now: Moment) -> None:
        """One plan; a disk that does not take it is told, and tried again with the next."""
        try:
            self.keep_house(now)
        except StorageError as error:
            self._keeping = replace(self._keeping, state=FootageState.BROKEN)
            self._tell(self._keeping, now)
            log.error("footage cannot be looked after: %s", error)

    def keep_house(self, now: Moment) -> Plan:
        """Finish what was begun, plan, delete, and tell how it is; the plan that was carried out.

        On a full disk not even a mark for deletion can be written: the ballast makes room for that.

        Raises:
            StorageError: the disk does not take it; what was deleted until then is deleted.
        """
        try:
            return self._kept(now)
        except StorageError:
            if not self._make_room():
                raise
            return self._kept(now)

    def _kept(self, now: Moment) -> Plan:
        trusted, step = self._look(now)
        self._doubt(round((now.utc_ns - trusted.utc_ns) / NS_PER_S))
        if step is not None:
            self._enter(
                now, Action.CLOCK_CONFIRMED, "clock", f"stepped by {(step.to_ns - step.from_ns) / 1e9:.0f} s"
            )
        for doom in self._inventory.doomed():
            self._delete(doom, trusted.utc_ns, now)
        kept = self._age(self._inventory.kept(), trusted, now, step)
        made = plan(kept, self._policy, trusted.utc_ns, self._disk())
        for doom in made.dooms:
            if self._undertaker.doom(doom):
                self._delete(doom, trusted.utc_ns, now)
        self._keeping = keeping(kept, made, self._disk())
        self._tell(self._keeping, now)
        return made

    def _doubt(self, off_s: int) -> None:
        if abs(off_s - self._off_s) > DOUBT_S:
            log.warning("%s", off(off_s) or "the clock agrees with trusted time again")
        self._off_s = off_s

    def _delete(self, doom: Doom, trusted_ns: int, now: Moment) -> None:
        """Delete a slot that is marked."""
        receipt = self._enter(now, Action.FOOTAGE_DELETED, str(doom.slot), _basis(doom, self._policy))
        self._undertaker.bury(doom.slot, _certificate(doom, self._policy, trusted_ns, now, receipt))
        self._deleted += 1
        log.info("footage of %s is deleted for ever (%s)", doom.slot, doom.rule)

    def _enter(self, now: Moment, action: Action, subject: str, words: str) -> Receipt:
        return self._audit.append(AuditEntry(now, ACTOR, action, subject, words=words))

    def _pulse(self, now: Moment) -> Pulse:
        keeping = self._keeping
        counts: Mapping[str, int] = {
            "slots": keeping.slots,
            "mib": keeping.size_bytes >> 20,
            "held_slots": keeping.held_slots,
            "held_mib": keeping.held_bytes >> 20,
            "free_mib": keeping.free_bytes >> 20,
            "short_mib": keeping.short_bytes >> 20,
            "deleted_slots": self._deleted,
            "clock_off_s": self._off_s,
        }
        doubt = off(self._off_s)
        return Pulse("keep", now, f"{keeping.state}; {doubt}" if doubt else keeping.state, counts)


def off(off_s: int) -> str:
    """What is said of a clock so far ahead of trusted time; nothing of one that agrees with it."""
    if abs(off_s) <= DOUBT_S:
        return ""
    where = "ahead of" if off_s > 0 else "behind"
    return f"the clock is {abs(off_s) / 3600:,.1f} h {where} trusted time, which retention goes by"


def keeping(kept: Sequence[Kept], made: Plan, disk: Disk) -> Keeping:
    """How the footage is doing after a plan was carried out."""
    gone: set[SlotId] = {doom.slot for doom in made.dooms}
    left = [slot for slot in kept if slot.slot not in gone]
    held = [slot for slot in left if slot.held]
    return Keeping(
        FootageState.CROWDED if made.short_bytes else FootageState.KEEPING,
        len(left),
        sum(slot.size_bytes for slot in left),
        len(held),
        sum(slot.size_bytes for slot in held),
        disk.free_bytes,
        made.short_bytes,
        min((slot.began_ns for slot in left), default=None),
    )


def _basis(doom: Doom, policy: FootagePolicy) -> str:
    if doom.rule is Rule.DISK:
        return "the oldest of its class made room on the disk"
    keep = policy.keep(doom.kept.footage_class)
    return f"{keep.footage_class} footage is kept {keep.keep_s / 3600:g} h: {keep.basis}"[:MOST_WORDS]


def _certificate(
    doom: Doom, policy: FootagePolicy, trusted_ns: int, now: Moment, receipt: Receipt
) -> Deletion:
    return Deletion(
        slot=doom.slot,
        segments=doom.kept.segments,
        size_bytes=doom.kept.size_bytes,
        began_ns=doom.kept.began_ns,
        ended_ns=doom.kept.ended_ns,
        rule=doom.rule,
        basis=_basis(doom, policy),
        policy_sha256=policy.sha256,
        trusted_ns=trusted_ns,
        moment=now,
        receipt=receipt,
    )
