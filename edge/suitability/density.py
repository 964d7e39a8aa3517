"""Pixels per metre where people stand, from people who were seen there, and the standard's steps for it.

Law: pixels per metre are measured upright, at the feet, in the camera's own picture. Where no people were
seen and nothing was surveyed there is no number.

Source: IEC 62676-4:2025: 20, 40, 80, 125, 250, 500 and 1500 pixels per metre. Adults are taken for 1.70 m.
For a level camera over flat ground the height of a standing person in the picture is linear in the row of the
feet, and 0 at the horizon (Hoiem et al., "Putting Objects in Perspective", 2006).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STATURE_M = 1.70
FEWEST = 12
"""Sightings of people from which on a line is drawn through their heights."""

_SPREAD_WANTED = 0.05
"""Share of the picture's height that feet must cover, for the slope to be more than noise."""


class Step(IntEnum):
    """Pixel densities of the standard, pixels per metre, by their names there."""

    BELOW = 0
    OVERVIEW = 20
    OUTLINE = 40
    DISCERN = 80
    PERCEIVE = 125
    CHARACTERISE = 250
    VALIDATE = 500
    SCRUTINISE = 1500

    @classmethod
    def of(cls, px_per_m: float) -> "Step":
        """The highest step that a density reaches."""
        return max(step for step in cls if px_per_m >= step or step is cls.BELOW)


@dataclass(frozen=True, slots=True)
class Heights:
    """Height of standing people in the picture, as a line over the row of their feet.

    Attributes:
        slope, offset: height = slope · foot + offset; feet in shares of the picture, height in pixels.
        sightings: how many people the line was drawn through.
        lowest, highest: rows of feet between which people were seen, shares of the picture's height.
        error: typical distance of a sighting from the line, share of the height.
    """

    slope: float
    offset: float
    sightings: int
    lowest: float
    highest: float
    error: float

    def at(self, foot: float) -> float:
        """Height of a person whose feet are in this row, pixels; 0 above the horizon."""
        return max(0.0, self.slope * foot + self.offset)

    def px_per_m(self, foot: float) -> float:
        """Upright pixels per metre in this row."""
        return self.at(foot) / STATURE_M


def heights_of(feet: Floats, tall: Floats) -> Heights | None:
    """The line through people that were seen; None where they are too few.

    Its slope is the median of the slopes between all pairs far enough apart (Theil and Sen), so that some of
    the sightings may be wrong: people who sit, who are half hidden, or who are no people.

    Args:
        feet: n, rows of feet in shares of the picture's height.
        tall: n, heights of whole people, pixels.
    """
    if len(feet) < FEWEST:
        return None
    rise = np.subtract.outer(tall, tall)
    run = np.subtract.outer(feet, feet)
    apart = run > _SPREAD_WANTED
    # All in one row, height there is known and elsewhere it is not: a level line with an honest reach.
    slope = max(0.0, float(np.median(rise[apart] / run[apart]))) if apart.sum() >= FEWEST else 0.0
    offset = float(np.median(tall - slope * feet))
    fitted = slope * feet + offset
    error = float(np.median(np.abs(tall - fitted) / np.maximum(fitted, 1.0)))
    reach = np.percentile(feet, [2, 98])
    return Heights(slope, offset, len(feet), float(reach[0]), float(reach[1]), error)


def rows_of(polygon: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Farthest and nearest row of a zone within the picture, shares of its height."""
    rows = [min(1.0, max(0.0, y)) for _, y in polygon]
    return min(rows), max(rows)
