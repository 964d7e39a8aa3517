"""Where speeds are measured and stops are noticed on one camera.

Law: a spec is valid from birth. Places are drawn in the unit square of the picture, as those of a scene.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.ground.plane import Ground

Point = tuple[float, float]
Zone = tuple[str, tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class PaceSpec:
    """What one camera's watch over pace needs to know.

    Attributes:
        labels: names of the detector's classes, by class index.
        timed: name and polygon of each zone in which speeds are wanted.
        watched: the same where stops are wanted.
        classes: labels that any rule asks about; None for all.
        masks: polygons in which nothing is looked at.
        ground: where on the street the picture lies; None where the camera is not calibrated.
        still_m: who moves no further than this stands, metres.
        still_boxes: the same where the ground is not measured, box sizes (the root of a box's area).
    """

    labels: tuple[str, ...]
    timed: tuple[Zone, ...] = ()
    watched: tuple[Zone, ...] = ()
    classes: frozenset[str] | None = None
    masks: tuple[tuple[Point, ...], ...] = ()
    ground: Ground | None = None
    still_m: float = 1.0
    still_boxes: float = 0.4

    def __post_init__(self) -> None:
        if not self.timed and not self.watched:
            raise ValueError("a watch over pace wants at least one zone")
        if self.timed and self.ground is None:
            raise ValueError("a speed wants measured ground, and this camera has none")

    @property
    def wanted(self) -> npt.NDArray[np.bool_]:
        """Which classes are asked about, by class index."""
        return np.array([self.classes is None or label in self.classes for label in self.labels], np.bool_)
