"""Which sequence numbers of which boot are in the database: the part of it that says what may be receipted.

Law: whoever reads or changes the numbers of a boot has locked its row, always in the order of ids, so that
any number of ingesters see the truth and none waits for ever.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, select

from edge.adapters.centre_bulk import among, enter, upsert
from edge.adapters.centre_tables import boots, nodes, runs
from edge.privacy.spec import Origin
from edge.values.spans import Spans

NONE = Spans()


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of one boot: those that arrived, and those that its box told as lost."""

    arrived: Spans = NONE
    told: Spans = NONE

    def plus(self, other: "Numbers") -> "Numbers":
        """All of both."""
        return Numbers(self.arrived | other.arrived, self.told | other.told)


def insert_once(db: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert what is not there yet."""
    enter(db, upsert(db, table).on_conflict_do_nothing(), rows)


def node_ids(db: Connection, origins: Collection[Origin], now: datetime) -> dict[Origin, int]:
    """The ids of boxes; those never heard of get one."""
    found = _nodes(db, origins)
    missing = sorted(set(origins) - set(found), key=lambda each: (each.region, each.node))
    if missing:
        insert_once(db, nodes, [{"region": o.region, "node": o.node, "heard": now} for o in missing])
        found |= _nodes(db, missing)
    return found


def boot_ids(
    db: Connection, wanted: Collection[tuple[int, str]], now: datetime
) -> dict[tuple[int, str], int]:
    """The ids of boots, by node id and name; those never heard of get one."""
    found = _boots(db, wanted)
    missing = sorted(set(wanted) - set(found))
    if missing:
        insert_once(db, boots, [{"node_id": node, "boot": boot, "heard": now} for node, boot in missing])
        found |= _boots(db, missing)
    return found


def latest_boots(db: Connection, node_id: int, most: int) -> dict[str, int]:
    """The last boots heard of a box, by name."""
    rows = db.execute(
        select(boots.c.boot, boots.c.id)
        .where(boots.c.node_id == node_id)
        .order_by(boots.c.id.desc())
        .limit(most)
    )
    return {row.boot: row.id for row in rows}


def lock(db: Connection, ids: Iterable[int]) -> dict[int, Numbers]:
    """What is stored of these boots; nobody else changes it before this transaction ends."""
    wanted = sorted(set(ids))
    if wanted:
        these = among(db, [boots.c.id], [(each,) for each in wanted])
        db.execute(select(boots.c.id).where(these).order_by(boots.c.id).with_for_update())
    return numbers_of(db, wanted)


def numbers_of(db: Connection, ids: Collection[int]) -> dict[int, Numbers]:
    """What is stored of these boots."""
    if not ids:
        return {}
    found: dict[tuple[int, bool], list[tuple[int, int]]] = defaultdict(list)
    for row in db.execute(select(runs).where(among(db, [runs.c.boot_id], [(each,) for each in ids]))):
        found[row.boot_id, row.told].append((row.first, row.last))
    return {each: Numbers(Spans.of(found[each, False]), Spans.of(found[each, True])) for each in ids}


def write(db: Connection, before: Mapping[int, Numbers], after: Mapping[int, Numbers]) -> None:
    """Change the ranges of locked boots from what they were to what they are."""
    old = {(boot_id, *run) for boot_id in after for run in _rows(before[boot_id])}
    new = {(boot_id, *run) for boot_id in after for run in _rows(after[boot_id])}
    kept = {row[:3] for row in new}
    gone, come = sorted(row[:3] for row in old if row[:3] not in kept), sorted(new - old)
    if gone:
        db.execute(delete(runs).where(among(db, list(runs.primary_key), gone)))
    statement = upsert(db, runs)
    statement = statement.on_conflict_do_update(
        index_elements=list(runs.primary_key), set_={"last": statement.excluded.last}
    )
    enter(db, statement, [dict(zip(runs.c.keys(), row, strict=True)) for row in come])


def _rows(numbers: Numbers) -> Iterable[tuple[bool, int, int]]:
    yield from ((False, first, last) for first, last in numbers.arrived)
    yield from ((True, first, last) for first, last in numbers.told)


def _nodes(db: Connection, origins: Collection[Origin]) -> dict[Origin, int]:
    names = [(origin.region, origin.node) for origin in origins]
    rows = db.execute(
        select(nodes.c.id, nodes.c.region, nodes.c.node).where(
            among(db, [nodes.c.region, nodes.c.node], names)
        )
    )
    return {Origin(row.region, row.node): row.id for row in rows}


def _boots(db: Connection, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    rows = db.execute(
        select(boots.c.id, boots.c.node_id, boots.c.boot).where(
            among(db, [boots.c.node_id, boots.c.boot], wanted)
        )
    )
    return {(row.node_id, row.boot): row.id for row in rows}
