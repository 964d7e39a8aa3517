"""The thermal part of the verb `evaluate`: scenes with fires and what is taken for them, one table."""

import json
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import track
from rich.table import Table

from edge.evaluate.thermal_card import ThermalCard
from edge.evaluate.thermal_run import ThermalRun, run
from edge.run.verb_evaluate_places import HEADER, row_of
from edge.samples.heats import all_heats

WHAT = {
    "hot": "hot-spot above_c 80",
    "fire": "fire-like above_k 15",
    "fire-grey": "fire-like contrast 0.2",
}


def evaluate(seeds: Sequence[int], as_json: bool) -> None:
    """Let all scenes be watched and print what was told of them."""
    watched = list(runs(seeds))
    card = ThermalCard.of(watched)
    if as_json:
        print(json.dumps(card.to_json()))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(HEADER):
        table.add_column(name, justify="right" if index else "left", no_wrap=True)
    for name, score in card.rules.items():
        table.add_row(WHAT[name], *row_of(score))
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(table)
    for line in wrong(watched):
        console.print(line)
    console.print(
        f"{card.scenes} drawn scenes, {card.seconds / 60:.0f} minutes, seeds {', '.join(map(str, seeds))}: "
        "fires, engines, people, a roof in the sun, a hot pipe, steam, corrections of the camera; with noise "
        "of 0.08 K. Delay: from when four pixels are so hot; for_s of 2 s of hot-spot is in it.",
        style="dim",
    )


def runs(seeds: Sequence[int]) -> Iterator[ThermalRun]:
    """Every scene, watched with every seed."""
    wanted = [(scene, seed) for seed in seeds for scene in all_heats()]
    quiet = not sys.stderr.isatty()
    shown = track(wanted, "scenes", console=Console(stderr=True), disable=quiet, transient=True)
    for scene, seed in shown:
        yield run(scene, seed)


def wrong(runs: Sequence[ThermalRun]) -> Iterator[str]:
    """The scenes in which something was missed or told that was not due."""
    for each in runs:
        yield from (
            f"{each.name}: missed, {due.source} by the rule {rule}, due at {due.from_s:.1f} s"
            for rule, due in each.missed
        )
        yield from (f"{each.name}: false, {event.kind}, {event.confidence:.0%} sure" for event in each.false)
