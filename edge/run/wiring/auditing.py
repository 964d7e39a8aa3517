"""Wiring of the audit log: where a box keeps it, and how anybody judges a copy of it."""

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from edge.adapters.audit_log import HEAD, HEADS, KEY, LOG, AuditLog, read_head
from edge.adapters.clock import SystemClock
from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.audit import line as lines
from edge.audit.head import Head, SignedHead, key_id, origin_of, parse_all, parse_key
from edge.audit.line import Logged
from edge.audit.verify import Kept, Verdict, verify
from edge.config.spec import NodeSpec
from edge.messages.audit import AuditMessage
from edge.messages.parse import ANY_MESSAGE
from edge.values.audit import Action, AuditEntry
from edge.values.errors import AuditError, ConfigError, StorageError

KEY_SAID = "Ed25519 key "
"""How the first entry of a log tells its key."""


def folder_of(node: NodeSpec) -> Path:
    """Where a box keeps its log."""
    return node.data_dir / "audit"


def is_own(folder: Path) -> bool:
    """Whether this is a box's own log, to which can be added; a copy comes without its key."""
    return (folder / KEY).exists()


def audit_of(node: NodeSpec) -> AuditLog:
    """The box's log, begun if there is none.

    Raises:
        StorageError: it cannot be used.
    """
    return AuditLog(folder_of(node), origin_of(node.region, node.node), SystemClock().now)


@dataclass(frozen=True, slots=True)
class Journal:
    """One process's pen: entries by this actor, at this time."""

    audit: AuditLog
    actor: str

    def note(self, action: Action, subject: str, words: str = "") -> None:
        """Write an entry; it is on the disk when this returns.

        Raises:
            StorageError: it cannot be written.
        """
        self.audit.append(self._entry(action, subject, words))

    def note_change(self, action: Action, subject: str, words: str = "") -> None:
        """The same, unless the last entry of this action was about the same subject.

        Raises:
            StorageError: it cannot be written.
        """
        self.audit.append_change(self._entry(action, subject, words))

    def _entry(self, action: Action, subject: str, words: str) -> AuditEntry:
        return AuditEntry(SystemClock().now(), self.actor, action, subject, words=words)


@contextmanager
def journal(node: NodeSpec, actor: str) -> Iterator[Journal]:
    """The box's log, in the hands of one process.

    Raises:
        StorageError: it cannot be used.
    """
    log = audit_of(node)
    try:
        yield Journal(log, actor)
    finally:
        log.close()


def somebody() -> str:
    """Who runs this program, by the machine's own name for them."""
    try:
        return f"user {getpass.getuser()}"
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def public_key(node: NodeSpec) -> bytes:
    """Public key of the box's log.

    Raises:
        ConfigError: it cannot be read.
    """
    return Ed25519Signer.read(folder_of(node) / KEY).key


def entries(folder: Path) -> Iterator[Logged]:
    """All entries of a log, as far as they can be read.

    Raises:
        AuditError: one of them is none.
        StorageError: the file cannot be read.
    """
    for index, raw in enumerate(_lines(folder)):
        if not raw.endswith(b"\n"):
            return
        try:
            yield lines.read(raw[:-1])
        except ValueError as failure:
            raise AuditError(f"{folder / LOG}: entry {index} is no entry: {failure}") from failure


@dataclass(frozen=True, slots=True)
class Readings:
    """What can be read of a log, whatever happened to it.

    Attributes:
        entries: in order.
        unreadable: numbers of the lines that are no entries any more.
    """

    entries: tuple[AuditEntry, ...]
    unreadable: tuple[int, ...]


def readings(folder: Path) -> Readings:
    """Every entry that can be read, and which cannot; the line that is being written counts as neither.

    Raises:
        StorageError: the file cannot be read.
    """
    told, lost = list[AuditEntry](), list[int]()
    for index, raw in enumerate(_lines(folder)):
        if not raw.endswith(b"\n"):
            break
        try:
            told.append(lines.read(raw[:-1]).entry)
        except ValueError:
            lost.append(index)
    return Readings(tuple(told), tuple(lost))


