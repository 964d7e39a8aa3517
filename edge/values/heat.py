"""How many were where on a floor in a stretch of time, in cells and numbers too coarse to find anybody."""

from dataclasses import dataclass

TURN_DEG, STEP_MPS = 45, 0.25
"""Steps in which directions and speeds are told: too coarse to find what one person more has changed."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where the people of a cell go together.

    Attributes:
        toward_deg: direction on the camera's ground, a multiple of `TURN_DEG` from 0 to 315: 0 to the right,
            90 ahead; None where they stand or go every way.
        mps: their mean speed, a multiple of `STEP_MPS`.
    """

    toward_deg: int | None
    mps: float

    def __post_init__(self) -> None:
        if (self.toward_deg or 0) not in range(0, 360, TURN_DEG) or self.mps < 0 or self.mps % STEP_MPS:
            raise ValueError(
                f"a way wants multiples of {TURN_DEG} degrees and {STEP_MPS} m/s, got {self.toward_deg} and "
                f"{self.mps}"
            )


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell: its column and row, counted from the map's corner, and who was in it.

    Attributes:
        x, y: from 0; it covers x to x + 1 and y to y + 1 times the cell's side.
        people: how many different ones, a multiple of the map's `least`.
        at_once: most at the same time, likewise; None where noise is added, which does not cover it.
        way: where they go, if that is wanted; never where noise is added.
    """

    x: int
    y: int
    people: int
    at_once: int | None
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise that was added to every cell: `epsilon` by release, and `cells_each`, in how many one counts."""

    epsilon: float
    cells_each: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The floor of one zone in one bin of time.

    Attributes:
        zone: which.
        began_ns, ended_ns: the bin, UTC.
        corner_m: where column and row 0 begin, metres on the camera's ground.
        cell_m: side of a cell.
        least: every number is a multiple of it, and none is told that would be smaller.
        watched: share of the bin in which the zone was looked at.
        cells: those with at least `least`, by row and column.
        noise: None where none was added.
    """

    zone: str
    began_ns: int
    ended_ns: int
    corner_m: tuple[float, float]
    cell_m: float
    least: int
    watched: float
    cells: tuple[HeatCell, ...]
    noise: Noise | None = None

    def __post_init__(self) -> None:
        told = [n for cell in self.cells for n in (cell.people, cell.at_once or 0)]
        if self.least < 1 or any(n < 0 or n % self.least for n in told):
            raise ValueError(f"a heat map wants multiples of {self.least}")
