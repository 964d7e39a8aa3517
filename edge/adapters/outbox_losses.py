"""The account of committed messages that will never arrive, until a gap message reports them.

Law: a message leaves the table `messages` undelivered only in the transaction that writes it into this
account; neighbouring losses become one range; the account is bounded by folding ranges, never by
forgetting. It knows from when to when its messages were committed, but for damaged ones, whose times
nobody can trust. A loss leaves the account when the gap message that tells it was delivered, not before.
A row whose cause is not in `GapCause` stands for a loss of unknown size.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from edge.adapters.outbox_rows import MessageRow, split
from edge.values.gap import GapCause, GapRange

MOST_RANGES = 4096
"""Ranges in the account; from there on neighbours are folded into one that says how many it holds."""

_Row = tuple[str, str, int, int, int, int | None, int | None]
"""Boot, cause, first, last, count, and when the earliest and the latest were committed."""

_BEING_TOLD = -1

BURIED_ROWS = 1000
"""Dead letters kept for inspection; the oldest make room."""


def lose(db: sqlite3.Connection, committed: Mapping[int, int], cause: GapCause) -> None:
    """Enter messages into the account: when each was committed, UTC ns, by its key."""
    names = dict(db.execute("SELECT id, name FROM boots"))
    for keys in _runs(sorted(committed)):
        ordinal, first = split(keys[0])
        lost = GapRange(names.get(ordinal, ""), first, split(keys[-1])[1], len(keys), cause)
        _enter(db, lost if cause is GapCause.DAMAGED else _timed(lost, [committed[key] for key in keys]))
    (ranges,) = db.execute("SELECT count(*) FROM losses WHERE told_by IS NULL").fetchone()
    if ranges > MOST_RANGES:
        _fold(db)


def _timed(lost: GapRange, committed: Iterable[object]) -> GapRange:
    """With the times of its messages, as far as they are times: what is shed was not read whole before."""
    times = [utc_ns for utc_ns in committed if isinstance(utc_ns, int) and utc_ns >= 0]
    if not times:
        return lost
    return replace(lost, from_utc_ns=min(times), until_utc_ns=max(times))


def bury(db: sqlite3.Connection, row: MessageRow, cause: GapCause, utc_ns: int) -> None:
    """Keep a dead letter for inspection; its payload only if it is of a size that may be sent."""
    kept = b"" if cause is GapCause.OVERSIZE else row.payload
    db.execute(
        "INSERT OR REPLACE INTO dead VALUES (?, ?, ?, ?, ?, ?)",
        (row.key, cause.value, row.topic, kept, len(row.payload), utc_ns),
    )
    db.execute(
        "DELETE FROM dead WHERE key IN (SELECT key FROM dead ORDER BY buried_utc_ns DESC, key DESC"
        " LIMIT -1 OFFSET ?)",
        (BURIED_ROWS,),
    )


def has_untold(db: sqlite3.Connection) -> bool:
    """Whether anything is still to be reported."""
    return db.execute("SELECT 1 FROM losses WHERE told_by IS NULL LIMIT 1").fetchone() is not None


def begin_telling(db: sqlite3.Connection, most: int) -> tuple[tuple[GapRange, ...], bool]:
    """Up to so many ranges to report now; also whether a loss of unknown size is among them."""
    rows = _untold(db, most)
    db.executemany(
        "UPDATE losses SET told_by = ? WHERE boot = ? AND cause = ? AND first = ?",
        [(_BEING_TOLD, *row[:3]) for row in rows],
    )
    ranges = tuple(found for found in map(_range, rows) if found is not None)
    return ranges, len(ranges) < len(rows)


def end_telling(db: sqlite3.Connection, by: int) -> None:
    """What telling began with is in this gap message now; it may yet get lost itself."""
    db.execute("UPDATE losses SET told_by = ? WHERE told_by = ?", (by, _BEING_TOLD))


def forget(db: sqlite3.Connection, gaps: Iterable[int]) -> None:
    """These messages arrived; what they told need not be told again."""
    db.executemany("DELETE FROM losses WHERE told_by = ?", ((key,) for key in gaps))


def tell_again(db: sqlite3.Connection, gaps: Iterable[int]) -> None:
    """These messages will never arrive; what they told is untold."""
    db.executemany("UPDATE losses SET told_by = NULL WHERE told_by = ?", ((key,) for key in gaps))


def lost_by_cause(db: sqlite3.Connection) -> dict[str, int]:
    """Messages in the account, by cause."""
    return dict(db.execute("SELECT cause, sum(count) FROM losses GROUP BY cause"))


def _runs(keys: Sequence[int]) -> Iterable[list[int]]:
    for _, run in groupby(enumerate(keys), key=lambda pair: pair[1] - pair[0]):
        yield [key for _, key in run]


def _enter(db: sqlite3.Connection, lost: GapRange) -> None:
    """Extend the range that ends just before, or begin one."""
    below = db.execute(
        "SELECT first, last FROM losses WHERE boot = ? AND cause = ? AND first < ? AND told_by IS NULL"
        " ORDER BY first DESC LIMIT 1",
        (lost.boot, lost.cause.value, lost.first),
    ).fetchone()
    if below is not None and below[1] == lost.first - 1:
        grown = (lost.last, lost.count, lost.from_utc_ns, lost.until_utc_ns)
        db.execute(
            "UPDATE losses SET last = ?, count = count + ?, from_utc_ns = min(from_utc_ns, ?),"
            " until_utc_ns = max(until_utc_ns, ?) WHERE boot = ? AND cause = ? AND first = ?",
            (*grown, lost.boot, lost.cause.value, below[0]),
        )
    else:
        _write(db, lost)


def _write(db: sqlite3.Connection, lost: GapRange) -> None:
    db.execute(
        "INSERT OR REPLACE INTO losses(boot, cause, first, last, count, from_utc_ns, until_utc_ns)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            lost.boot,
            lost.cause.value,
            lost.first,
            lost.last,
            lost.count,
            lost.from_utc_ns,
            lost.until_utc_ns,
        ),
    )


def _untold(db: sqlite3.Connection, limit: int = -1) -> list[_Row]:
    return db.execute(
        "SELECT boot, cause, first, last, count, from_utc_ns, until_utc_ns FROM losses"
        " WHERE told_by IS NULL ORDER BY boot, cause, first LIMIT ?",
        (limit,),
    ).fetchall()


def _range(row: _Row) -> GapRange | None:
    """The range of a row, or None where the disk has altered it beyond sense."""
    boot, cause, first, last, count, from_utc_ns, until_utc_ns = row
    try:
        return GapRange(boot, first, last, count, GapCause(cause), from_utc_ns, until_utc_ns)
    except (TypeError, ValueError):
        return None


def _fold(db: sqlite3.Connection) -> None:
    ranges = [found for found in map(_range, _untold(db)) if found is not None]
    db.execute("DELETE FROM losses WHERE told_by IS NULL AND cause <> 'unknown'")
    for _, same in groupby(ranges, key=lambda one: (one.boot, one.cause)):
        members = list(same)
        for pair in (members[at : at + 2] for at in range(0, len(members), 2)):
            _write(db, _joined(pair))


def _joined(ranges: Sequence[GapRange]) -> GapRange:
    """Ranges of one boot and cause, in order, as one that says how many it holds."""
    begins = [one.from_utc_ns for one in ranges if one.from_utc_ns is not None]
    ends = [one.until_utc_ns for one in ranges if one.until_utc_ns is not None]
    return replace(
        ranges[0],
        last=ranges[-1].last,
        count=sum(one.count for one in ranges),
        from_utc_ns=min(begins, default=None),
        until_utc_ns=max(ends, default=None),
    )
