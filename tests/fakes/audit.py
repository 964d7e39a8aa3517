"""An audit log in memory."""

import hashlib

from edge.values.audit import AuditEntry, Receipt
from edge.values.errors import StorageError


class MemoryAudit:
    """The `Audit` port; `full` makes every entry fail."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []
        self.full = False

    def append(self, entry: AuditEntry) -> Receipt:
        if self.full:
            raise StorageError("the disk is full")
        self.entries.append(entry)
        return Receipt(len(self.entries) - 1, hashlib.sha256(repr(self.entries).encode()).hexdigest())
