"""The places part of the verb `evaluate`: scenes of things, roads, a platform and a yard, one table."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from edge.evaluate.place_card import PlaceCard, PlaceScore
from edge.evaluate.place_rules import COUNT, every_place, untold
from edge.evaluate.place_run import PlaceRun, run
from edge.evaluate.sight import LABELS, Eyes, Real
from edge.messages.words import counted, lasting
from edge.run.scenes import chosen, shown
from edge.run.wiring import looking
from edge.values.event import Event
from edge.values.pace import KMH

HEADER = ("", "due", "told", "precision", "recall", "delay s", "latest s", "sure", "wrongly sure")
OF_SPEEDS = ("off km/h", "held")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        jitter: standard deviation of the sides of boxes, share of their height.
        missed: share of the bodies that one picture does not show.
        seed: of looks and noise.
        as_json: print JSON.
        model: name or folder of a model that looks, instead of a drawn detector; None for that.
        scenes: names of the scenes; () for all.
    """

    jitter: float
    missed: float
    seed: int
    as_json: bool
    model: str | None = None
    scenes: tuple[str, ...] = ()


def evaluate(request: Request) -> None:
    """Let all scenes be watched and print what was told of them.

    Raises:
        ConfigError: there is no scene of such a name.
        ModelError: the model is not there, or is not accepted.
    """
    model = None if request.model is None else looking.real(request.model)
    watched = list(runs(request, model))
    card = PlaceCard.of(watched)
    if request.as_json:
        print(json.dumps(card.to_json()))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate((*HEADER, *OF_SPEEDS)):
        table.add_column(name, justify="right" if index else "left", no_wrap=True)
    for name, score in card.kinds.items():
        if request.scenes and not (score.due or score.told):
            continue
        table.add_row(name, *row_of(score), *(_speeds(card) if name == "speed" else ("–", "–")))
        for label, of_class in (card.counted if name == COUNT else {}).items():
            table.add_row(f"  {label}", *row_of(of_class), "–", "–")
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(table)
    for line in wrong(watched):
        console.print(line)
    for rule in untold(LABELS if model is None else model.labels):
        classes = ", ".join(sorted(rule.classes or ()))
        console.print(f"{rule.id}: the model knows no {classes}, so nothing is due and nothing is told")
    console.print(_caption(request, card), style="dim")


def runs(request: Request, model: Real | None) -> Iterator[PlaceRun]:
    """Every scene that is asked for, watched by a drawn detector or by this model.

    Raises:
        ConfigError: there is no scene of such a name.
    """
    asked = chosen(request.scenes, every_place(), lambda place: place.scene.name)
    for place in shown(asked, "places", lambda place: place.scene.name):
        yield run(place, Eyes(request.jitter, request.missed), request.seed, model=model)


def row_of(score: PlaceScore) -> tuple[str, ...]:
    """The columns of a score, as `HEADER` has them."""
    delays = score.delays_s
    return (
        str(score.due),
        str(score.told),
        "–" if score.precision is None else f"{score.precision:.2f}",
        "–" if score.recall is None else f"{score.recall:.2f}",
        _mean(delays, "{:.1f}"),
        f"{max(delays):.1f}" if delays else "–",
        _mean(score.sure, "{:.0%}"),
        _mean(score.wrongly_sure, "{:.0%}"),
    )


def _speeds(card: PlaceCard) -> tuple[str, str]:
    """By how much speeds were off, and how often their interval held the truth."""
    off, held = card.speed_off, card.speed_held
    return "–" if off is None else f"{off * KMH:.1f}", "–" if held is None else f"{held:.0%}"


def _mean(values: Sequence[float], form: str) -> str:
    return form.format(sum(values) / len(values)) if values else "–"


def wrong(runs: Sequence[PlaceRun]) -> Iterator[str]:
    """The scenes in which something was missed or told that was not due."""
    for each in runs:
        yield from (
            f"{each.name}: missed, {due.told_by}{_of(due.label)} due at {due.from_s:.1f} s"
            for due in each.missed
        )
        yield from (
            f"{each.name}: false, {event.rule}{_of(_label(event))}, {event.confidence:.0%} sure"
            for event in each.false
        )


def _label(event: Event) -> str | None:
    return event.evidence[0].label if event.evidence else None


def _of(label: str | None) -> str:
    return f" of a {label}" if label else ""


def _together(card: PlaceCard) -> str:
    """How many vehicles were counted, whatever they were called; "" where none was due."""
    score = card.kinds[COUNT]
    if not score.due:
        return ""
    off = f"off by {card.miscounted} scene by scene"
    return f" Vehicles counted, whatever their class: {score.told} of {score.due}, {off}."


def _caption(request: Request, card: PlaceCard) -> str:
    drawn = (
        f"a detector that misses {request.missed:.0%} of the bodies in each picture and whose boxes err by "
        f"{request.jitter:.0%} of their height"
        if request.jitter or request.missed
        else "perfect detections"
    )
    sees = drawn if request.model is None else f"the model {request.model}"
    return (
        f"{counted(card.scenes, ['drawn scene'])}, {lasting(card.seconds)}, seed {request.seed}, "
        f"seen by {sees}, motion gate and tracker behind it. Delay: from when it is due; for things from "
        "when the owner is 3 m away, or the thing is taken, for_s of 5 s in it."
        f"{_measured(card)}{_together(card)}"
    )


def _measured(card: PlaceCard) -> str:
    """Of how many speeds the last columns are; "" where none was measured."""
    if not card.speeds:
        return ""
    said = "so far off on average, held by their interval so often; 90 % is meant."
    return f" Speeds: {len(card.speeds)} measured, {said}"
