"""Everything that can be scored on drawn scenes, line by line in one form, beside what is wanted of it.

Law: a line says nothing that its own scorecard does not say. A target stands beside the figure that it is
for, and is reached, missed, or open where there was nothing to measure. What is wanted of every line that has
something due: all of it told, and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from edge.evaluate.crowd_card import CrowdCard, KindScore
from edge.evaluate.day_card import DayCard
from edge.evaluate.flights import FlightCard
from edge.evaluate.fused_run import LATE_S as FUSED_LATE_S
from edge.evaluate.fused_run import FusedCard
from edge.evaluate.health_card import HealthCard
from edge.evaluate.health_run import LOOKS_S, STATED_S
from edge.evaluate.place_card import PlaceCard, PlaceScore
from edge.evaluate.place_rules import COUNT, RULES
from edge.evaluate.thermal_card import ThermalCard
from edge.evaluate.thermal_run import GREY, KELVIN, LATE_S
from edge.values.event import Kind
from edge.values.pace import KMH

OWNER_LEFT_S = 10.0
"""So soon after its owner left a thing is to be found."""
HELD = 0.9
"""So often an interval is meant to hold the truth."""


class Besides(StrEnum):
    """What is scored and is no kind of rule of a box."""

    FUSED = "several sources"
    HEALTH = "camera-health"


class Figure(StrEnum):
    """What a line measures."""

    PRECISION = "precision"
    RECALL = "recall"
    DELAY_S = "delay_s"
    LEAD_S = "lead_s"
    ERROR = "error"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted of a figure.

    Attributes:
        bound: the least that is wanted, or the most.
        at_least: which of the two.
    """

    bound: float
    at_least: bool

    def reached(self, value: float | None) -> bool | None:
        """Whether a figure is as wanted; None where there was nothing to measure."""
        if value is None:
            return None
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of rule, or one rule of a kind that has several, or what stands beside rules.

    Attributes:
        kind: of the rule, or what it is that is none.
        name: which of them; "" for the only one.
        due, told: how much was to be told, and was; None where only numbers are scored.
        figures: what was measured; `error` is a share of the mean, of delays it is the longest and of leads
            the shortest.
        off, unit: the error in the unit of what is told; None and "" where nothing is measured.
        targets: what is wanted of the figures that have a target of their own.
        hours: how long it was watched, where mainly false alarms are looked for; None elsewhere.
    """

    kind: Kind | Besides
    name: str
    due: int | None
    told: int | None
    figures: dict[Figure, float | None]
    off: float | None
    unit: str
    targets: dict[Figure, Target]
    hours: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether all is as wanted; None where there was nothing to measure."""
        found = [target.reached(self.figures.get(figure)) for figure, target in self.wanted.items()]
        known = [each for each in found if each is not None]
        if self.hours and not self.due:
            known.append(not self.told)
        return all(known) if known else None

    @property
    def wanted(self) -> dict[Figure, Target]:
        """All targets, with those that every line has."""
        all_told = Target(1.0, at_least=True)
        return {Figure.PRECISION: all_told, Figure.RECALL: all_told, **self.targets}

    def to_json(self) -> dict[str, Any]:
        """The line as a JSON object."""
        wanted = {
            figure.value: {
                "at_least" if target.at_least else "at_most": target.bound,
                "reached": target.reached(self.figures.get(figure)),
            }
            for figure, target in self.wanted.items()
        }
        figures = {figure.value: self.figures.get(figure) for figure in Figure}
        named = {"kind": self.kind.value, "name": self.name, "due": self.due, "told": self.told}
        return {
            **named,
            **figures,
            "off": self.off,
            "unit": self.unit,
            "hours": self.hours,
            "wanted": wanted,
            "reached": self.reached,
        }


@dataclass(frozen=True, slots=True)
class WholeCard:
    """The scorecards of everything that is drawn."""

    crowds: CrowdCard
    places: PlaceCard
    heat: ThermalCard
    flight: FlightCard
    day: DayCard = field(default_factory=DayCard)
    health: HealthCard = field(default_factory=HealthCard)
    fused: FusedCard = field(default_factory=FusedCard)

    def lines(self) -> tuple[Line, ...]:
        """All of it, kind by kind as the configuration lists them."""
        every = [*_crowds(self.crowds), *_places(self.places), *_day(self.day), *_heat(self.heat)]
        every += [_flight(self.flight), *_fused(self.fused), *_health(self.health)]
        order = [*Kind, *Besides]
        return tuple(sorted(every, key=lambda line: order.index(line.kind)))


