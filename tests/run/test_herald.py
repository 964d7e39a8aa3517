"""The head leaves the box when the log grew, and the log learns what the clock does."""

from dataclasses import replace
from pathlib import Path

from edge.adapters.audit_log import AuditLog, read_head
from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.messages.audit import AuditMessage
from edge.messages.line import readable
from edge.messages.parse import parse
from edge.run.herald import ClockWatch, Herald
from edge.run.wiring.auditing import _of
from edge.values.audit import Action, AuditEntry
from edge.values.moment import ClockTrust, Moment
from tests.fakes.audit import MemoryAudit
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import MemoryOutbox
from tests.fakes.privacy import ORIGIN


def test_a_head_is_told_once_and_a_witness_can_check_it(tmp_path: Path) -> None:
    clock, outbox = FakeClock(), MemoryOutbox()
    log = AuditLog(tmp_path, f"safecity/{ORIGIN.region}/{ORIGIN.node}", clock.now)
    key = Ed25519Signer.read(tmp_path / "key.pem").key
    herald = Herald(lambda: read_head(tmp_path), key, outbox, ORIGIN, clock)
    herald.tell()
    herald.tell()
    log.append(AuditEntry(clock.now(), "run", Action.STARTED, "north/a"))
    herald.tell()
    sent = outbox.take(10)
    assert [pending.topic for pending in sent] == ["safecity/v1/samarkand/registan-01/audit"] * 2
    message = parse(sent[1].topic, sent[1].payload)
    assert isinstance(message, AuditMessage)
    assert message.data.size == 2
    assert "2 entries in the audit log" in str(readable(message))
    assert _of(message).is_signed_by(key, Ed25519Verifier())
    assert _of(message) == read_head(tmp_path)


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = Moment(10**9, 10**18, ClockTrust.UNSYNCED)

    def now(self) -> Moment:
        return self.at


def test_changes_of_trust_and_steps_are_recorded_once() -> None:
    clock, audit = Hands(), MemoryAudit()
    watch = ClockWatch(audit, clock)
    for at in (
        clock.at,
        clock.at.plus(1),
        replace(clock.at.plus(2), trust=ClockTrust.SYNCED),
        replace(clock.at.plus(3), trust=ClockTrust.SYNCED, utc_ns=2 * 10**18),
        replace(clock.at.plus(4), trust=ClockTrust.SYNCED, utc_ns=2 * 10**18 + 10**9),
    ):
        clock.at = at
        watch.look()
    assert [entry.subject for entry in audit.entries] == ["unsynced", "synced", "step"]
    assert audit.entries[-1].words == "UTC was set by +999999997.000 s"


def test_a_change_that_could_not_be_recorded_is_recorded_later() -> None:
    clock, audit = Hands(), MemoryAudit()
    watch = ClockWatch(audit, clock)
    audit.full = True
    watch.look()
    audit.full = False
    watch.look()
    assert [entry.subject for entry in audit.entries] == ["unsynced"]
