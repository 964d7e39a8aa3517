"""Scenes that `evaluate` draws: which of them are asked for by name, and at which it is, on a terminal."""

import difflib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from edge.values.errors import ConfigError

T = TypeVar("T")


def chosen(asked: Sequence[str], every: Sequence[T], name: Callable[[T], str]) -> tuple[T, ...]:
    """Those of these scenes that are asked for, in their own order; all if none is.

    Raises:
        ConfigError: there is none of such a name; it lists those that there are.
    """
    there = {hyphened(name(each)): each for each in every}
    for each in asked:
        if hyphened(each) not in there:
            near = difflib.get_close_matches(hyphened(each), there, n=1, cutoff=0.6)
            meant = f", did you mean {near[0]}? There" if near else ": there"
            raise ConfigError(f"--scene: there is no scene {each}{meant} are {', '.join(there)}")
    wanted = {hyphened(each) for each in asked}
    return tuple(each for key, each in there.items() if not wanted or key in wanted)


def shown(
    every: Iterable[T], what: str, name: Callable[[T], str] = str, count: int | None = None
) -> Iterator[T]:
    """The same, one after the other; a terminal shows which it is, how many there are, and for how long."""
    columns = TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn()
    times = TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()
    quiet, console = not sys.stderr.isatty(), Console(stderr=True)
    total = len(every) if isinstance(every, Sequence) else count
    with Progress(*columns, *times, console=console, disable=quiet, transient=True) as progress:
        task = progress.add_task(what, total=total)
        for each in every:
            progress.update(task, description=f"{what}: {name(each)}", refresh=True)
            yield each
            progress.advance(task)


def hyphened(name: str) -> str:
    """A name as it can be typed without quotes."""
    return name.replace(" ", "-")
