"""The verb `evaluate` without clips: everything that is drawn, every kind of rule, in one table."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from edge import evaluate as drawn
from edge.config.fusion import load
from edge.evaluate.crowd_card import CrowdCard
from edge.evaluate.day_card import DayCard
from edge.evaluate.day_run import pieces
from edge.evaluate.day_run import run as day_run
from edge.evaluate.flights import Asked, fly
from edge.evaluate.fused_run import run as fused_run
from edge.evaluate.health_card import HealthCard
from edge.evaluate.health_run import RUNS, everything
from edge.evaluate.place_card import PlaceCard
from edge.evaluate.thermal_card import ThermalCard
from edge.evaluate.whole import Figure, Line, Target, WholeCard
from edge.run import verb_evaluate_crowds, verb_evaluate_places, verb_evaluate_thermal
from edge.run.scenes import shown
from edge.samples.overflight import Overflight
from edge.samples.square import Square

UNSEEN = (11, 12, 13, 14)
"""Seeds of gatherings on which no threshold was chosen."""
HOURS = 2.0
"""Of a simulated street, unless others are asked for."""
WIDTH, WIDE = 80, 110
"""Of the table where no terminal says otherwise; from how much on it tells errors in their units."""
_FORMS = {
    Figure.PRECISION: ("{:.2f}", 1.0),
    Figure.RECALL: ("{:.2f}", 1.0),
    Figure.DELAY_S: ("{:.1f}", 1.0),
    Figure.LEAD_S: ("{:.0f}", 1.0),
    Figure.ERROR: ("{:.1f}", 100.0),
    Figure.HELD: ("{:.0f}", 100.0),
}
"""How a figure is written, and what it is multiplied with."""
_HEADS = {
    Figure.PRECISION: "prec.",
    Figure.RECALL: "recall",
    Figure.DELAY_S: "delay s",
    Figure.LEAD_S: "lead s",
    Figure.ERROR: "error %",
    Figure.HELD: "held %",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        jitter: standard deviation of the sides of boxes, share of their height.
        missed: share of the bodies that one picture does not show.
        seeds: of looks, people and noise; all but gatherings and heat take the first. () for 1, and for
            gatherings those that nothing was chosen on.
        as_json: print JSON.
        hours: of a street that are watched for things that nobody left.
    """

    jitter: float
    missed: float
    seeds: tuple[int, ...]
    as_json: bool
    hours: float = HOURS


@dataclass(slots=True)
class _Whole:
    """All scorecards, and what went wrong in which scene."""

    card: WholeCard
    wrong: list[str] = field(default_factory=list)


def evaluate(request: Request) -> None:
    """Let everything that is drawn be watched, and print one table."""
    whole = _watched(request)
    lines = whole.card.lines()
    if request.as_json:
        print(json.dumps({"schema": 1, "lines": [line.to_json() for line in lines], "wrong": whole.wrong}))
        return
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    console.print(_table(lines, console.width >= WIDE))
    for wrong in whole.wrong:
        console.print(wrong)
    console.print(_caption(request, lines, whole.card), style="dim")


