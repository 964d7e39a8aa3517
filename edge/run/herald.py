"""What the publisher tells of the audit log: its head when it grew, and changes of the clock into it.

Law: called at every pulse, so that a head leaves about a second after the entry that made it; heads of one
second are told as one. While the disk takes nothing, nothing is told, and the next pulse tries again.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress

from edge.audit.head import SignedHead
from edge.ports import Audit, Clock, Outbox
from edge.privacy.reports import AuditHead, audit_head
from edge.privacy.spec import Origin
from edge.values.audit import Action, AuditEntry
from edge.values.errors import StorageError
from edge.values.moment import NS_PER_S, Moment

ACTOR = "publish"
STEP_S = 1.0
"""The two clocks drift apart by microseconds; more than this between two pulses is a step."""


class Herald:
    """Puts the newest signed head into the outbox, once."""

    def __init__(
        self, head: Callable[[], SignedHead | None], key: bytes, outbox: Outbox, origin: Origin, clock: Clock
    ) -> None:
        self._head = head
        self._key = key
        self._outbox = outbox
        self._origin = origin
        self._clock = clock
        self._told: SignedHead | None = None

    def tell(self) -> None:
        """Tell of the log if it grew since the last time."""
        found = self._head()
        if found is None or found == self._told:
            return
        head = AuditHead(found.head.size, found.head.root, self._key, found.signature)
        with suppress(StorageError):
            self._outbox.put((audit_head(self._origin, head, self._clock.now()),))
            self._told = found


class ClockWatch:
    """Records when the clock's trust changes, and when UTC is set."""

    def __init__(self, audit: Audit, clock: Clock) -> None:
        self._audit = audit
        self._clock = clock
        self._last: Moment | None = None

    def look(self) -> None:
        """Compare the clock with what it was when it was last recorded."""
        now = self._clock.now()
        with suppress(StorageError):
            for subject, words in _changes(self._last, now):
                self._audit.append(AuditEntry(now, ACTOR, Action.CLOCK_CHANGED, subject, words=words))
            self._last = now


def _changes(last: Moment | None, now: Moment) -> Iterator[tuple[str, str]]:
    """What changed, and by how much."""
    if last is None or last.trust is not now.trust:
        yield now.trust.value, ""
    if last is not None:
        step_s = ((now.utc_ns - last.utc_ns) - (now.mono_ns - last.mono_ns)) / NS_PER_S
        if abs(step_s) > STEP_S:
            yield "step", f"UTC was set by {step_s:+.3f} s"
