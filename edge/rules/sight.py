"""One zone at one moment, as all rules about its crowd see it: picked out and reckoned once.

Law: nothing here knows a rule. What only some rules ask for is reckoned when the first of them asks.
"""

from dataclasses import dataclass

from edge.rules.cells import Cells
from edge.values.crowd import Floor, Heads
from edge.values.once import once
from edge.values.walks import Walks


@dataclass(eq=False)
class Sight:
    """A zone at a moment, and those in it of some classes.

    Attributes:
        walks: how they move.
        heads: how many there are.
        floor: of the zone.
    """

    walks: Walks
    heads: Heads
    floor: Floor

    @once
    def per_m2(self) -> float:
        """How densely they stand."""
        return self.heads.mean / self.floor.m2

    @once
    def cells(self) -> Cells:
        """How they move in squares of the ground."""
        return Cells.of(self.walks)

    @property
    def scale_sd(self) -> float:
        """Relative doubt in lengths on this ground: half of that in areas."""
        return self.floor.sd_m2 / self.floor.m2 / 2

    @property
    def unfollowed(self) -> float:
        """How many there are for each whose motion is known, at least 1."""
        return max(1.0, self.heads.mean / len(self.walks)) if len(self.walks) else 1.0
