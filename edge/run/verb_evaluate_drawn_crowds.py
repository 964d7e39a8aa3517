"""The drawn crowds of the verb `evaluate`: a real detector looks at crowds of known density, one table."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from rich.console import Console
from rich.table import Table

from edge.evaluate.drawn_crowd import DENSITIES, DensityRow, Told, rows_of, watched
from edge.messages.words import counted
from edge.run.scenes import chosen, shown
from edge.run.wiring import looking
from edge.samples.strolls import VIEWS, View

HEADER = (
    "persons/m²", "pictures", "true", "told", "error", "missed", "holds", "at least", "both ends hold",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        model: name or folder of the detector.
        seeds: of the people.
        as_json: print JSON.
        scenes: names of the cameras before which they are drawn; () for all.
    """

    model: str
    seeds: tuple[int, ...]
    as_json: bool
    scenes: tuple[str, ...] = ()


def evaluate(request: Request) -> None:
    """Let the model look at all drawn crowds and print what was told of their density.

    Raises:
        ModelError: the model is not there, is not accepted, or does not answer.
    """
    rows = rows_of(_told(request))
    if request.as_json:
        print(json.dumps({"schema": 1, "model": request.model, "rows": [row.to_json() for row in rows]}))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in HEADER:
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row))
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(table)
    console.print(_caption(request), style="dim")


def _told(request: Request) -> Iterator[Told]:
    sight = looking.real(request.model)
    for seed, view, per_m2 in crowds(request):
        yield from watched(view, per_m2, seed, sight)


def crowds(request: Request) -> Iterator[tuple[int, View, float]]:
    """The seed, camera and density of every crowd that is asked for.

    Raises:
        ConfigError: there is no camera of such a name.
    """
    views = chosen(request.scenes, VIEWS, lambda view: view.name)
    every = list(product(request.seeds, views, DENSITIES))
    return shown(every, "crowds", lambda each: f"{each[1].name}, {each[2]:g} persons/m², seed {each[0]}")


def _cells(row: DensityRow) -> tuple[str, ...]:
    return (
        f"{row.least:g} to {row.most:g}",
        str(row.pictures),
        f"{row.true:.2f}",
        f"{row.told:.2f}",
        f"{row.error:.0%}",
        f"{row.missed:.0%}",
        f"{row.held:.0%}",
        f"{row.at_least:.0%}",
        "–" if row.held_both is None else f"{row.held_both:.0%}",
    )


def _caption(request: Request) -> str:
    views = request.scenes or tuple(view.name for view in VIEWS)
    return (
        f"Drawn people of seed {', '.join(map(str, request.seeds))} who stroll on 64 m², seen by "
        f"{request.model} from {counted(len(views), ['camera'])} ({', '.join(views)}), tracker behind it. "
        "Error: of the mean true density. Missed: people not followed. Holds: what was told is true, the "
        "interval or the lower end alone; 90 % is meant. At least: only a lower end was told."
    )
