"""What a batch changes besides the messages: the latest of events, cameras and nodes, and what was bad.

Law: the newest wins, whatever the order of arrival.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Connection,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from edge.adapters.centre_bulk import Each, among, enter, upsert
from edge.adapters.centre_rows import (
    Row,
    background_rows,
    camera_rows,
    episode_rows,
    node_rows,
    policy_rows,
    quarantine_row,
)
from edge.adapters.centre_tables import (
    backgrounds,
    cameras,
    counters,
    episodes,
    nodes,
    policies,
    quarantine,
)
from edge.messages.arrival import Arrival, Unfit

QUARANTINED_ROWS = 10_000
"""Bad messages kept for inspection; the oldest make room."""

Stored = Sequence[tuple[Arrival, int, int]]
"""Messages that were entered, with the ids of their node and boot."""


def enter_episodes(db: Connection, stored: Stored) -> None:
    """Each event by its latest revision."""
    found = episode_rows([each for each, _, _ in stored], [node_id for _, node_id, _ in stored])
    if found:
        statement = upsert(db, episodes)
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=[episodes.c.node_id, episodes.c.event_id],
            set_={name: new[name] for name in found[0] if name not in ("node_id", "event_id")},
            where=new.revision > episodes.c.revision,
        )
        enter(db, statement, found)


def enter_cameras(db: Connection, stored: Stored) -> None:
    """Each camera by its latest state, and its latest street without people."""
    _enter_latest(db, cameras, camera_rows(stored))
    _enter_latest(db, backgrounds, background_rows(stored))


def _enter_latest(db: Connection, table: Table, found: list[Row]) -> None:
    """Rows by node and camera; one that was sent later takes the place of another."""
    if found:
        statement = upsert(db, table)
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=[table.c.node_id, table.c.camera],
            set_={name: new[name] for name in found[0] if name not in ("node_id", "camera")},
            where=tuple_(new.boot_id, new.sequence) > tuple_(table.c.boot_id, table.c.sequence),
        )
        enter(db, statement, found)


def tell_nodes(db: Connection, arrivals: Sequence[tuple[Arrival, int]], now: datetime) -> None:
    """When each node was last heard, and how it is by its own word or that of its last will."""
    heard = sorted({node_id for _, node_id in arrivals})
    if not heard:
        return
    of_these = among(db, [nodes.c.id], [(each,) for each in heard])
    # Locked in the order of ids: of an UPDATE alone nobody knows the order, and other ingesters do the same.
    locked = select(nodes.c.id).where(of_these).order_by(nodes.c.id).with_for_update(key_share=True)
    db.execute(update(nodes).where(nodes.c.id.in_(locked)).values(heard=now))
    if told := node_rows(arrivals):
        _tell_states(db, told)
        _tell_policies(db, policy_rows(arrivals))


def _tell_states(db: Connection, told: Sequence[Row]) -> None:
    names = ("state", "boot", "version", "cameras", "connected")
    new = Each(
        db, {name: nodes.c[name] for name in names} | {"of": nodes.c.id, "over": nodes.c.cameras}, told
    )
    later = or_(
        nodes.c.connected.is_(None),
        nodes.c.connected < new["connected"],
        and_(nodes.c.connected == new["connected"], or_(nodes.c.state == "online", new["over"] == 1)),
    )
    change = update(nodes).where(nodes.c.id == new["of"], later).values({name: new[name] for name in names})
    db.execute(change, new.parameters)


def _tell_policies(db: Connection, told: list[Row]) -> None:
    statement = upsert(db, policies)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=[policies.c.node_id],
        set_={name: new[name] for name in ("connected", "version", "expires", "standing")},
        where=new.connected >= policies.c.connected,
    )
    enter(db, statement, told)


def quarantine_all(db: Connection, unfit: Sequence[Unfit], now: datetime) -> None:
    """Set bad messages aside, count them, and let the oldest go when there are too many."""
    if not unfit:
        return
    enter(db, insert(quarantine), [quarantine_row(each, now) for each in unfit])
    statement = upsert(db, counters)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=[counters.c.name], set_={"value": counters.c.value + statement.excluded.value}
        ),
        {"name": "quarantined", "value": len(unfit)},
    )
    newest = select(func.max(quarantine.c.id)).scalar_subquery()
    db.execute(delete(quarantine).where(quarantine.c.id <= newest - QUARANTINED_ROWS))
