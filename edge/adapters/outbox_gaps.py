"""How the losses of an outbox are told: by gap messages that take their place in it.

Law: at most one gap message waits to be sent. While nobody listens, losses gather in ranges instead of in
messages.
"""

import sqlite3
import time
from collections.abc import Callable

from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_losses import begin_telling, end_telling, has_untold
from edge.ports import Clock
from edge.values.errors import RedactionError, StorageError
from edge.values.gap import GapReport
from edge.values.message import RedactedMessage, Urgency

MOST_GAPS = 8
"""Gap messages on their way at once; what is lost meanwhile waits in the account, where it takes no room."""

RETRY_S = 1.0

GapMessage = Callable[[GapReport], RedactedMessage]


class Gaps:
    """Tells the losses of one outbox."""

    def __init__(self, outbox: SqliteOutbox, message: GapMessage, clock: Clock) -> None:
        self._outbox = outbox
        self._message = message
        self._clock = clock
        self._rests_until = 0.0

    def tell(self) -> bool:
        """Put what was lost into a gap message, if one may go; False if that is still to be done."""
        if time.monotonic() < self._rests_until:
            return False
        try:
            if self._outbox.store.read(_is_due):
                self._outbox.store.write(self._enter)
        except StorageError:
            self.rest(RETRY_S)
            return False
        return True

    def rest(self, seconds: float) -> None:
        """Tell nothing for a while: a gap message was refused, or the disk takes no changes."""
        self._rests_until = time.monotonic() + seconds

    def _enter(self, db: sqlite3.Connection) -> None:
        ranges, unknown = begin_telling(db, self._outbox.ranges_per_gap)
        now = self._clock.now()
        try:
            message = self._message(GapReport(now, ranges, unknown))
        except RedactionError:  # the disk altered a range in a way that only the allow-list sees
            message = self._message(GapReport(now, (), unknown=True))
        (row,) = self._outbox.enter(db, [message])
        end_telling(db, row.key)


def _is_due(db: sqlite3.Connection) -> bool:
    if not has_untold(db):
        return False
    gaps, out = db.execute(
        "SELECT count(*), count(out.key) FROM messages LEFT JOIN handed_out AS out USING (key)"
        " WHERE urgency = ?",
        (Urgency.GAP,),
    ).fetchone()
    return bool(gaps == out < MOST_GAPS)
