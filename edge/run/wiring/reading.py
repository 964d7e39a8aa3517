"""Wiring of copies of the audit log that are ordered from afar: sealed to who orders, and told first.

Law: the entry that somebody reads the record is in the record before the copy, and so in the copy. Nobody but
the person can open it: the policy names the recipient, the command does not.
"""

import hashlib
import io
import logging
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyrage
from pyrage import x25519

from edge.adapters.audit_log import HEAD, HEADS, LOG
from edge.adapters.clock import SystemClock
from edge.adapters.private_file import make_folder, replace
from edge.config.spec import NodeSpec
from edge.messages.command import CommandMessage
from edge.ports import Audit
from edge.run.commands import Effect
from edge.run.places import export_folder
from edge.run.wiring import auditing
from edge.values.audit import Action, AuditEntry
from edge.values.command import Doubt, Package
from edge.values.errors import StorageError

log = logging.getLogger("commands")

DIGITS = 12


def reader(node: NodeSpec, audit: Audit) -> Callable[[CommandMessage], Effect]:
    """Leaves copies of this box's audit log; the same command twice is one."""

    def read(message: CommandMessage) -> Effect:
        order = message.data
        party = node.policy.party(order.signer)
        if party is None or not party.seal:
            return Effect(Doubt.NO_SEAL)
        path = export_folder(node) / f"{order.nonce[:DIGITS]}.audit.age"
        try:
            if not path.exists():
                words = f"a copy, sealed to {party.id}, by order"
                audit.append(AuditEntry(SystemClock().now(), party.id, Action.READ, "audit", words=words))
                make_folder(path.parent)
                replace(path, _sealed(auditing.folder_of(node), party.seal))
            return Effect(package=Package(path.name, hashlib.sha256(path.read_bytes()).hexdigest()))
        except (OSError, StorageError) as failure:
            log.error("a copy of the audit log that was ordered cannot be made: %s", failure)
            return Effect(Doubt.DISK)

    return read


def _sealed(folder: Path, recipient: str) -> bytes:
    """A packed copy of the log, heads first, so that no head in it tells of more than there is."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in (HEAD, HEADS, LOG):
            if (folder / name).exists():
                archive.add(folder / name, f"audit/{name}")
    sealed: bytes = pyrage.encrypt(packed.getvalue(), [x25519.Recipient.from_str(recipient)])
    return sealed
