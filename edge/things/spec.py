"""How things are looked for on one camera.

Law: a spec is valid from birth. Places are drawn in the unit square of the picture, as those of a scene.
"""

from dataclasses import dataclass

import numpy as np

from edge.ground.plane import Ground
from edge.view.patch import Flags

Point = tuple[float, float]
Polygon = tuple[Point, ...]

BAGGAGE = frozenset({"backpack", "handbag", "suitcase", "umbrella"})
"""Classes of a detector that are things themselves, and hide none."""


@dataclass(frozen=True, slots=True)
class ThingSpec:
    """What one camera's watch over things needs to know.

    Attributes:
        labels: names of the detector's classes, by class index.
        zones: name and polygon of each place where things matter.
        masks: polygons in which nothing is looked at.
        ground: where on the street the picture lies; None where the camera is not calibrated.
        every_s: time between two looks, seconds.
        settle_s: a thing that stands for longer is a part of the place, seconds.
    """

    labels: tuple[str, ...]
    zones: tuple[tuple[str, Polygon], ...]
    masks: tuple[Polygon, ...] = ()
    ground: Ground | None = None
    every_s: float = 0.9
    settle_s: float = 3600.0

    def __post_init__(self) -> None:
        if not self.zones:
            raise ValueError("a watch over things wants at least one zone")
        if not 0.1 <= self.every_s <= 2.0 or not 60.0 <= self.settle_s <= 86_400.0:
            raise ValueError(
                f"a watch over things wants every_s of 0.1..2 s and settle_s of 60..86400 s, got "
                f"{self.every_s:g} and {self.settle_s:g}"
            )

    @property
    def people(self) -> Flags:
        """Which classes are people, by class index."""
        return np.array([label == "person" for label in self.labels], np.bool_)

    @property
    def bodies(self) -> Flags:
        """Which come and go by themselves, by class index: people, vehicles, animals."""
        return np.array([label not in BAGGAGE for label in self.labels], np.bool_)
