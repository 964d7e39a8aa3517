"""The verb `models pull`: a public model of known size and digest comes into the store."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from edge.run.models import shelves
from edge.run.wiring import modelling, pulling
from edge.values.errors import ConfigError

CATALOGUE = "catalogue.yaml"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    name: str | None
    catalogue: Path | None = None
    picture: Path | None = None
    store: Path | None = None
    agreed: bool = False
    as_json: bool = False


def pull(request: Request, agree: Callable[[str], bool]) -> None:
    """Show what would come, ask, fetch, prove and install it; without a name, list the catalogue.

    Args:
        request: what was asked for.
        agree: asks the operator a question; false where nobody can be asked.

    Raises:
        ModelError: there is no such entry, or what came is not what was promised; nothing was installed.
        SafecityError: the server cannot be reached now.
        ConfigError: nobody agreed.
    """
    entries = pulling.entries_of(request.catalogue or _bundled_catalogue())
    if request.name is None:
        _list(entries, request.as_json)
        return
    entry = pulling.entry_of(entries, request.name)
    store = modelling.store_of(request.store)
    store.accept_name(entry.name)
    _print_offer(entry)
    if not request.agreed and not agree("fetch it?"):
        raise ConfigError("nobody agreed to fetch it; answer with y, or say --yes")
    with _bar(entry.size_bytes) as on_bytes:
        made = pulling.pull(store, entry, modelling.self_test_picture(request.picture), on_bytes)
    if request.as_json:
        print(json.dumps({"name": entry.name, "folder": str(made.folder), "sha256": entry.sha256}))
    else:
        print(f"installed    {made.folder}: SHA-256, shapes and self-test are right")
        print(f"use it       detector: {{model: {entry.name}}}")


def _bundled_catalogue() -> Path:
    found = [shelf / CATALOGUE for shelf in shelves() if (shelf / CATALOGUE).exists()]
    if not found:
        raise ConfigError("this installation has no catalogue; name one with --catalogue")
    return found[0]


def _list(entries: tuple[pulling.Entry, ...], as_json: bool) -> None:
    if as_json:
        for entry in entries:
            print(json.dumps({"name": entry.name, "url": entry.url, "sha256": entry.sha256}))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("name", "family", "input", "licence", "quality", "size"):
        table.add_column(name, justify="right" if name == "size" else "left", overflow="fold")
    for entry in entries:
        best = next(iter(entry.quality), None)
        told = "not measured" if best is None else f"{best.measure} {best.value:.2f}"
        size = f"{entry.size_bytes / 1e6:.1f} MB"
        shape = f"{entry.input.width}x{entry.input.height}"
        table.add_row(entry.name, str(entry.family), shape, entry.licence, told, size)
    Console().print(table)


def _print_offer(entry: pulling.Entry) -> None:
    """What would come, on standard error: the same whether somebody is asked or not."""
    for name, value in (
        ("model", f"{entry.name}, {entry.family}, {entry.input.width}x{entry.input.height}"),
        ("from", entry.url),
        ("size", f"{entry.size_bytes:,} bytes"),
        ("SHA-256", entry.sha256),
        ("licence", f"{entry.licence}: of {entry.source}"),
        ("trained on", entry.data),
    ):
        print(f"{name:12} {value}", file=sys.stderr)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """A bar that is told how many bytes are there; none where no terminal is."""
    columns = (TextColumn("fetching"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("fetching", total=total)
        yield lambda done: progress.update(task, completed=done)
