"""The fast lane of an outbox: alarms that happen now overtake what has waited.

Law: an alarm is live for `LIVE_S` after its commit, while the outbox is being read; whatever waited when
reading began is backlog, however urgent. An alarm takes the earlier revisions of its event with it, so that
no revision overtakes another of the same event. Everything else goes in the order of commits
(`outbox_backlog`).
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator

from edge.adapters.outbox_rows import SELECT_MESSAGES, MessageRow
from edge.values.message import Urgency

LIVE_S = 10.0
MARK_EVERY_S = 1.0


INDEX = "CREATE INDEX IF NOT EXISTS messages_by_event ON messages(event_id, key) WHERE event_id <> ''"
"""Finds an event's earlier revisions. Made only where alarms overtake: it costs the writers a little."""


class FastLane:
    """Finds live alarms; asked at least every `LIVE_S` while the outbox is read."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def edge(self, db: sqlite3.Connection, now_s: float) -> int:
        """The key above which messages are live."""
        (newest,) = db.execute("SELECT coalesce(max(key), -1) FROM messages").fetchone()
        if not self._marks or now_s - self._marks[-1][0] > LIVE_S:
            self._marks = deque([(now_s, newest)])
        elif now_s - self._marks[-1][0] >= MARK_EVERY_S:
            self._marks.append((now_s, newest))
        while len(self._marks) > 1 and self._marks[1][0] <= now_s - LIVE_S:
            self._marks.popleft()
        return self._marks[0][1]

    def rows(
        self, db: sqlite3.Connection, now_s: float, most: int, passed: Callable[[MessageRow], bool]
    ) -> list[MessageRow]:
        """Live alarms with their events' earlier revisions, in order; rows that are `passed` over are not."""
        found: dict[int, MessageRow] = {}
        for row in self._alarms(db, self.edge(db, now_s)):
            if len(found) >= most:
                break
            if not passed(row):
                found |= {each.key: each for each in _earlier(db, row) if not passed(each)}
                found[row.key] = row
        return list(found.values())[:most]

    def _alarms(self, db: sqlite3.Connection, edge: int) -> Iterator[MessageRow]:
        cursor = db.execute(
            SELECT_MESSAGES + "WHERE urgency = ? AND key > ? ORDER BY key", (int(Urgency.ALARM), edge)
        )
        return map(MessageRow._make, cursor)


def _earlier(db: sqlite3.Connection, row: MessageRow) -> Iterator[MessageRow]:
    """What waits of the event's earlier revisions."""
    if not row.event_id or not row.revision:
        return iter(())
    cursor = db.execute(
        SELECT_MESSAGES + "WHERE event_id = ? AND event_id <> '' AND key < ? ORDER BY key",
        (row.event_id, row.key),
    )
    return map(MessageRow._make, cursor.fetchall())
