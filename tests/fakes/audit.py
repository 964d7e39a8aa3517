"""An audit log in memory."""

import hashlib

from edge.values.audit import AuditEntry, Receipt
from edge.values.errors import StorageError


class MemoryAudit:
    """The `Audit` port; `full` makes every entry fail, `refusals` only the next ones."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []
        self.full = False
        self.refusals = 0

    def append(self, entry: AuditEntry) -> Receipt:
        if self.full or self.refusals:
            self.refusals = max(0, self.refusals - 1)
            raise StorageError("audit log: No space left on device")
        self.entries.append(entry)
        return Receipt(len(self.entries) - 1, hashlib.sha256(repr(self.entries).encode()).hexdigest())
