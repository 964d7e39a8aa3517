"""The verb `models acuity`: how well a detector half sees people, and what its card should say of that."""

import json
import sys
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from edge.evaluate.half_seen import (
    CHOSEN_ON,
    DENSITIES,
    EMPTY_MOST,
    SCORES,
    TOLD_ON,
    Look,
    Worth,
    acuity_of,
    begun,
    cameras,
    looks,
    worth_of,
)
from edge.run.models import folder_of
from edge.run.wiring import looking, measuring
from edge.values.acuity import Acuity
from edge.values.errors import ModelError

PERSON = "person"
HEADER = ("camera", "people, px", "pictures", "holds", "at least", "said at most / true")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    model: str
    store: Path | None = None
    as_json: bool = False


def acuity(request: Request) -> None:
    """Let the model look at drawn crowds, and print what to write on its card and what that is worth.

    Raises:
        ModelError: there is no such model, it is not accepted, does not answer, or knows no people.
    """
    folder = folder_of(request.model, request.store)
    _check(folder)
    chosen_on = _seen(folder, CHOSEN_ON, SCORES, "people to choose on")
    found = acuity_of(chosen_on)
    rows: tuple[Worth, ...] = ()
    if found is not None:
        rows = worth_of(found, _seen(folder, TOLD_ON, (found.glimpse,), "other people"))
    if request.as_json:
        told = None if found is None else asdict(found)
        print(json.dumps({"schema": 1, "acuity": told, "cameras": [row.to_json() for row in rows]}))
    elif found is None:
        print(_none(request.model))
    else:
        _tell(found, rows)


def _check(folder: Path) -> None:
    card = measuring.card_of(folder)
    if card.counts or PERSON not in card.labels:
        got = "a density model" if card.counts else f"one of {', '.join(card.labels)}"
        raise ModelError(
            f"{card.name}: wanted a detector that knows {PERSON}s, got {got}; it glimpses nobody"
        )


def _seen(folder: Path, seeds: tuple[int, ...], scores: tuple[float, ...], of: str) -> list[Look]:
    sights = {score: looking.half_seeing(folder, begun(score)) for score in scores}
    every = list(product(seeds, cameras(), DENSITIES))
    quiet, console = not sys.stderr.isatty(), Console(stderr=True)
    found: list[Look] = []
    for seed, view, per_m2 in track(every, of, console=console, disable=quiet, transient=True):
        found += looks(view, per_m2, seed, sights)
    return found


def _tell(found: Acuity, rows: tuple[Worth, ...]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(HEADER):
        table.add_column(name, justify="right" if index else "left", no_wrap=True)
    for row in rows:
        wide = "–" if row.wide is None else f"{row.wide:.1f}"
        share = f"{row.held:.0%}", f"{row.at_least:.0%}"
        table.add_row(row.camera, f"{row.tall_px:.0f}", str(row.pictures), *share, wide)
    console = Console(width=None if sys.stdout.isatty() else 100, highlight=False)
    console.print(table)
    console.print(
        "Drawn people on whom nothing was chosen. Holds: no more stood there than was said. At least: it was "
        "said that nobody can count them. At most / true: the middle, where somebody can.",
        style="dim",
    )
    numbers = ", ".join(f"{name}: {value:g}" for name, value in asdict(found).items())
    print(f"write acuity: {{{numbers}}} on the card")


def _none(model: str) -> str:
    return (
        f"no acuity holds for {model}: from no score on does an empty place look empty to it (covered by "
        f"{EMPTY_MOST:.0%} at most) while people are half seen; write none on the card, and densities are "
        "told with missed_max alone"
    )