def _watched(request: Request) -> _Whole:
    jitter, missed, seeds = request.jitter, request.missed, request.seeds or (1,)
    seed, people = seeds[0], request.seeds or UNSEEN
    of_crowds = verb_evaluate_crowds.Request(jitter, missed, people, None, as_json=False)
    of_places = verb_evaluate_places.Request(jitter, missed, seed, as_json=False)
    if sys.stderr.isatty():
        Console(stderr=True).print(
            "Everything that is drawn is watched, which takes some minutes: gatherings, places, heat, a "
            "flight, a street, cameras, a city.",
            style="dim",
        )
    crowds = CrowdCard.of(verb_evaluate_crowds.runs(of_crowds))
    places = list(verb_evaluate_places.runs(of_places, None))
    heats = list(verb_evaluate_thermal.runs(seeds))
    asked = Asked(jitter=jitter, missed=missed)
    (flight,) = (fly(each, asked) for each in shown((Overflight(seed),), "flight", lambda _: f"seed {seed}"))
    street = list(pieces(request.hours, seed))
    day = DayCard.of(map(day_run, shown(street, "street", lambda _: f"{request.hours:g} h")))
    health = HealthCard.of(shown(everything(seed), "cameras", lambda _: "in trouble", RUNS))
    city = load(Path(drawn.__file__).with_name("fused_rules.yaml"))
    squares = shown((Square(seed),), "city", lambda _: "several sources")
    (fused,) = (fused_run(city.spec, city.lateness_ns, square) for square in squares)
    wrong = [*crowds.wrong, *verb_evaluate_places.wrong(places), *verb_evaluate_thermal.wrong(heats)]
    card = WholeCard(crowds, PlaceCard.of(places), ThermalCard.of(heats), flight, day, health, fused)
    return _Whole(card, [*wrong, *day.wrong, *fused.wrong, *health.wrong])


def _table(lines: tuple[Line, ...], wide: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2 if wide else 1, 0, 0))
    table.add_column("", no_wrap=True, min_width=16)
    for name in ("due", "told", *(_HEADS[figure] for figure in Figure)):
        table.add_column(name, justify="right", no_wrap=True, min_width=5)
    if wide:
        table.add_column("error in its unit", no_wrap=True)
    table.add_column("", no_wrap=True)
    before = None
    for line, name in zip(lines, _names(lines), strict=True):
        if line.kind is not before and name.startswith(" "):
            table.add_row(line.kind.value)
        table.add_row(name, *_cells(line), *((_off(line),) if wide else ()), _mark(line.reached))
        before = line.kind
    return table


def _names(lines: tuple[Line, ...]) -> Iterator[str]:
    """What each line is called; those of a kind that has none without a name stand under it, indented."""
    for line in lines:
        yield f"  {line.name}" if line.name else line.kind.value


def _cells(line: Line) -> Iterator[Text]:
    for count in (line.due, line.told):
        yield Text("" if count is None else str(count) if line.due or line.told or line.hours else "–")
    for figure in Figure:
        yield _figure(figure, line.figures.get(figure), line.targets.get(figure))


def _figure(figure: Figure, value: float | None, target: Target | None) -> Text:
    form, scale = _FORMS[figure]
    shown = "–" if value is None else form.format(value * scale)
    if target is None or value is None:
        return Text(shown)
    sign = "≥" if target.at_least else "≤"
    style = "" if target.reached(value) else "bold red"
    return Text.assemble((shown, style), (f" {sign}{target.bound * scale:g}", "dim"))


def _off(line: Line) -> str:
    return "" if line.off is None else f"{line.off:.3f} {line.unit}"


def _mark(reached: bool | None) -> Text:
    return Text("") if reached is None else Text("✓", "green") if reached else Text("✗", "bold red")


def _caption(request: Request, lines: tuple[Line, ...], card: WholeCard) -> str:
    sees = (
        f"a detector that misses {request.missed:.0%} of the bodies in each picture and whose boxes err by "
        f"{request.jitter:.0%} of their height, tracker behind it"
        if request.jitter or request.missed
        else "perfect detections"
    )
    scenes = card.crowds.gatherings + card.places.scenes + card.heat.scenes + 2
    judged = [line.reached for line in lines if line.reached is not None]
    seeds = f"seed {', '.join(map(str, request.seeds or (1,)))}"
    if not request.seeds:
        seeds += f" (gatherings: {', '.join(map(str, UNSEEN))})"
    return (
        f"{sum(judged)} of {len(judged)} lines as wanted (✓). {scenes} drawn scenes, "
        f"{seeds}, seen by {sees}. Wanted of each: precision and recall 1, and "
        "what stands behind ≤ and ≥. Delay: the longest; from when it is due, and a rule's for_s is in it. "
        "Lead: the shortest, from the first event to the moment at which people touch. Error: mean, of the "
        "mean true number. Held: how often the interval held the truth."
    )