_RANGES = {"density up to 2": ("up to 2 per m²", 0.1), "density 2 to 5": ("2 to 5 per m²", 0.2)}


def _crowds(card: CrowdCard) -> Iterator[Line]:
    for name, score in card.kinds.items():
        if name in _RANGES:
            range_name, most = _RANGES[name]
            targets = {Figure.ERROR: Target(most, at_least=False)}
            yield _crowd(Kind.DENSITY, range_name, score, targets)
        else:
            yield _crowd(Kind(name), "", score, {})
    off = abs(card.counted - card.crossed)
    figures: dict[Figure, float | None] = {Figure.ERROR: off / card.crossed if card.crossed else None}
    exact = {Figure.ERROR: Target(0.0, at_least=False)}
    yield Line(Kind.LINE_CROSSING, "in a crowd", card.crossed, card.counted, figures, off, "persons", exact)


def _crowd(kind: Kind, name: str, score: KindScore, targets: dict[Figure, Target]) -> Line:
    figures = {
        Figure.PRECISION: score.precision,
        Figure.RECALL: score.recall,
        Figure.DELAY_S: max(score.delays_s, default=None),
        Figure.LEAD_S: min(score.leads_s, default=None),
        Figure.ERROR: score.share,
        Figure.HELD: score.held,
    }
    held = {Figure.HELD: Target(HELD, at_least=True)}
    counts = None if name else score.expected, None if name else score.told
    return Line(kind, name, *counts, figures, score.error, score.unit, {**targets, **held})


def _places(card: PlaceCard) -> Iterator[Line]:
    kinds = {rule.id: rule.kind for rule in RULES}
    for name, score in card.kinds.items():
        kind, figures, targets = kinds[name], _of_place(score), dict[Figure, Target]()
        off, unit = None, ""
        if kind is Kind.SPEED:
            figures[Figure.HELD], targets[Figure.HELD] = card.speed_held, Target(HELD, at_least=True)
            off, unit = None if card.speed_off is None else card.speed_off * KMH, "km/h"
        if kind is Kind.ABANDONED:
            targets[Figure.DELAY_S] = Target(OWNER_LEFT_S, at_least=False)
        shown = "" if name == kind.value else "by class" if name == COUNT else name
        yield Line(kind, shown, score.due, score.told, figures, off, unit, targets)


def _day(card: DayCard) -> Iterator[Line]:
    for kind, told in card.told.items():
        yield Line(kind, f"in {card.hours:g} h", 0, told, {}, None, "", {}, card.hours)


def _fused(card: FusedCard) -> Iterator[Line]:
    for name, score in card.rules.items():
        late = {Figure.DELAY_S: Target(FUSED_LATE_S, at_least=False)}
        yield Line(Besides.FUSED, name, score.due, score.told, _of_place(score), None, "", late)


def _health(card: HealthCard) -> Iterator[Line]:
    for reason, score in card.reasons.items():
        stated = {Figure.DELAY_S: Target(STATED_S[reason] + LOOKS_S, at_least=False)}
        name = reason.value.removesuffix("-picture")
        yield Line(Besides.HEALTH, name, score.due, score.told, _of_place(score), None, "", stated)
    for name, (seconds, told) in card.quiet.items():
        hours = seconds / 3600
        yield Line(Besides.HEALTH, f"{name}, {hours:.2g} h", 0, told, {}, None, "", {}, hours)


def _heat(card: ThermalCard) -> Iterator[Line]:
    names = {"hot": "", "fire": "in kelvin", "fire-grey": "in grey pictures"}
    for rule in (*KELVIN, *GREY):
        score = card.rules[rule.id]
        late = {Figure.DELAY_S: Target(LATE_S[rule.kind], at_least=False)}
        yield Line(rule.kind, names[rule.id], score.due, score.told, _of_place(score), None, "", late)


def _of_place(score: PlaceScore) -> dict[Figure, float | None]:
    delays = {Figure.DELAY_S: max(score.delays_s, default=None)}
    return {Figure.PRECISION: score.precision, Figure.RECALL: score.recall, **delays}


def _flight(card: FlightCard) -> Line:
    told = card.to_json()
    figures = {Figure(key): told[key] for key in ("precision", "recall")}
    figures[Figure.DELAY_S] = max(card.delays_s, default=None)
    return Line(
        Kind.ZONE_ENTRY, "from the air", card.visits, card.told, figures, told["place_error_m"], "m", {}
    )
