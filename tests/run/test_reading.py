"""Copies of the audit log by order: sealed to who orders, told in the record first, whole when opened."""

import io
import tarfile
from pathlib import Path

import pyrage
import pytest

from edge.adapters.audit_log import AuditLog
from edge.adapters.clock import SystemClock
from edge.adapters.ed25519 import Ed25519Signer
from edge.config.load import load
from edge.messages.command import CommandMessage, command_bytes, order_of, parse_command
from edge.privacy.spec import Origin
from edge.run.commands import Effect
from edge.run.places import export_folder
from edge.run.wiring import auditing
from edge.run.wiring.reading import reader
from edge.values.audit import Action, AuditEntry
from edge.values.command import Doubt, Package, Verb
from tests.config.test_load import GOOD
from tests.fakes.blobs import blob_folder
from tests.fakes.governed import Governed, governed

NONCE = "5e" * 16


class Box:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = Ed25519Signer.fresh()
        self.state: Governed = governed(
            folder, blob_folder(folder / "blobs"), {"night-shift": self.key.key.hex()}
        )
        config = folder / "node.yaml"
        config.write_text(f"{GOOD}policy: {{file: policy.yaml, roots: {self.state.policy['roots']}}}\n")
        self.node = load(config)
        self.audit: AuditLog = auditing.audit_of(self.node)

    def ordered(self, signer: str = "auditor", nonce: str = NONCE) -> Effect:
        return reader(self.node, self.audit)(self.message(signer, nonce))

    def message(self, signer: str, nonce: str) -> CommandMessage:
        origin = Origin(self.node.region, self.node.node)
        data = order_of(origin, Verb.AUDIT, signer, nonce, 1_790_000_000_000_000_000, 60)
        return parse_command(origin.topic("command"), command_bytes(data, self.key))

    def opened(self, package: Package, name: str) -> Path:
        """The copy, opened by this person."""
        raw = (export_folder(self.node) / package.name).read_bytes()
        plain = pyrage.decrypt(raw, [self.state.identities[name]])
        with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
            assert all(each.name.startswith("audit/") for each in archive.getmembers() if each.isfile())
            archive.extractall(self.folder / "opened")
        return self.folder / "opened" / "audit"


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_a_copy_fits_its_heads_and_tells_who_had_it(box: Box) -> None:
    package = box.ordered().package
    assert package is not None
    copy = box.opened(package, "auditor")
    found = auditing.judged(copy, None, "")
    assert found.misfit is None
    (entry,) = [each.entry for each in auditing.entries(copy) if each.entry.action is Action.READ]
    assert (entry.actor, entry.subject) == ("auditor", "audit")
    assert not (copy / "key.pem").exists()


def test_nobody_else_opens_it(box: Box) -> None:
    package = box.ordered("guardian").package
    assert package is not None
    with pytest.raises(pyrage.DecryptError):
        box.opened(package, "officer")
    box.opened(package, "guardian")


def test_the_same_order_again_is_one_copy_and_one_entry(box: Box) -> None:
    first = box.ordered()
    entry = AuditEntry(SystemClock().now(), "run", Action.STARTED, "r/n")
    box.audit.append(entry)
    assert box.ordered() == first
    read = [each for each in auditing.entries(box.audit.folder) if each.entry.action is Action.READ]
    assert len(read) == 1
    assert box.ordered(nonce="77" * 16).package != first.package


def test_who_has_no_seal_gets_no_copy(box: Box) -> None:
    assert box.ordered("night-shift").doubt is Doubt.NO_SEAL
    assert not export_folder(box.node).exists()
