"""The page of a console: cameras as they are, their streets without people, and what is going on in them.

Law: a page that stands alone, made of the database; no script, and no picture but those that boxes sent,
each of which was held to its form when it came in. What is drawn over a street is what events told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from importlib import resources
from typing import Any

from edge.messages.background import BackgroundData
from edge.messages.event import EventMessage
from edge.messages.line import readable
from edge.messages.words import REASONS, lasting, local
from edge.run.page import PICTURES, page, text
from edge.values.camera_state import CameraState, Reason

MOST_EVENTS = 6
"""Events that are listed under one camera; more are counted."""
OLD = timedelta(hours=26)
"""From then on a street may have changed, and its broker has forgotten it."""


@dataclass(frozen=True, slots=True)
class View:
    """One camera on a console.

    Attributes:
        box: `region/node`.
        camera: its name.
        state, reason, since: how it is; None where it never said.
        street: its street without people; None where none was sent.
        events: that go on there, the gravest first.
    """

    box: str
    camera: str
    state: CameraState | None
    reason: Reason | None
    since: datetime | None
    street: BackgroundData | None
    events: Sequence[EventMessage]


def as_html(views: Sequence[View], zone: tzinfo, now: datetime, refresh_s: int = 0) -> str:
    """The page; a browser loads it anew after `refresh_s`, never where that is 0."""
    style = resources.files("edge.centre").joinpath("console_style.css").read_text(encoding="utf-8")
    well = sum(each.state is CameraState.OK for each in views)
    going_on = sum(len(each.events) for each in views)
    shown = local(now, zone).strftime("%Y-%m-%d %H:%M:%S")
    head = (
        f"<header><h1>Cameras</h1><p>{well} of {len(views)} watch well · {going_on} "
        f"event{'' if going_on == 1 else 's'} going on · as of {text(shown)}</p></header>"
    )
    cards = "\n".join(_card(each, zone, now) for each in views) or "<p>No camera has told of itself yet.</p>"
    body = f"{head}\n<main>\n{cards}\n</main>\n{_legend()}\n"
    return page("Cameras", style, body, security=PICTURES, refresh_s=refresh_s)


def _card(view: View, zone: tzinfo, now: datetime) -> str:
    ok = view.state is CameraState.OK
    kind = "card" if ok else "card blind"
    state = "never said how it is" if view.state is None else view.state.value
    return (
        f'<section class="{kind}"><h2>{text(view.camera)}<small>{text(view.box)}</small>'
        f'<b class="{"ok" if ok else "bad"}">{text(state)}</b></h2>'
        f"{_picture(view)}{_trouble(view, zone)}{_events(view, zone)}{_made(view, zone, now)}</section>"
    )


def _picture(view: View) -> str:
    """The street with what goes on in it; grey where none was sent."""
    if view.street is None:
        return (
            '<div class="none">No picture of this street was sent.<br>Its policy or its box shows none.</div>'
        )
    street = view.street
    boxes = "".join(_boxes(view.events))
    return (
        f'<div class="street"><img alt="the street of {text(view.camera)} without people" '
        f'width="{street.width}" height="{street.height}" src="data:image/png;base64,{street.png}">'
        '<svg viewBox="0 0 1 1" preserveAspectRatio="none" role="img" aria-label="events">'
        f"{boxes}</svg></div>"
    )


def _boxes(events: Iterable[EventMessage]) -> Iterator[str]:
    for event in events:
        for seen in event.data.objects:
            if seen.box is not None:
                x1, y1, x2, y2 = seen.box
                yield (
                    f'<rect class="{text(event.data.severity)}" x="{x1}" y="{y1}" '
                    f'width="{max(0.0, x2 - x1):.4f}" height="{max(0.0, y2 - y1):.4f}"/>'
                )


def _trouble(view: View, zone: tzinfo) -> str:
    if view.state in (CameraState.OK, None) or view.reason is None or view.since is None:
        return ""
    since = local(view.since, zone).strftime("%Y-%m-%d %H:%M:%S")
    return f'<p class="trouble">Nobody watches well: {text(REASONS[view.reason])}, since {text(since)}</p>'


def _events(view: View, zone: tzinfo) -> str:
    if not view.events:
        return '<p class="calm">Nothing is going on.</p>'
    rows = "".join(
        f'<li class="{text(each.data.severity)}">{text(readable(each, zone).what)}'
        f"<small> · for {text(lasting(each.data.duration_s))}</small></li>"
        for each in view.events[:MOST_EVENTS]
    )
    more = len(view.events) - MOST_EVENTS
    return f"<ul>{rows}{f'<li>and {more} more</li>' if more > 0 else ''}</ul>"


def _made(view: View, zone: tzinfo, now: datetime) -> str:
    if view.street is None:
        return ""
    until = datetime.fromisoformat(view.street.until)
    old = ' class="old"' if now - until > OLD else ""
    when = local(until, zone).strftime("%Y-%m-%d %H:%M")
    said = f"Street of {when}, {_ago(now - until)} ago"
    limit = f"at most {view.street.px_per_m:.0f} px/m of the policy's {view.street.policy.max_px_per_m}"
    return f"<footer{old}>{text(said)} · {text(limit)} · {view.street.hidden:.0%} hatched</footer>"


def _ago(age: timedelta) -> str:
    return f"{age.days} days" if age > OLD else lasting(max(0.0, age.total_seconds()))


def _legend() -> str:
    return (
        "<aside>These are not live pictures: each is a street as it looks without anybody, put together "
        "over some minutes. Hatched is what was never seen free, or where nobody may look. Frames are where "
        "events told of somebody last, if the policy lets boxes tell.</aside>"
    )


Rows = Sequence[Mapping[str, Any]]
"""As `edge.adapters.centre_views` answers."""


def views_of(cameras: Rows, streets: Rows, events: Rows) -> list[View]:
    """Cameras by name, with their street and what goes on there; `streets` and `events` carry messages."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in (*cameras, *streets):
        found.setdefault(_key(row), {}).update(row)
    going_on: dict[tuple[str, str], list[EventMessage]] = {}
    for row in events:
        going_on.setdefault(_key(row), []).append(row["message"])
    return [_view(key, row, going_on.get(key, [])) for key, row in sorted(found.items())]


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return f"{row['region']}/{row['node']}", row["camera"]


def _view(key: tuple[str, str], row: Mapping[str, Any], events: Sequence[EventMessage]) -> View:
    box, camera = key
    state, reason, street = row.get("state"), row.get("reason"), row.get("message")
    return View(
        box,
        camera,
        None if state is None else CameraState(state),
        None if reason is None else Reason(reason),
        row.get("since"),
        None if street is None else street.data,
        sorted(events, key=lambda each: GRAVITY.index(each.data.severity)),
    )


GRAVITY = ("extreme", "severe", "moderate", "minor", "info")
