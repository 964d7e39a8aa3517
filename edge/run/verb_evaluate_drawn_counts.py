"""The drawn crowds of the verb `evaluate`, counted by boxes, by a density model, and by both, one table."""

import json
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from edge.evaluate.drawn_count import CountRow, counted, rows_of
from edge.evaluate.drawn_crowd import DensityRow, Told
from edge.run.verb_evaluate_drawn_crowds import Request, crowds
from edge.run.wiring import looking

WORDS = {"boxes": "boxes", "map": "map", "both": "both fused"}


def evaluate(request: Request, density: str) -> None:
    """Let detector and density model look at all drawn crowds and print what each tells of their density.

    Raises:
        ModelError: a model is not there, is not accepted, or does not answer.
    """
    rows = rows_of(_told(request, density))
    if request.as_json:
        told = {"schema": 1, "model": request.model, "density": density}
        print(json.dumps(told | {"rows": [row.to_json() for row in rows]}))
        return
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(_table(rows))
    console.print(
        f"Drawn people of seed {', '.join(map(str, request.seeds))} on 64 m², counted by {request.model}, by "
        f"{density}, and by both as a camera with `density` does. Told: mean, persons/m². Error: of the mean "
        "true density. Holds: how often the interval, or `at least`, is true; 90 % is meant.",
        style="dim",
    )


def _table(rows: tuple[CountRow, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("persons/m²", "pictures", "true"):
        table.add_column(name, justify="right", no_wrap=True)
    for way in WORDS.values():
        for name in (f"{way}: told", "error", "holds"):
            table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        one = row.boxes
        head = (f"{one.least:g} to {one.most:g}", str(one.pictures), f"{one.true:.2f}")
        table.add_row(*head, *(cell for way in row.ways for cell in _cells(way)))
    return table


def _cells(row: DensityRow) -> tuple[str, ...]:
    return f"{row.told:.2f}", f"{row.error:.0%}", f"{row.held:.0%}"


def _told(request: Request, density: str) -> Iterator[tuple[Told, ...]]:
    sight, counting = looking.real(request.model), looking.counting(density)
    for seed, view, per_m2 in crowds(request):
        yield from counted(view, per_m2, seed, sight, counting)
