"""The crowd part of the verb `evaluate`: simulated gatherings, one table of all crowd analytics."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from edge.evaluate.crowd_card import CrowdCard, KindScore
from edge.evaluate.crowd_run import CrowdRun, run
from edge.evaluate.crowds import Eyes
from edge.messages.words import counted
from edge.run.gathering_picture import save_pictures
from edge.run.scenes import chosen, shown
from edge.samples.gatherings import GATHERINGS
from edge.values.errors import ConfigError

HEADER = (
    "", "expected", "told", "precision", "recall", "delay s", "lead s", "error", "", "of mean", "held",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        jitter: standard deviation of the sides of boxes, share of their height.
        missed: share of the people that one picture does not show.
        seeds: of the people; all gatherings are watched with each.
        draw: folder for pictures; None for none.
        as_json: print JSON.
        scenes: names of the gatherings; () for all.
    """

    jitter: float
    missed: float
    seeds: tuple[int, ...]
    draw: Path | None
    as_json: bool
    scenes: tuple[str, ...] = ()


def evaluate(request: Request) -> None:
    """Let all gatherings be watched and print what was told of them.

    Raises:
        ConfigError: the pictures cannot be written, or there is no gathering of such a name.
    """
    card = CrowdCard.of(runs(request))
    if request.as_json:
        print(json.dumps(card.to_json()))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(HEADER):
        table.add_column(name, justify="left" if index in (0, 8) else "right", no_wrap=True)
    for name, score in card.kinds.items():
        table.add_row(name, *_row(score))
    table.add_row("line count", str(card.crossed), str(card.counted))
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(table)
    for line in card.wrong:
        console.print(line)
    console.print(_caption(request, card), style="dim")


def runs(request: Request) -> Iterator[CrowdRun]:
    """Every gathering that is asked for, watched with every seed.

    Raises:
        ConfigError: the pictures cannot be written, or there is no gathering of such a name.
    """
    blurred = request.jitter > 0 or request.missed > 0
    eyes = Eyes(request.jitter, request.missed, tracked=blurred)
    makers = chosen(request.scenes, GATHERINGS, lambda make: make().name)
    every = [(make(), seed) for seed in request.seeds for make in makers]
    for gathering, seed in shown(every, "gatherings", lambda each: f"{each[0].name}, seed {each[1]}"):
        if request.draw is not None:
            try:
                save_pictures(gathering, seed, request.draw)
            except OSError as failure:
                raise ConfigError(f"--draw: {request.draw}: {failure.strerror}") from failure
        yield run(gathering, eyes, seed)


def _row(score: KindScore) -> tuple[str, ...]:
    counted = score.expected or score.told
    return (
        str(score.expected) if counted else "–",
        str(score.told) if counted else "–",
        _text(score.precision, "{:.2f}"),
        _text(score.recall, "{:.2f}"),
        _mean(score.delays_s),
        _mean(score.leads_s),
        _text(score.error, "{:.3f}"),
        score.unit,
        _text(score.share, "{:.1%}"),
        _text(score.held, "{:.1%}"),
    )


def _text(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def _mean(values: list[float]) -> str:
    return f"{sum(values) / len(values):.1f}" if values else "–"


def _caption(request: Request, card: CrowdCard) -> str:
    sees = (
        f"a detector that misses {request.missed:.0%} of the people in each picture and whose boxes err by "
        f"{request.jitter:.0%} of their height, and the tracker behind it"
        if request.jitter or request.missed
        else "perfect detections"
    )
    unreached = sum(score.unreached for score in card.kinds.values())
    not_done = f" {unreached} things that scripts want did not come about." if unreached else ""
    seeds = ", ".join(map(str, request.seeds))
    many = counted(card.gatherings, ["simulated gathering"])
    about = f"{many}, people of seed {seeds}, seen by {sees}.{not_done}"
    lead = "Lead: from the first event to the moment at which people touch (3.57 persons/m²)."
    return f"{about} {lead} Errors are against exact places."
