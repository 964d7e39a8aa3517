"""Many rows between an ingester and its database in one statement, whatever their number.

Law: on PostgreSQL rows travel as one parameter, a text that the database takes apart itself. Its driver would
send the rows of a list one by one, each with a wait for the answer, and reads a long statement letter by
letter. SQLite, which is in the process, takes lists as they are. Rows are dealt with in the order given.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite

from edge.adapters.centre_rows import Row

POSTGRESQL = "postgresql"


def upsert(db: Connection, table: Table) -> Any:
    """An INSERT that knows what to do on conflicts, in this database's dialect."""
    return (postgresql if db.dialect.name == POSTGRESQL else sqlite).insert(table)


def enter(db: Connection, insertion: Any, rows: Sequence[Row]) -> None:
    """Insert rows, which all have the same columns; none is nothing to do."""
    if not rows:
        return
    if db.dialect.name != POSTGRESQL:
        db.execute(insertion, rows)
        return
    source = _table({name: insertion.table.c[name] for name in rows[0]}, rows)
    db.execute(insertion.from_select(list(rows[0]), select(*source.c)))


def among(
    db: Connection, columns: Sequence[Column[Any]], keys: Collection[Sequence[Any]]
) -> ColumnElement[bool]:
    """Whether these columns of a row are one of the keys."""
    if db.dialect.name != POSTGRESQL:
        return tuple_(*columns).in_(list(keys))
    names = [each.name for each in columns]
    source = _table(
        dict(zip(names, columns, strict=True)), (dict(zip(names, key, strict=True)) for key in keys)
    )
    return tuple_(*columns).in_(select(*source.c))


class Each:
    """Rows that a statement changes others by, once for each; `each[name]` stands for a column of theirs."""

    def __init__(self, db: Connection, types: Mapping[str, Column[Any]], rows: Sequence[Row]) -> None:
        """All rows have the columns that `types` names, of the types of the columns it gives."""
        self._source = _table(types, rows) if db.dialect.name == POSTGRESQL else None
        self.parameters = None if self._source is not None else rows

    def __getitem__(self, name: str) -> ColumnElement[Any]:
        return bindparam(name) if self._source is None else self._source.c[name]


def _table(types: Mapping[str, Column[Any]], rows: Iterable[Row]) -> FromClause:
    sent = json.dumps(list(rows), default=_sent)
    function = func.json_to_recordset(cast(literal(sent, Text), postgresql.JSON))
    typed = [column(name, of.type) for name, of in types.items()]
    return function.table_valued(*typed).render_derived(with_types=True)


def _sent(value: datetime | bytes) -> str:
    """What JSON has no form for, as PostgreSQL reads it from a text."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value.isoformat()
