"""The facts of one moment, sorted by what rules ask for, so that each rule need not search them all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from edge.rules.sight import Sight
from edge.values.crowd import Heads, Width
from edge.values.fact import (
    Fact,
    HotSpots,
    LineCrossed,
    LinesWatched,
    Moving,
    Occupancy,
    Speeds,
    Standing,
    Things,
    ZoneEntered,
    ZoneLeft,
)
from edge.values.hot import Level, Spot
from edge.values.thing import Thing

Happening = LineCrossed | ZoneEntered | ZoneLeft
Classes = frozenset[str] | None


@dataclass(slots=True)
class Digest:
    """Facts by sort, filled by `of` alone.

    Attributes:
        entered, left, passed: what is over at once, in the order of the facts.
        crossed: who passed each line.
        present: who is in each zone that was looked at, and for how long.
        watched: width of each line that was looked at.
        moving: how those in each zone move; None where the ground is not measured.
        things: what was left in each zone that could be judged, or taken from it.
        speeds, standing: who moves how fast in each zone that was measured, and what stands in each that was
            looked at for it.
        hot: what is hot in each zone that could be judged, by level.
        beat: whether it is time to judge crowds.
    """

    entered: list[ZoneEntered] = field(default_factory=list)
    left: list[ZoneLeft] = field(default_factory=list)
    passed: list[LineCrossed] = field(default_factory=list)
    crossed: dict[str, list[LineCrossed]] = field(default_factory=dict)
    present: dict[str, Occupancy] = field(default_factory=dict)
    watched: Mapping[str, Width] = field(default_factory=dict)
    moving: Moving | None = None
    things: dict[str, tuple[Thing, ...]] = field(default_factory=dict)
    speeds: dict[str, Speeds] = field(default_factory=dict)
    standing: dict[str, Standing] = field(default_factory=dict)
    hot: dict[tuple[str, Level], tuple[Spot, ...]] = field(default_factory=dict)
    beat: bool = True
    _longest_s: dict[str, float] | None = None
    _heads: dict[tuple[str, Classes], Heads] = field(default_factory=dict)
    _sights: dict[tuple[str, Classes], Sight | None] = field(default_factory=dict)
    _stayed: dict[tuple[str, float, Classes], list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "Digest":
        """The digest of all facts of one moment."""
        digest = cls()
        for fact in facts:
            # the commonest first, and in place: this is asked of every fact
            if isinstance(fact, Occupancy):
                digest.present[fact.zone] = fact
            elif isinstance(fact, Things):
                digest.things[fact.zone] = fact.things
            elif isinstance(fact, Standing):
                digest.standing[fact.zone] = fact
            elif isinstance(fact, Speeds):
                digest.speeds[fact.zone] = fact
            else:
                digest._take(fact)
        return digest

    def _take(self, fact: Fact) -> None:
        match fact:
            case LineCrossed():
                self.passed.append(fact)
                self.crossed.setdefault(fact.line, []).append(fact)
            case ZoneEntered():
                self.entered.append(fact)
            case ZoneLeft():
                self.left.append(fact)
            case LinesWatched():
                self.watched = fact.widths
            case Moving():
                self.moving = fact
            case HotSpots():
                self.hot[fact.zone, fact.level] = fact.spots
            case _:  # an unseen moment shows nothing of any sort
                pass

    def heads(self, zone: str, classes: Classes) -> Heads:
        """How many of these classes stand in a zone that was looked at; all rules get the same."""
        key = zone, classes
        if (known := self._heads.get(key)) is None:
            known = self._heads[key] = _heads(self.present[zone], classes)
        return known

    @property
    def longest_s(self) -> dict[str, float]:
        """How long the one has been there who has for longest, by zone in which there is somebody."""
        if self._longest_s is None:
            self._longest_s = {zone: max(a.dwell_s) for zone, a in self.present.items() if a.dwell_s}
        return self._longest_s

    def stayed(self, zone: str, least_s: float, classes: Classes) -> list[int]:
        """Which of those of these classes who stay in a zone have been there for so long, by index."""
        key = zone, least_s, classes
        if (known := self._stayed.get(key)) is None:
            nobody = self.longest_s.get(zone, -1.0) < least_s
            known = self._stayed[key] = [] if nobody else _stayed(self.present[zone], least_s, classes)
        return known

    def sight(self, zone: str, classes: Classes) -> Sight | None:
        """How those of these classes move in a zone; None where it was not looked at or is not measured."""
        key = zone, classes
        if key not in self._sights:
            there, walks = self.present.get(zone), None if self.moving is None else self.moving.walks(zone)
            if there is None or walks is None or there.floor is None:
                self._sights[key] = None
            else:
                self._sights[key] = Sight(walks.of(classes), self.heads(zone, classes), there.floor)
        return self._sights[key]


def _stayed(told: Occupancy, least_s: float, classes: Classes) -> list[int]:
    long = [k for k, stay_s in enumerate(told.dwell_s) if stay_s >= least_s]
    return long if classes is None else [k for k in long if told.who[k].label in classes]


def _heads(there: Occupancy, classes: Classes) -> Heads:
    mean = variance = 0.0
    for label in sorted(there.heads):
        if classes is None or label in classes:
            each = there.heads[label]
            mean += each.mean
            variance += each.variance
    return Heads(mean, variance)