def note_reading(folder: Path, subject: str, words: str, actor: str = "") -> None:
    """Enter in a box's own log that somebody looks, before they see anything; a copy stays as it is.

    Args:
        folder: of the log.
        subject: what is looked at.
        words: how much of it.
        actor: who looks; the machine's own name for them unless given.

    Raises:
        AuditError: the log's first entry is none, so that nothing can be entered.
        StorageError: it cannot be entered, so nothing is shown.
    """
    if is_own(folder):
        note_in(folder, actor or somebody(), Action.READ, subject, words)


def note_in(folder: Path, actor: str, action: Action, subject: str, words: str) -> None:
    """Write an entry into a box's own log, of which nothing is known but its folder.

    Raises:
        AuditError: the log's first entry is none, so that nothing can be entered.
        StorageError: it cannot be entered.
    """
    origin, _ = told_key(folder)
    log = AuditLog(folder, origin, SystemClock().now)
    try:
        Journal(log, actor).note(action, subject, words)
    finally:
        log.close()


def head(folder: Path) -> SignedHead:
    """The head that the box signed last.

    Raises:
        AuditError: there is none.
    """
    found = read_head(folder)
    if found is None:
        raise AuditError(f"{folder / HEAD}: wanted the log's signed head, found none")
    return found


def judged(folder: Path, witness: Path | None, key: str) -> Verdict:
    """Judge a log with its own heads and those of a witness.

    Args:
        folder: where the log is, or a copy of it.
        witness: file with heads that somebody else kept: notes, or messages one a line.
        key: verifier key of the box; that of the first entry if "".

    Raises:
        AuditError: there is no log, or no head.
        ConfigError: the key or the witness's file is none.
        StorageError: a file cannot be read.
    """
    origin, own = told_key(folder)
    if key:
        origin, own = _given(key)
    kept = [Kept(head(folder), "the box"), *(Kept(each, "the box") for each in _notes(folder / HEADS))]
    if witness is not None:
        kept += [Kept(each, "the witness") for each in _witnessed(witness)]
    return verify(_lines(folder), kept, own, origin, Ed25519Verifier())


def told_key(folder: Path) -> tuple[str, bytes]:
    """Origin and public key that the first entry of a log tells.

    Raises:
        AuditError: it tells none.
    """
    raw = next(_lines(folder), b"")
    try:
        entry = lines.read(raw.removesuffix(b"\n")).entry
        return entry.subject, bytes.fromhex(entry.words.removeprefix(KEY_SAID))
    except ValueError as failure:
        raise AuditError(f"{folder / LOG}: entry 0 is no beginning of a log: {failure}") from failure


def _given(key: str) -> tuple[str, bytes]:
    try:
        return parse_key(key)
    except ValueError as failure:
        raise ConfigError(f"--key: {failure}") from failure


def _lines(folder: Path) -> Iterator[bytes]:
    try:
        with (folder / LOG).open("rb") as file:
            yield from file
    except OSError as failure:
        raise StorageError(f"{folder / LOG} cannot be read: {failure.strerror}") from failure


def _notes(path: Path) -> tuple[SignedHead, ...]:
    if not path.exists():
        return ()
    try:
        return parse_all(path.read_bytes())
    except OSError as failure:
        raise StorageError(f"{path} cannot be read: {failure.strerror}") from failure
    except ValueError as failure:
        raise AuditError(f"{path}: {failure}") from failure


def _witnessed(path: Path) -> tuple[SignedHead, ...]:
    """Heads of a file: notes one after another, or a subscriber's messages of a node, one JSON a line."""
    try:
        raw = path.read_bytes()
    except OSError as failure:
        raise ConfigError(f"--heads: {path} cannot be read: {failure.strerror}") from failure
    try:
        if not raw.lstrip().startswith(b"{"):
            return parse_all(raw)
        told = (ANY_MESSAGE.validate_json(each) for each in raw.splitlines() if b"audit.head" in each)
        return tuple(_of(message) for message in told if isinstance(message, AuditMessage))
    except (ValueError, json.JSONDecodeError) as failure:
        raise ConfigError(f"--heads: {path}: wanted heads, or messages one a line: {failure}") from failure


def _of(message: AuditMessage) -> SignedHead:
    data = message.data
    origin = origin_of(data.region, data.node)
    signed_head = Head(origin, data.size, bytes.fromhex(data.root))
    return SignedHead(signed_head, key_id(origin, bytes.fromhex(data.key)), bytes.fromhex(data.signature))
