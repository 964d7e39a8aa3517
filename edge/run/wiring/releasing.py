"""Wiring of the shares that leave a box: request, key ring, audit log and clocks."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyrage
from pyrage import x25519

from edge.adapters.clock import SystemClock
from edge.adapters.durable import write_new
from edge.adapters.ed25519 import Ed25519Verifier
from edge.adapters.footage_room import FootageRoom, TimeMemory
from edge.adapters.private_file import make_folder, replace
from edge.config.request import SignedRequest
from edge.config.spec import FootageSpec, NodeSpec
from edge.governance.acceptance import Signature
from edge.governance.policy import Party
from edge.governance.release import Box
from edge.messages.orders import ExportOrder
from edge.ports import Audit
from edge.run.grounds import grounds
from edge.run.places import export_folder
from edge.run.release import ReleaseDesk
from edge.run.wiring.auditing import audit_of
from edge.run.wiring.exporting import read_request
from edge.run.wiring.standing import admitted, owner
from edge.values.command import Package
from edge.values.errors import ConfigError, StorageError
from edge.values.retention import FootagePolicy
from edge.values.segment import SlotId

PACKAGE_DIGITS = 12


def release_shares(
    node: NodeSpec, request: Path, wanted: Sequence[SlotId], key: Path, out: Path
) -> tuple[SlotId, ...]:
    """Give out the box's shares of the keys that a request is good for, sealed to the keyholders; which.

    Raises:
        ConfigError: a file cannot be read, or `out` is there already.
        RefusedError: nothing is given out; the audit log has the reason.
        StorageError: an entry or the file cannot be written.
    """
    footage, policy = grounds(node)
    if out.exists():
        raise ConfigError(f"{out} is there already, and is not overwritten")
    audit, room = audit_of(node), FootageRoom(footage.folder)
    desk = ReleaseDesk(audit, Ed25519Verifier(), SystemClock(), room.ring.slots, room.ring.find)
    try:
        with desk.refusals():
            asked = read_request(request)
        with desk.refusals(subject=asked.request.sha256(), case=asked.request.case):
            admitted(node)
            presenter = owner(node.policy, key)
        shares = desk.release(asked, wanted, presenter, _box(node, footage, room))
    finally:
        audit.close()
        room.close()
    write_new(out, _sealed(policy, asked, shares))
    return tuple(shares)


def exporter(node: NodeSpec, room: FootageRoom, audit: Audit) -> Callable[[ExportOrder, Party], Package]:
    """Gives out shares by command, into the folder of exports; the same command twice is one.

    Raises:
        ConfigError: nothing is recorded on this box.
    """
    footage, policy = grounds(node)
    desk = ReleaseDesk(audit, Ed25519Verifier(), SystemClock(), room.ring.slots, room.ring.find)

    def export(order: ExportOrder, party: Party) -> Package:
        path = export_folder(node) / f"{order.nonce[:PACKAGE_DIGITS]}.share.age"
        if not path.exists():
            signatures = (Signature(each.signer, bytes.fromhex(each.ed25519)) for each in order.approvals)
            asked = SignedRequest(order.request.value(), tuple(signatures))
            with desk.refusals(party.id, asked.request.sha256(), asked.request.case):
                admitted(node)
            shares = desk.release(asked, (), party, _box(node, footage, room))
            make_folder(path.parent)
            replace(path, _sealed(policy, asked, shares))
        return Package(path.name, _sha256(path))

    return export


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as failure:
        raise StorageError(f"{path}: {failure.strerror}") from failure


def _sealed(policy: FootagePolicy, asked: SignedRequest, shares: Mapping[SlotId, bytes]) -> bytes:
    """The shares, for the keyholders alone."""
    recipients = [x25519.Recipient.from_str(holder.seal_recipient) for holder in policy.holders.holders]
    sealed: bytes = pyrage.encrypt(_told(asked, shares), recipients)
    return sealed


def _box(node: NodeSpec, footage: FootageSpec, room: FootageRoom) -> Box:
    now = SystemClock().now()
    newest = max((slot.ended_ns for slot in room.holdings.kept()), default=None)
    trusted = TimeMemory(room.root / "time.json", newest, footage.confirm_clock_s).peek(now)
    name = f"{node.region}/{node.node}"
    return Box(name, node.policy, node.policy_sha256, now.utc_ns, trusted.utc_ns)


def _told(asked: SignedRequest, shares: Mapping[SlotId, bytes]) -> bytes:
    told = {str(slot): share.hex() for slot, share in shares.items()}
    return json.dumps({"request_sha256": asked.request.sha256(), "shares": told}).encode()
