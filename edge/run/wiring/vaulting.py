"""Wiring of the verbs that look at sealed footage, hold it, and open it off the box."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyrage
from pyrage import x25519

from edge.adapters import reconcile, segment_file
from edge.adapters.clock import SystemClock
from edge.adapters.footage_room import FootageRoom
from edge.adapters.segment_header import Header, read_header
from edge.adapters.slot_key import SlotKey, released_share
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.governance.rights import Action as Right
from edge.run.grounds import grounds
from edge.run.wiring.auditing import audit_of
from edge.run.wiring.keeping import Hands, opened
from edge.run.wiring.standing import person
from edge.values.audit import Action, AuditEntry
from edge.values.discrepancy import Discrepancy
from edge.values.errors import ConfigError, FootageError, StorageError
from edge.values.segment import SlotId

__all__ = ["Hands", "Level", "discrepancies", "header_of", "node_of", "opened", "person", "room_of"]

Level = reconcile.Level
SHARE_BYTES = 1 << 16


def node_of(config: Path) -> NodeSpec:
    """The configuration of a box that records.

    Raises:
        ConfigError: it is wrong, or nothing is recorded there.
    """
    node = load(config)
    grounds(node)
    return node


def room_of(node: NodeSpec) -> FootageRoom:
    """The vault's folder, for looking.

    Raises:
        StorageError: it cannot be used.
    """
    footage, _ = grounds(node)
    return FootageRoom(footage.folder)


def discrepancies(room: FootageRoom, level: Level) -> Iterator[Discrepancy]:
    """Everything that does not fit between catalogue, files and keys.

    Raises:
        StorageError: catalogue or key ring cannot be read.
    """
    return reconcile.check(room.root, room.catalogue, room.ring, level)


def header_of(file: Path) -> Header:
    """What a sealed file says about itself.

    Raises:
        FootageError: it is none.
        StorageError: it cannot be read.
    """
    return read_header(file)


def release_share(node: NodeSpec, slot: SlotId, case: str, key: Path, out: Path) -> None:
    """Give the box's share of a slot's key out, sealed to the keyholders, after the entry in the audit log.

    Raises:
        ConfigError: whoever has this key may not, or `out` is there already.
        FootageError: there is no share of that slot any more.
        StorageError: the entry or the file cannot be written.
    """
    who, audit, room = person(node, key, Right.RELEASE_SHARE), audit_of(node), room_of(node)
    try:
        share = room.ring.find(slot)
        if share is None:
            raise FootageError(f"slot {slot}: its key was destroyed, or never made here")
        audit.append(
            AuditEntry(
                SystemClock().now(),
                who.id,
                Action.KEY_RELEASED,
                str(slot),
                case,
                "the box's share of the key",
            )
        )
        told = json.dumps({"slot": str(slot), "case": case, "share": share.hex()}).encode()
        _, policy = grounds(node)
        recipients = [x25519.Recipient.from_str(holder.seal_recipient) for holder in policy.holders.holders]
        _write_new(out, pyrage.encrypt(told, recipients))
    finally:
        audit.close()
        room.close()


def identities_in(files: Sequence[Path]) -> list[x25519.Identity]:
    """Private keys of keyholders, one in each file.

    Raises:
        ConfigError: a file holds none.
    """
    found = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
            (line,) = [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-1")]
            found.append(x25519.Identity.from_str(line))
        except (OSError, ValueError, pyrage.IdentityError) as failure:
            raise ConfigError(f"{file}: wanted one age identity, AGE-SECRET-KEY-1…") from failure
    return found


def open_segments(
    files: Sequence[Path], share: Path, identities: Sequence[x25519.Identity], out: Path
) -> list[Path]:
    """Open sealed files with the box's share and two keyholders; the files written.

    Raises:
        ConfigError: a target is there already.
        FootageError: keys and files do not fit, or a file was changed.
        StorageError: a file cannot be read or written.
    """
    if len(identities) < 2:
        raise ConfigError(f"--identity: wanted the identities of two keyholders, got {len(identities)}")
    slot, share_b = _share_in(share, identities)
    written = []
    for file in files:
        header = read_header(file)
        if str(header.id.slot) != slot:
            raise FootageError(f"{file} is of slot {header.id.slot}, and this share of slot {slot}")
        key = SlotKey(header.slot, released_share(header.slot, _by_holder(header, identities)), share_b)
        try:
            content = b"".join(segment_file.read(file, key))
        finally:
            key.forget()
        target = out / f"{header.id}.mp4"
        _write_new(target, content)
        written.append(target)
    return written


def _share_in(share: Path, identities: Sequence[x25519.Identity]) -> tuple[str, bytes]:
    try:
        told = json.loads(pyrage.decrypt(share.read_bytes()[:SHARE_BYTES], list(identities)))
        return str(told["slot"]), bytes.fromhex(told["share"])
    except OSError as failure:
        raise StorageError(f"{share}: {failure.strerror}") from failure
    except (pyrage.DecryptError, ValueError, KeyError, TypeError) as failure:
        raise FootageError(
            f"{share} does not open with these identities, or is no share of a box"
        ) from failure


def _by_holder(header: Header, identities: Sequence[x25519.Identity]) -> dict[str, x25519.Identity]:
    """Which keyholder each identity is: whoever opens the outer seal is its outer holder, and so on."""
    found: dict[str, x25519.Identity] = {}
    for share in header.slot.shares:
        for outer in identities:
            try:
                once = pyrage.decrypt(share.sealed, [outer])
            except pyrage.DecryptError:
                continue
            found[share.outer] = outer
            for inner in identities:
                if inner is not outer and _opens(once, inner):
                    found[share.inner] = inner
    return found


def _opens(sealed: bytes, identity: x25519.Identity) -> bool:
    try:
        pyrage.decrypt(sealed, [identity])
    except pyrage.DecryptError:
        return False
    return True


def _write_new(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as failure:
        raise ConfigError(f"{path} is there already, and is not overwritten") from failure
    except OSError as failure:
        raise StorageError(f"{path}: {failure.strerror}") from failure
