"""Wiring of the durable queue, which the watch and the publish processes share."""

import uuid

from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from edge.config.spec import NodeSpec
from edge.run.places import outbox_file
from edge.values.errors import StorageError


def fresh_boot() -> str:
    """An id for a new run of the box."""
    return uuid.uuid4().hex[:12]


def outbox_of(node: NodeSpec, boot: str) -> SqliteOutbox:
    """The durable queue of this box.

    Raises:
        StorageError: it cannot be opened.
    """
    try:
        node.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as failure:
        raise StorageError(f"data_dir: {node.data_dir} cannot be made: {failure.strerror}") from failure
    limits = OutboxLimits(size_bytes=node.outbox_bytes, payload_bytes=node.message_bytes)
    return SqliteOutbox(outbox_file(node), boot, limits)
