"""How heat is looked for on one camera.

Law: a spec is valid from birth. Places are drawn in the unit square of the picture, as those of a scene.
"""

from dataclasses import dataclass

from edge.values.hot import Level, Scale

Polygon = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class ThermalSpec:
    """What one camera's watch over heat needs to know.

    Attributes:
        zones: name and polygon of each place where heat matters.
        levels: what counts as hot, each once.
        scale: what a count means; None for a grey picture, of which only contrast is told.
        masks: polygons in which nothing is looked at.
        every_s: least time between two looks, seconds.
        settle_s: what is above the usual for longer is usual from then on, seconds.
    """

    zones: tuple[tuple[str, Polygon], ...]
    levels: tuple[Level, ...]
    scale: Scale | None = None
    masks: tuple[Polygon, ...] = ()
    every_s: float = 0.18
    settle_s: float = 3600.0

    def __post_init__(self) -> None:
        if not self.zones or not self.levels or len(set(self.levels)) < len(self.levels):
            raise ValueError("a watch over heat wants at least one zone, and levels that are not the same")
        for level in self.levels:
            if level.calibrated is not (self.scale is not None):
                raise ValueError(f"{level} does not go with a camera whose scale is {self.scale}")
        if not 0.0 <= self.every_s <= 2.0 or not 60.0 <= self.settle_s <= 86_400.0:
            raise ValueError(
                f"a watch over heat wants every_s of 0..2 s and settle_s of 60..86400 s, got "
                f"{self.every_s:g} and {self.settle_s:g}"
            )
