"""An outbox's file, read as the publisher reads it."""

import sqlite3
from pathlib import Path

from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.values.delivery import Pending, Settlement
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, gap_message


def backlog_of(path: Path, boot: str = BOOT, limits: OutboxLimits | None = None) -> SqliteBacklog:
    return SqliteBacklog(SqliteOutbox(path, boot, limits), gap_message, FakeClock())


def drain(backlog: SqliteBacklog) -> list[Pending]:
    everything: list[Pending] = []
    while taken := backlog.take(100):
        everything += taken
        backlog.settle(Settlement(sent=frozenset(one.key for one in taken)))
    return everything


def alter(path: Path, statement: str) -> None:
    """Change the file behind the outbox's back."""
    with sqlite3.connect(path) as db:
        db.execute(statement)
    db.close()
