"""The verbs `audit …`: show a log, print its head, and judge it."""

import json
import time
from collections import deque
from pathlib import Path

from edge.audit import line as lines
from edge.audit.head import verifier_key
from edge.audit.line import Logged
from edge.run.wiring import auditing, reading_record
from edge.values.errors import AuditError


def show(folder: Path, last: int | None, as_json: bool, key: Path | None = None) -> None:
    """Print the entries of a log, oldest first; a box's own log tells of that itself.

    Raises:
        AuditError: an entry is none.
        RefusedError: who reads may not; the log tells of that too.
        StorageError: the log cannot be read, or the look at it not be entered.
    """
    who = reading_record.reader(folder, key)
    what = "the record" if last is None else f"the last {last} of the record"
    auditing.note_reading(folder, "audit", what, who)
    for logged in deque(auditing.entries(folder), maxlen=last):
        print(lines.write(logged).decode() if as_json else _line(logged))


def verify(folder: Path, heads: Path | None, key: str, as_json: bool) -> None:
    """Judge a log, and tell what was found.

    Raises:
        AuditError: something does not fit; the text names the first entry.
        ConfigError: the key or the witness's file is none.
        StorageError: a file cannot be read.
    """
    began = time.monotonic()
    found = auditing.judged(folder, heads, key)
    spent_s = time.monotonic() - began
    misfit = found.misfit
    if as_json:
        told = {
            "size": found.size,
            "root": found.root.hex(),
            "heads": found.heads,
            "torn_bytes": found.torn,
            "unsigned": found.unsigned,
        }
        wrong = {} if misfit is None else {"first": misfit.index, "told": misfit.told}
        print(json.dumps({"fits": misfit is None, **told, **wrong}))
    if misfit is not None:
        raise AuditError(f"{folder}: {misfit.told}")
    if as_json:
        return
    compared = f"{_count(found.size, 'entry', 'entries')}, {_count(found.heads, 'head', 'heads')} compared"
    print(f"{folder}: whole, {compared}, {spent_s:.1f} s")
    print(f"  root {found.root.hex()}")
    if found.torn:
        print(f"  and {found.torn} bytes of a torn last line, which the box cuts off when it starts again")
    if found.unsigned:
        print(
            f"  the last {_count(found.unsigned, 'entry is', 'entries are')} under no signed head: just "
            "written, or its head was lost with the power, or added by somebody without the key"
        )
    if heads is None:
        print(
            "  not compared with a witness: a log that was rolled back whole would look like this (--heads)"
        )


def head(folder: Path) -> None:
    """Print the log's newest signed head, and the key to check it with.

    Raises:
        AuditError: there is none.
        StorageError: the log cannot be read.
    """
    note = auditing.head(folder).note().decode()
    print(note, end="")
    print(f"\nkey {verifier_key(*auditing.told_key(folder))}")


def _line(logged: Logged) -> str:
    entry = logged.entry
    when = json.loads(lines.write(logged))["utc"][:19].replace("T", " ")
    case = f" case {entry.case}" if entry.case else ""
    words = f": {entry.words}" if entry.words else ""
    return f"{logged.index:6} {when} {entry.actor:12} {entry.action:16} {entry.subject}{case}{words}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
