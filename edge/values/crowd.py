"""A crowd on measured floor: how many persons per square metre, and how sure that is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from edge.values.quick import quick

COVERAGE = 0.9
"""How often a density's interval holds the truth."""

MOST_PER_M2 = 10.0
"""The upper end where nobody can say how many: the densest that was measured of a crowd, persons per square
metre (D. Helbing, A. Johansson, H. Z. Al-Abideen, Phys. Rev. E 75, 046109, 2007)."""


class Heads(NamedTuple):
    """How many stand in a zone, if everybody near its border is in it by chance: `mean` and `variance`."""

    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Floor:
    """Visible floor of a zone: `m2` square metres, and their standard deviation `sd_m2`."""

    m2: float
    sd_m2: float

    def __post_init__(self) -> None:
        if not self.m2 > 0 or not self.sd_m2 >= 0:
            raise ValueError(f"a floor wants an area > 0 and a deviation >= 0, got {self.m2}, {self.sd_m2}")


class Basis(StrEnum):
    """What a density was counted by."""

    BOXES = "boxes"  # the detector's: people stand loosely
    BOTH = "both"  # between loose and dense
    MAP = "map"  # a density map: people hide each other


UNMEASURED = 0.5
"""Relative error that a density model is given until somebody measured it."""


@dataclass(frozen=True, slots=True)
class MapSource:
    """The model behind a density map: its name, the SHA-256 of its weights, and its relative error.

    Nine times of ten the true number is within ± `error` times what it tells.
    """

    name: str
    sha256: str
    error: float

    def __post_init__(self) -> None:
        if not 0 < self.error < 1:
            raise ValueError(f"a density model wants an error above 0 and below 1, got {self.error:g}")

    @property
    def measured(self) -> bool:
        """Whether somebody measured how far it is off."""
        return self.error != UNMEASURED


@dataclass(frozen=True, slots=True)
class Mapped:
    """How many people a density map told to stand in a zone, how long ago, and what told it."""

    people: float
    age_s: float
    source: MapSource


class DensityTable(StrEnum):
    """Whose steps name a density; an event says which it used."""

    FRUIN_WALKWAY = "fruin-walkway"
    STANDING = "standing"


LEVELS: dict[DensityTable, tuple[tuple[float, str], ...]] = {
    DensityTable.FRUIN_WALKWAY: (
        (0.0, "A"),
        (0.31, "B"),
        (0.43, "C"),
        (0.72, "D"),
        (1.08, "E"),
        (2.15, "F"),
    ),
    DensityTable.STANDING: (
        (0.0, "free"),
        (2.0, "slowed"),
        (3.57, "touching"),
        (5.55, "pressed"),
        (7.1, "critical"),
    ),
}
"""Density, persons per square metre, from which each level holds. Walkways: J. Fruin, Pedestrian Planning and
Design (1971), levels of service A to F. Standing crowds: Fruin, The causes and prevention of crowd disasters
(1993) and G. K. Still, Introduction to Crowd Science (2014): from 2 speed falls, at 3.57 people touch without
wanting to, at 5.55 forces become dangerous, at 7.1 nobody moves by their own will."""


FLOW_LEVELS = ((0.0, "A"), (23.0, "B"), (33.0, "C"), (49.0, "D"), (66.0, "E"), (82.0, "F"))
"""Persons per minute and metre of width from which each walkway level of service holds (Fruin, 1971)."""


@dataclass(frozen=True, slots=True)
class Width:
    """Length of a line on the ground: `m` metres, and their standard deviation `sd_m`."""

    m: float
    sd_m: float

    def __post_init__(self) -> None:
        if not self.m > 0 or not self.sd_m >= 0:
            raise ValueError(f"a width wants metres > 0 and a deviation >= 0, got {self.m}, {self.sd_m}")


@dataclass(frozen=True, slots=True)
class Flow:
    """Persons per minute and metre of a line's width, over the last `window_s` seconds.

    Attributes:
        per_min_m: best estimate.
        low, high: interval that holds the truth nine times of ten.
        width: of the line on the ground.
        window_s: over how long it was counted.
        missed_max: share of the people taken to be missed at most; it is what the upper end allows for.
        level: walkway level of service, A to F.
    """

    per_min_m: float
    low: float
    high: float
    width: Width
    window_s: float
    missed_max: float
    level: str

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.per_min_m <= self.high or not self.window_s > 0:
            raise ValueError(
                f"a flow wants 0 <= low <= per_min_m <= high over a window > 0, got {self.low}, "
                f"{self.per_min_m}, {self.high}, {self.window_s}"
            )


@quick
@dataclass(frozen=True)
class Crowd:
    """Persons per square metre of visible floor.

    Attributes:
        per_m2: best estimate.
        low, high: interval that holds the truth nine times of ten.
        floor: the visible floor.
        missed_max: share of the people taken to be hidden at most; it is what the upper end allows for.
        table, level: the name of the density, by which table.
        basis: what it was counted by.
        mapped: what the density map told, also where the boxes were believed; None where there is none.
        at_least: whether the detector cannot take this crowd apart, so that only `low` is known and `high`
            is what a floor can hold; None where nobody measured what it can.
    """

    per_m2: float
    low: float
    high: float
    floor: Floor
    missed_max: float
    table: DensityTable
    level: str
    basis: Basis = Basis.BOXES
    mapped: Mapped | None = None
    at_least: bool | None = None

    def __post_init__(self) -> None:
        if self.mapped is None and self.basis is not Basis.BOXES:
            raise ValueError(f"a crowd wants a density map where it is counted by {self.basis}, got none")
        if not 0 <= self.low <= self.per_m2 <= self.high:
            raise ValueError(
                f"a crowd wants 0 <= low <= per_m2 <= high, got {self.low}, {self.per_m2}, {self.high}"
            )
