"""Tables of what the database of a centre holds, for people and for scripts."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from edge.messages.words import lasting, local, plural
from edge.values.policy_term import PolicyStanding

Rows = Sequence[Mapping[str, Any]]

WIDE = 240

SEVERITY = {
    "minor": "cyan",
    "moderate": "yellow",
    "severe": "bold red",
    "extreme": "bold white on red",
}
STATE = {"online": "green", "lost": "bold red", "stopped": "yellow"}


def as_json(rows: Rows) -> Iterable[str]:
    """One JSON object a line; times in UTC, RFC 3339; what does not apply is absent."""
    for row in rows:
        told = {name: _plain(value) for name, value in row.items() if value is not None}
        yield json.dumps(told, ensure_ascii=False)


def show(what: str, rows: Rows, zone: tzinfo) -> None:
    """A table on standard output; where nothing is, a line that says so."""
    # In a file or a pipe nothing is folded: there is no edge.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    if not rows:
        console.print(
            {"events": "no events", "gaps": "nothing is missing", "nodes": "no boxes yet"}.get(what, "none")
        )
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    heads, line = _SORTS[what]
    for head in heads:
        table.add_column(head, justify="right" if head in _RIGHT else "left", overflow="fold")
    for row in rows:
        table.add_row(*line(row, zone))
    console.print(table)


def _event(row: Mapping[str, Any], zone: tzinfo) -> Sequence[str | Text]:
    over = row["phase"] == "end"
    lasted = "once" if row["cause"] == "instant" else lasting(row["duration_s"])
    how = {"instant": "", "cleared": "over", None: "going on"}.get(row["cause"], f"over: {row['cause']}")
    return (
        _time(row["started"], zone),
        f"{row['region']}/{row['node']}",
        row["camera"],
        Text(row["severity"], style=SEVERITY.get(row["severity"], "")),
        row["kind"],
        row["place"],
        str(row["peak"]),
        lasted,
        Text(how, style="" if over else "yellow"),
    )


def _gap(row: Mapping[str, Any], zone: tzinfo) -> Sequence[str | Text]:
    numbers = f"{row['first']}" if row["first"] == row["last"] else f"{row['first']}…{row['last']}"
    unknown = row["cause"] == "unknown"
    return (
        f"{row['region']}/{row['node']}",
        row["boot"],
        "?" if unknown else f"{row['count']:,}",
        "nobody can say" if unknown else numbers,
        Text(row["cause"], style="red" if row["told"] is None else ""),
        _time(row["since"], zone),
        _time(row["until"], zone),
        "not yet" if row["told"] is None else _time(row["told"], zone),
    )


def _node(row: Mapping[str, Any], zone: tzinfo) -> Sequence[str | Text]:
    state = row["state"] or "never said"
    cameras = "" if row["cameras"] is None else f"{row['cameras_ok']} of {row['cameras']}"
    return (
        f"{row['region']}/{row['node']}",
        Text(state, style=STATE.get(state, "dim")),
        cameras,
        _enrolled(row["enrolled"]),
        _policy(row),
        row["version"] or "",
        _time(row["connected"], zone),
        _time(row["heard"], zone),
        row["boot"] or "",
    )


def _policy(row: Mapping[str, Any]) -> Text:
    match row["policy_standing"]:
        case None:
            return Text("none told", style="dim")
        case PolicyStanding.OVER:
            return Text(f"over since {row['policy_expires']}", style="bold red")
        case PolicyStanding.ENDS_SOON:
            left = row["policy_days_left"]
            return Text(f"{left} {plural('day', left)} left", style="yellow")
        case _:
            return Text(f"until {row['policy_expires']}")


def _enrolled(enrolled: bool | None) -> Text:
    if enrolled is None:
        return Text("not checked", style="dim")
    return Text("yes") if enrolled else Text("no", style="bold red")


def _bad(row: Mapping[str, Any], zone: tzinfo) -> Sequence[str | Text]:
    return _time(row["received"], zone), row["topic"], f"{row['size_bytes']:,}", row["why"]


_SORTS = {
    "events": (("began", "box", "camera", "severity", "kind", "place", "peak", "lasted", ""), _event),
    "gaps": (("box", "boot", "messages", "numbers", "cause", "from", "until", "told"), _gap),
    "nodes": (
        ("box", "state", "cameras ok", "enrolled", "policy", "version", "connected", "last heard", "boot"),
        _node,
    ),
    "bad": (("received", "topic", "bytes", "why"), _bad),
}
_RIGHT = ("peak", "messages", "bytes", "lasted")


def _time(moment: datetime | None, zone: tzinfo) -> str:
    return "" if moment is None else local(moment, zone).strftime("%Y-%m-%d %H:%M:%S")


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="milliseconds") if isinstance(value, datetime) else value
