"""A monitoring centre's database: what came is stored once, and what is stored can be receipted.

Law: one `commit` is one transaction, and what it returns is true once it returned, whichever of several
ingesters stored the messages: it is read from the database while the boots concerned are locked
(`centre_ledger`). A message is stored once, by boot and sequence. Nothing here knows of brokers.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from edge.adapters import centre_entry as entry
from edge.adapters import centre_ledger as ledger
from edge.adapters.centre_bulk import enter
from edge.adapters.centre_ledger import Numbers
from edge.adapters.centre_rows import gap_rows, message_row
from edge.adapters.centre_tables import gaps, messages, prepare
from edge.messages.arrival import Arrival, Committed, Unfit
from edge.messages.node import GapMessage, StatusMessage
from edge.privacy.reports import NodeState
from edge.privacy.spec import Origin
from edge.values.errors import StorageError
from edge.values.receipt import Receipt
from edge.values.spans import Spans

BOOTS_TOLD_AT_BIRTH = 8
PREPARE_EVERY = timedelta(days=1)


def engine_of(url: URL, reading: bool = False) -> Engine:
    """Connections to this database; what SQLite committed, it keeps through a power cut."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 10.0, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver begins no transactions of its own
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


class CentreStore:
    """The database of a monitoring centre; any number of ingesters may share one on PostgreSQL.

    Raises:
        StorageError: with every method, the database is not there or refuses; nothing was changed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._prepare_after = datetime.min.replace(tzinfo=UTC)

    def commit(self, came: Sequence[Arrival | Unfit], now: datetime) -> Committed:
        """Store a batch; what is there is left as it is, what the database cannot hold is set aside.

        Raises:
            StorageError: nothing was stored.
        """
        try:
            return self._commit(came, now)
        except SQLAlchemyError as error:  # about the rows: all others are a StorageError
            if len(came) == 1:
                only = came[0]
                return self._commit([Unfit(only.topic, only.payload, f"database: {_why(error)}")], now)
        half = len(came) // 2
        one, other = self.commit(came[:half], now), self.commit(came[half:], now)
        return Committed(
            {**one.standings, **other.standings},
            one.fresh + other.fresh,
            one.again + other.again,
            one.unfit + other.unfit,
        )

    def _commit(self, came: Sequence[Arrival | Unfit], now: datetime) -> Committed:
        arrivals = [each for each in came if isinstance(each, Arrival)]
        unfit = [each for each in came if isinstance(each, Unfit)]
        with self._transaction() as db:
            if now >= self._prepare_after:
                prepare(db, now)
            entry.quarantine_all(db, unfit, now)
            batch = _Batch(db, arrivals, now)
            fresh = batch.store()
            done = Committed(batch.standings(), fresh, batch.numbered - fresh, len(unfit))
        self._prepare_after = max(self._prepare_after, now + PREPARE_EVERY)
        return done

    def prepare(self) -> None:
        """Make the tables that are not there yet.

        Raises:
            StorageError: the database cannot be opened, or refuses.
        """
        now = datetime.now(UTC)
        with self._transaction() as db:
            prepare(db, now)
        self._prepare_after = now + PREPARE_EVERY

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as db:
                yield db
        except SQLAlchemyError as error:
            if _is_about_rows(error):
                raise
            raise StorageError(f"database {_shown(self._engine.url)}: {_why(error)}") from error


class _Batch:
    """One batch within one transaction."""

    def __init__(self, db: Connection, arrivals: Sequence[Arrival], now: datetime) -> None:
        self._db, self._now, self._arrivals = db, now, arrivals
        self._node_ids = ledger.node_ids(db, {arrival.origin for arrival in arrivals}, now)
        self._boot_ids = ledger.boot_ids(db, set(self._boots()), now)
        self._before = ledger.lock(db, self._boot_ids.values())
        self._after: dict[int, Numbers] = dict(self._before)
        self.numbered = sum(not isinstance(each.message, StatusMessage) for each in arrivals)

    def store(self) -> int:
        """Enter what is new; how many messages that is."""
        entry.tell_nodes(self._db, [(each, self._node(each)) for each in self._arrivals], self._now)
        fresh = list(self._fresh())
        if fresh:
            stored = [(each, self._node(each), self._boot(each)) for each in fresh]
            rows = [message_row(each, boot_id, self._now) for each, _, boot_id in stored]
            enter(self._db, insert(messages), rows)
            entry.enter_episodes(self._db, stored)
            entry.enter_cameras(self._db, stored)
            self._enter_gaps(fresh)
            self._count(fresh)
            ledger.write(self._db, self._before, self._after)
        return len(fresh)

    def standings(self) -> Mapping[Origin, tuple[Receipt, ...]]:
        """What is stored now of the boots in this batch, and of the boxes that were born."""
        wanted: dict[Origin, dict[str, int]] = defaultdict(dict)
        for arrival in self._arrivals:
            if not isinstance(arrival.message, StatusMessage):
                wanted[arrival.origin][arrival.message.boot] = self._boot(arrival)
            elif arrival.message.data.state is NodeState.ONLINE:
                latest = ledger.latest_boots(self._db, self._node(arrival), BOOTS_TOLD_AT_BIRTH)
                wanted[arrival.origin].update(latest)
        others = {each for known in wanted.values() for each in known.values()} - self._after.keys()
        numbers = self._after | ledger.numbers_of(self._db, others)
        return {
            origin: tuple(
                Receipt(boot, both)
                for boot, boot_id in known.items()
                if (both := numbers[boot_id].arrived | numbers[boot_id].told)
            )
            for origin, known in wanted.items()
        }

    def _boots(self) -> Iterator[tuple[int, str]]:
        """All boots that speak or are spoken of."""
        for arrival in self._arrivals:
            if not isinstance(arrival.message, StatusMessage):
                yield self._node(arrival), arrival.message.boot
            if isinstance(arrival.message, GapMessage):
                for lost in arrival.message.data.ranges:
                    if lost.boot:
                        yield self._node(arrival), lost.boot

    def _fresh(self) -> Iterator[Arrival]:
        """Numbered messages that are neither stored nor twice in the batch."""
        seen: set[tuple[int, int]] = set()
        for arrival in self._arrivals:
            if isinstance(arrival.message, StatusMessage):
                continue
            key = self._boot(arrival), int(arrival.message.sequence)
            if key not in seen and key[1] not in self._before[key[0]].arrived:
                seen.add(key)
                yield arrival

    def _enter_gaps(self, fresh: Sequence[Arrival]) -> None:
        rows = [
            row
            for arrival in fresh
            if isinstance(arrival.message, GapMessage)
            for row in gap_rows(arrival.message, self._node(arrival))
        ]
        enter(self._db, insert(gaps), rows)
        for row in rows:
            # A folded range does not say which of its numbers are lost: what it covers may yet arrive.
            if row["boot"] and row["count"] == row["last"] - row["first"] + 1:
                told = Numbers(told=Spans(((row["first"], row["last"]),)))
                boot_id = self._boot_ids[row["node_id"], row["boot"]]
                self._after[boot_id] = self._after[boot_id].plus(told)

    def _count(self, fresh: Sequence[Arrival]) -> None:
        """The numbers of what was entered."""
        arrived: dict[int, list[int]] = defaultdict(list)
        for arrival in fresh:
            assert not isinstance(arrival.message, StatusMessage)
            arrived[self._boot(arrival)].append(int(arrival.message.sequence))
        for boot_id, numbers in arrived.items():
            self._after[boot_id] = self._after[boot_id].plus(Numbers(Spans.numbers(numbers)))

    def _node(self, arrival: Arrival) -> int:
        return self._node_ids[arrival.origin]

    def _boot(self, arrival: Arrival) -> int:
        assert not isinstance(arrival.message, StatusMessage)
        return self._boot_ids[self._node(arrival), arrival.message.boot]


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _is_about_rows(error: SQLAlchemyError) -> bool:
    """Whether the database refused what it was given, and will again; by its own code where there is one.

    SQLSTATE class 22, data exception, and 23, integrity constraint violation (ISO/IEC 9075-2): pg8000 raises
    the same for them as for a database that shuts down.
    """
    return isinstance(error, DataError | IntegrityError) or _told(error).get("C", "")[:2] in ("22", "23")


def _why(error: SQLAlchemyError) -> str:
    """The driver's words alone: SQLAlchemy's text would show the rows, and so do PostgreSQL's details."""
    return _told(error).get("M") or str(getattr(error, "orig", None) or type(error).__name__)


def _told(error: SQLAlchemyError) -> Mapping[str, str]:
    """What PostgreSQL said, by the letters of its protocol: C is a code, M a message; empty from others."""
    words = getattr(getattr(error, "orig", None), "args", ())
    return words[0] if words and isinstance(words[0], dict) else {}
