"""The verb `status`: how a running box is doing, once or as a screen that keeps up."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from edge.config.load import load
from edge.governance.term import SOON_DAYS
from edge.messages.words import lasting, plural
from edge.run.status import PUBLISH, BoxStatus, CameraStatus, OutboxStatus, PolicyStatus, Spread
from edge.run.status_socket import ask

EVERY_S = 1.0
LOW_DISK_MIB = 512
HOT_C = 85.0
"""Above this, small boards slow themselves down."""

CLOCKS = {
    "synced": ("synchronised", ""),
    "unsynced": ("not synchronised: its times may be wrong", "yellow"),
}


def status(config: Path, *, once: bool, as_json: bool) -> None:
    """Show the status until Ctrl-C; once where nobody looks at a screen.

    Raises:
        ConfigError: the configuration is wrong.
        SafecityError: no box runs.
    """
    folder = load(config).data_dir
    if as_json:
        print(json.dumps(ask(folder).to_json()))
    elif once or not sys.stdout.isatty():
        Console(width=None if sys.stdout.isatty() else 120, highlight=False).print(screen(ask(folder)))
    else:
        _keep_up(lambda: ask(folder))


def screen(box: BoxStatus) -> RenderableType:
    """The whole screen."""
    title = Text.assemble(
        (f"{box.node}", "bold"),
        f" in {box.region} · up {lasting(box.up_s)} · version {box.version} · run {box.boot}",
    )
    return Group(title, Text(), _cameras(box), Text(), _rest(box))


def _keep_up(look: Callable[[], BoxStatus]) -> None:
    with Live(screen(look()), auto_refresh=False, screen=True) as live:
        try:
            while True:
                time.sleep(EVERY_S)
                live.update(screen(look()), refresh=True)
        except KeyboardInterrupt:
            return


def _cameras(box: BoxStatus) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("camera", "state", "fps", "gated", "delay", "inference p50/p95", "event p50/p95", "dropped"):
        table.add_column(name, justify="left" if name in ("camera", "state") else "right")
    for camera in box.cameras:
        table.add_row(
            camera.camera,
            _state(camera),
            "–" if camera.fps is None else f"{camera.fps:.1f}",
            "–" if camera.still is None else f"{camera.still:.0%}",
            "–" if camera.delay_ms is None else f"{camera.delay_ms} ms",
            _spread(camera.inference),
            _spread(camera.event),
            f"{camera.dropped:,}",
        )
    return table


def _spread(took: Spread | None) -> str:
    return "–" if took is None else f"{took.p50_ms} / {took.p95_ms} ms"


def _state(camera: CameraStatus) -> Text:
    said = Text(camera.state, style=_colour(camera))
    if camera.uncounted:
        places = f"{camera.uncounted} {plural('place', camera.uncounted)}"
        said.append(f", too dense to count in {places}", style="yellow")
    return said


def _colour(camera: CameraStatus) -> str:
    word = camera.state.partition(" ")[0]
    return {"ok": "green", "starting": "yellow", "connecting": "yellow"}.get(word, "bold red")


def _rest(box: BoxStatus) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column()
    low = "bold red" if box.free_mib < LOW_DISK_MIB else ""
    table.add_row("outbox", _outbox(box.outbox) if box.outbox else "starting")
    if box.policy is not None:
        table.add_row("policy", _policy(box.policy))
    table.add_row("disk", Text(f"{box.free_mib:,} of {box.size_mib:,} MiB free", style=low))
    if box.temperature_c is not None:
        hot = "bold red" if box.temperature_c > HOT_C else ""
        table.add_row("temperature", Text(f"{box.temperature_c:.0f} °C", style=hot))
    table.add_row("clock", Text(*CLOCKS.get(box.clock, (box.clock, ""))))
    if box.metrics:
        table.add_row("metrics", box.metrics)
    for process in box.processes:
        died = f", died {process.deaths} {plural('time', process.deaths)}" if process.deaths else ""
        cut_off = process.name == PUBLISH and box.outbox is not None and not box.outbox.connected
        bad = cut_off or (died and not process.lives)
        state = Text(process.state + died, style="bold red" if bad else "")
        table.add_row(Text(process.name), state)
    return table


def _policy(policy: PolicyStatus) -> Text:
    if policy.over:
        ended = f"version {policy.version} expired on {policy.expires}"
        return Text(f"{ended}: nothing is looked at or recorded until the next", style="bold red")
    soon = "yellow" if policy.days_left <= SOON_DAYS else ""
    days = f"{policy.days_left} {plural('day', policy.days_left)}"
    return Text(f"version {policy.version}, until {policy.expires}, {days}", style=soon)


def _outbox(outbox: OutboxStatus) -> str:
    oldest = f", the oldest for {lasting(outbox.oldest_s)}" if outbox.waiting else ""
    sent = "" if outbox.sent_per_s is None else f"; {outbox.sent_per_s:.1f} sent a second"
    causes = ", ".join(f"{number:,} {cause}" for cause, number in outbox.lost_by.items())
    lost = f"; {outbox.lost:,} lost and not yet reported ({causes})" if outbox.lost else ""
    dead = f"; {outbox.dead} dead letters" if outbox.dead else ""
    return f"{outbox.waiting:,} {plural('message', outbox.waiting)} waiting{oldest}{sent}{lost}{dead}"
