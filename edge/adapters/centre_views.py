"""Questions to a monitoring centre's database: its events, its gaps, its nodes.

Law: reads only, bounded by the number of rows that is asked for, newest first.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from edge.adapters.centre_ledger import numbers_of
from edge.adapters.centre_tables import (
    backgrounds,
    boots,
    cameras,
    episodes,
    gaps,
    nodes,
    policies,
    quarantine,
)
from edge.values.errors import StorageError

Answer = list[Mapping[str, Any]]
"""Rows by column; times are in UTC with their zone."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Attributes:
        most: rows.
        region, node: of these alone; "" for all.
    """

    most: int = 50
    region: str = ""
    node: str = ""

    def of(self, query: Select[Any]) -> Select[Any]:
        """The query held to what is wanted."""
        if self.region:
            query = query.where(nodes.c.region == self.region)
        if self.node:
            query = query.where(nodes.c.node == self.node)
        return query.limit(self.most)


class CentreViews:
    """Answers from one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def events(self, wanted: Wanted) -> Answer:
        """Events by their latest revision, the latest begun first."""
        columns = [column for column in episodes.c if column.name not in ("node_id", "payload")]
        query = select(nodes.c.region, nodes.c.node, *columns).join_from(episodes, nodes)
        return self._rows(wanted.of(query.order_by(episodes.c.started.desc())))

    def gaps(self, wanted: Wanted) -> Answer:
        """What boxes told as lost, the latest told first; then holes that nobody has told of."""
        columns = [column for column in gaps.c if column.name not in ("id", "node_id")]
        query = select(nodes.c.region, nodes.c.node, *columns).join_from(gaps, nodes)
        return [
            *self._holes(wanted),
            *self._rows(wanted.of(query.order_by(gaps.c.told.desc(), gaps.c.id.desc()))),
        ]

    def nodes(self, wanted: Wanted) -> Answer:
        """Boxes, with how many of their cameras are well, and what they last told of their policy."""
        well = (
            select(cameras.c.node_id, func.count().label("cameras_ok"))
            .where(cameras.c.state == "ok")
            .group_by(cameras.c.node_id)
            .subquery()
        )
        columns = [column for column in nodes.c if column.name != "id"]
        told = [policies.c[name].label(f"policy_{name}") for name in ("version", "expires", "standing")]
        query = select(*columns, func.coalesce(well.c.cameras_ok, 0).label("cameras_ok"), *told).select_from(
            nodes.outerjoin(well, nodes.c.id == well.c.node_id).outerjoin(
                policies, nodes.c.id == policies.c.node_id
            )
        )
        return self._rows(wanted.of(query.order_by(nodes.c.region, nodes.c.node)))

    def cameras(self, wanted: Wanted) -> Answer:
        """Cameras by their latest state."""
        columns = (cameras.c.camera, cameras.c.state, cameras.c.reason, cameras.c.since)
        query = select(nodes.c.region, nodes.c.node, *columns).join_from(cameras, nodes)
        return self._rows(wanted.of(query.order_by(nodes.c.region, nodes.c.node, cameras.c.camera)))

    def streets(self, wanted: Wanted) -> Answer:
        """The latest street without people of each camera, as its message."""
        columns = (backgrounds.c.camera, backgrounds.c.payload)
        query = select(nodes.c.region, nodes.c.node, *columns).join_from(backgrounds, nodes)
        return self._rows(wanted.of(query.order_by(nodes.c.region, nodes.c.node, backgrounds.c.camera)))

    def going_on(self, wanted: Wanted) -> Answer:
        """Events of cameras that have not ended, by their latest revision, as its message."""
        columns = (episodes.c.camera, episodes.c.payload)
        query = select(nodes.c.region, nodes.c.node, *columns).join_from(episodes, nodes)
        query = query.where(episodes.c.phase != "end", episodes.c.kind != "fused")
        return self._rows(wanted.of(query.order_by(episodes.c.started.desc())))

    def bad(self, wanted: Wanted) -> Answer:
        """Messages that were set aside, the latest first."""
        columns = (quarantine.c.received, quarantine.c.topic, quarantine.c.why, quarantine.c.size_bytes)
        return self._rows(select(*columns).order_by(quarantine.c.id.desc()).limit(wanted.most))

    def states(self) -> list[tuple[str | None, int]]:
        """How many boxes are in which state."""
        rows = self._rows(select(nodes.c.state, func.count().label("count")).group_by(nodes.c.state))
        return [(row["state"], row["count"]) for row in rows]

    def _holes(self, wanted: Wanted) -> Answer:
        """Numbers below the highest one of a boot that neither came nor were told as lost."""
        query = select(nodes.c.region, nodes.c.node, boots.c.boot, boots.c.id, boots.c.heard)
        found: Answer = []
        with self._reading() as db:
            rows = db.execute(wanted.of(query.join_from(boots, nodes).order_by(boots.c.id.desc()))).all()
            numbers = numbers_of(db, [row.id for row in rows])
        for row in rows:
            both = numbers[row.id].arrived | numbers[row.id].told
            for first, last in both.holes():
                hole = {"first": first, "last": last, "count": last - first + 1, "cause": "missing"}
                where = {"region": row.region, "node": row.node, "boot": row.boot}
                found.append({**where, **hole, "since": row.heard, "until": None, "told": None})
        return found[: wanted.most]

    def _rows(self, query: Select[Any]) -> Answer:
        with self._reading() as db:
            return [dict(row) for row in db.execute(query).mappings()]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as db:
                yield db
        except SQLAlchemyError as error:
            why = getattr(error, "orig", None) or type(error).__name__
            shown = self._engine.url.render_as_string(hide_password=True)
            raise StorageError(f"database {shown}: {why}") from error
