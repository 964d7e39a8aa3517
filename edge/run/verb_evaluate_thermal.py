"""The thermal part of the verb `evaluate`: scenes with fires and what is taken for them, one table."""

import json
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from edge.evaluate.thermal_card import ThermalCard
from edge.evaluate.thermal_run import ThermalRun, run
from edge.messages.words import counted, lasting
from edge.run.scenes import chosen, shown
from edge.run.verb_evaluate_places import HEADER, row_of
from edge.samples.heats import all_heats

WHAT = {
    "hot": "hot-spot above_c 80",
    "fire": "fire-like above_k 15",
    "fire-grey": "fire-like contrast 0.2",
}


def evaluate(seeds: Sequence[int], as_json: bool, scenes: Sequence[str] = ()) -> None:
    """Let these scenes be watched, all if none is named, and print what was told of them.

    Raises:
        ConfigError: there is no scene of such a name.
    """
    watched = list(runs(seeds, scenes))
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
        f"{counted(card.scenes, ['drawn scene'])}, {lasting(card.seconds)}, "
        f"seeds {', '.join(map(str, seeds))}: fires, engines, people, a roof in the sun, a hot pipe, steam, "
        "corrections of the camera; with noise of 0.08 K. Delay: from when four pixels are so hot; for_s of "
        "2 s of hot-spot is in it.",
        style="dim",
    )


def runs(seeds: Sequence[int], scenes: Sequence[str] = ()) -> Iterator[ThermalRun]:
    """Every scene that is asked for, watched with every seed.

    Raises:
        ConfigError: there is no scene of such a name.
    """
    asked = chosen(scenes, all_heats(), lambda scene: scene.name)
    wanted = [(scene, seed) for seed in seeds for scene in asked]
    for scene, seed in shown(wanted, "heat", lambda each: f"{each[0].name}, seed {each[1]}"):
        yield run(scene, seed)


def wrong(runs: Sequence[ThermalRun]) -> Iterator[str]:
    """The scenes in which something was missed or told that was not due."""
    for each in runs:
        yield from (
            f"{each.name}: missed, {due.source} by the rule {rule}, due at {due.from_s:.1f} s"
            for rule, due in each.missed
        )
        yield from (f"{each.name}: false, {event.kind}, {event.confidence:.0%} sure" for event in each.false)
