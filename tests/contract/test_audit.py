"""The contract of an audit log, on the fake and on the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.adapters.audit_log import AuditLog
from edge.ports import Audit
from edge.values.audit import Action, AuditEntry
from tests.fakes.audit import MemoryAudit
from tests.fakes.clock import FakeClock


@pytest.fixture(params=["fake", "disk"])
def audit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Audit]:
    if request.param == "fake":
        yield MemoryAudit()
        return
    log = AuditLog(tmp_path, "safecity/north/a", FakeClock().now)
    yield log
    log.close()


def test_every_entry_gets_the_next_number_and_a_hash_of_its_own(audit: Audit) -> None:
    entry = AuditEntry(FakeClock().now(), "run", Action.STARTED, "north/a")
    receipts = [audit.append(entry) for _ in range(5)]
    numbers = [receipt.index for receipt in receipts]
    assert numbers == list(range(numbers[0], numbers[0] + 5))
    assert len({receipt.sha256 for receipt in receipts}) == 5
