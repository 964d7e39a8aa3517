"""The tables of an outbox file.

Law: a file is laid out once, and brought up to date, in one transaction; a file of a newer layout is not
touched.
"""

import sqlite3

from edge.values.errors import StorageError

VERSION = 4

BOOTS_PER_GENERATION = 1 << 16
"""Ordinals of boots go on from generation to generation, so that no key is ever used twice."""


SCHEMA = """
CREATE TABLE boots(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, next INTEGER NOT NULL);
CREATE TABLE messages(
    key INTEGER PRIMARY KEY, urgency INTEGER NOT NULL, topic TEXT NOT NULL, retain INTEGER NOT NULL,
    expiry_s INTEGER, event_id TEXT NOT NULL, revision INTEGER NOT NULL, committed_utc_ns INTEGER NOT NULL,
    payload BLOB NOT NULL, digest BLOB NOT NULL);
CREATE INDEX messages_by_urgency ON messages(urgency, key);
CREATE INDEX states_by_topic ON messages(topic) WHERE urgency = 0;
CREATE TABLE events(
    event_id TEXT PRIMARY KEY, revision INTEGER NOT NULL, topic TEXT, urgency INTEGER, retain INTEGER,
    expiry_s INTEGER, body BLOB, digest BLOB);
CREATE TABLE handed_out(key INTEGER PRIMARY KEY);
CREATE TABLE losses(
    boot TEXT NOT NULL, cause TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    count INTEGER NOT NULL, told_by INTEGER, from_utc_ns INTEGER, until_utc_ns INTEGER,
    PRIMARY KEY(boot, cause, first)) WITHOUT ROWID;
CREATE TABLE dead(
    key INTEGER PRIMARY KEY, cause TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL,
    size_bytes INTEGER NOT NULL, buried_utc_ns INTEGER NOT NULL);
CREATE TABLE batches(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, leaves BLOB NOT NULL);
CREATE TABLE stock(one INTEGER PRIMARY KEY CHECK (one = 1), rows INTEGER NOT NULL, bytes INTEGER NOT NULL);
INSERT INTO stock VALUES (1, 0, 0);
CREATE TRIGGER message_went AFTER DELETE ON messages BEGIN
    UPDATE stock SET rows = rows - 1, bytes = bytes - 256 - length(old.topic) - length(old.payload);
END;
"""
"""An event whose body is NULL has ended; it is remembered for a while so that it cannot be put twice.

What is handed out may have arrived, so writers leave it alone when they shed and supersede: a loss that is
told must be one.
"""

CHANGES = {
    2: """
ALTER TABLE losses ADD COLUMN from_utc_ns INTEGER;
ALTER TABLE losses ADD COLUMN until_utc_ns INTEGER;
""",
    3: """
DROP TRIGGER message_came;
""",
    4: """
CREATE TABLE batches(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, leaves BLOB NOT NULL);
""",
}
"""What makes each version of the layout of the one before. From 3 on, whoever inserts messages counts them
into the stock, once for all of a batch."""


def prepare(db: sqlite3.Connection, generation: int) -> None:
    """Lay out a new file, or bring an older one up to date, within a transaction.

    A later generation begins with a loss of unknown size.

    Raises:
        StorageError: the file was made by a newer version of this program.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise StorageError(f"the outbox was made by a newer version of this program, layout {version}")
    if version == VERSION:
        return
    if version == 0:
        _begin(db, generation)
    else:
        for step in range(version + 1, VERSION + 1):
            _run(db, CHANGES[step])
    db.execute(f"PRAGMA user_version = {VERSION}")


def _begin(db: sqlite3.Connection, generation: int) -> None:
    _run(db, SCHEMA)
    db.execute("INSERT INTO sqlite_sequence VALUES ('boots', ?)", (generation * BOOTS_PER_GENERATION,))
    if generation:
        db.execute("INSERT INTO losses(boot, cause, first, last, count) VALUES ('', 'unknown', 0, 0, 1)")


def _run(db: sqlite3.Connection, script: str) -> None:
    """Run a script statement by statement: `executescript` would commit first."""
    for statement in _statements(script):
        db.execute(statement)


def _statements(script: str) -> list[str]:
    statements: list[str] = []
    for line in script.strip().splitlines():
        if statements and not sqlite3.complete_statement(statements[-1]):
            statements[-1] += "\n" + line
        else:
            statements.append(line)
    return statements
