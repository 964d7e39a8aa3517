"""The tables of a monitoring centre's database, on SQLite or PostgreSQL.

Law: `messages` holds the bytes as they came and is the truth; all other tables can be made again from it.
Times are UTC. On PostgreSQL `messages` is partitioned by the month of the message's own time, so that old
months can be detached or dropped at once; a time far from now goes to the partition of the rest.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.exc import DBAPIError

log = logging.getLogger("centre")

MONTHS_AHEAD = 2

metadata = MetaData()


class Utc(TypeDecorator[datetime]):
    """A moment with its zone, also where the database knows none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """In UTC."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """In UTC again."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")

nodes = Table(
    "nodes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("region", String(40), nullable=False),
    Column("node", String(40), nullable=False),
    Column("state", String(16)),
    Column("boot", String(64)),
    Column("version", String(64)),
    Column("cameras", Integer),
    Column("connected", Utc),
    Column("heard", Utc, nullable=False),
    UniqueConstraint("region", "node"),
)

policies = Table(
    "policies",
    metadata,
    Column("node_id", Id, ForeignKey("nodes.id"), primary_key=True),
    Column("connected", Utc, nullable=False),
    Column("version", Integer),
    Column("expires", String(10)),
    Column("standing", String(10)),
)
"""Until when the policy of each node holds by its latest word; null for one that has none of the state."""

boots = Table(
    "boots",
    metadata,
    Column("id", Id, primary_key=True),
    Column("node_id", Id, ForeignKey("nodes.id"), nullable=False),
    Column("boot", String(64), nullable=False),
    Column("heard", Utc, nullable=False),
    UniqueConstraint("node_id", "boot"),
)

runs = Table(
    "runs",
    metadata,
    Column("boot_id", Id, ForeignKey("boots.id"), primary_key=True),
    Column("told", Boolean, primary_key=True),
    Column("first", BigInteger, primary_key=True),
    Column("last", BigInteger, nullable=False),
)
"""Sequence numbers that arrived, and those that were told as lost, as ranges that do not touch."""

messages = Table(
    "messages",
    metadata,
    Column("boot_id", Id, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("utc", Utc, primary_key=True),
    Column("type", String(64), nullable=False),
    Column("camera", String(40)),
    Column("event_id", String(36)),
    Column("revision", Integer),
    Column("received", Utc, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("messages_by_event", "event_id", "revision"),
    Index("messages_by_time", "utc"),
    postgresql_partition_by="RANGE (utc)",
)

episodes = Table(
    "episodes",
    metadata,
    Column("node_id", Id, ForeignKey("nodes.id"), primary_key=True),
    Column("event_id", String(36), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("phase", String(8), nullable=False),
    Column("cause", String(16)),
    Column("kind", String(32), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("camera", String(40), nullable=False),
    Column("rule", String(40), nullable=False),
    Column("place", String(40), nullable=False),
    Column("started", Utc, nullable=False),
    Column("utc", Utc, nullable=False),
    Column("duration_s", Float, nullable=False),
    Column("count", Integer, nullable=False),
    Column("peak", Integer, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("episodes_by_start", "started"),
)
"""Each event by its latest revision."""

cameras = Table(
    "cameras",
    metadata,
    Column("node_id", Id, ForeignKey("nodes.id"), primary_key=True),
    Column("camera", String(40), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("since", Utc, nullable=False),
    Column("utc", Utc, nullable=False),
    Column("boot_id", Id, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

backgrounds = Table(
    "backgrounds",
    metadata,
    Column("node_id", Id, ForeignKey("nodes.id"), primary_key=True),
    Column("camera", String(40), primary_key=True),
    Column("boot_id", Id, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)
"""The latest street without people of each camera that sends one."""

gaps = Table(
    "gaps",
    metadata,
    Column("id", Id, primary_key=True),
    Column("node_id", Id, ForeignKey("nodes.id"), nullable=False),
    Column("boot", String(64), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("cause", String(16), nullable=False),
    Column("since", Utc),
    Column("until", Utc),
    Column("told", Utc, nullable=False),
    Index("gaps_by_time", "told"),
)
"""What boxes told as lost, and when it was committed; the cause is `unknown` where nobody can count it."""

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Id, primary_key=True),
    Column("received", Utc, nullable=False),
    Column("topic", String(512), nullable=False),
    Column("why", String(512), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)


def prepare(connection: Connection, now: datetime) -> None:
    """Make what is not there yet: tables, and partitions for the months around now."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(7310311)")
        )  # several ingesters may start at once
    metadata.create_all(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("CREATE TABLE IF NOT EXISTS messages_rest PARTITION OF messages DEFAULT"))
        for first, after in _months(now):
            _add_partition(connection, first, after)


def _add_partition(connection: Connection, first: datetime, after: datetime) -> None:
    """A month's partition; a month of which a box with a wrong clock already spoke stays with the rest."""
    statement = (
        f"CREATE TABLE IF NOT EXISTS messages_{first:%Y_%m} PARTITION OF messages"
        f" FOR VALUES FROM ('{first:%Y-%m-%d}+00') TO ('{after:%Y-%m-%d}+00')"
    )
    try:
        with connection.begin_nested():
            connection.execute(text(statement))
    except DBAPIError as error:
        log.warning("messages of %s stay in messages_rest: %s", f"{first:%Y-%m}", error.orig)


def _months(now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The month before now and those until `MONTHS_AHEAD` after, by their first day and the next one's."""
    for ahead in range(-1, MONTHS_AHEAD + 1):
        year, month = divmod(now.year * 12 + now.month - 1 + ahead, 12)
        after_year, after_month = divmod(year * 12 + month + 1, 12)
        yield datetime(year, month + 1, 1, tzinfo=UTC), datetime(after_year, after_month + 1, 1, tzinfo=UTC)
