"""The facts of one moment, sorted by what rules ask for, so that each rule need not search them all."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from edge.values.crowd import Width
from edge.values.fact import (
    Dwelling,
    Fact,
    LineCrossed,
    LineWatched,
    Moving,
    Occupancy,
    ZoneEntered,
    ZoneLeft,
)
from edge.values.walks import Walks

Happening = LineCrossed | ZoneEntered | ZoneLeft


@dataclass(frozen=True, slots=True)
class Digest:
    """Facts by sort.

    Attributes:
        happenings: what is over at once, in the order of the facts.
        present: who is in each zone that was looked at.
        stays: by zone, who has been there for how long.
        watched: width of each line that was looked at.
        walks: how those in each zone move, where the ground is measured.
    """

    happenings: list[Happening] = field(default_factory=list)
    present: dict[str, Occupancy] = field(default_factory=dict)
    stays: dict[str, list[Dwelling]] = field(default_factory=dict)
    watched: dict[str, Width] = field(default_factory=dict)
    walks: dict[str, Walks] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "Digest":
        """The digest of all facts of one moment."""
        digest = cls()
        for fact in facts:
            match fact:
                case Dwelling():
                    digest.stays.setdefault(fact.zone, []).append(fact)
                case LineWatched():
                    digest.watched[fact.line] = fact.width
                case Moving():
                    digest.walks[fact.zone] = fact.walks
                case Occupancy():
                    digest.present[fact.zone] = fact
                case LineCrossed() | ZoneEntered() | ZoneLeft():
                    digest.happenings.append(fact)
                case _:  # an unseen moment shows nothing of any sort
                    pass
        return digest
