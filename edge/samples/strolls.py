"""People who stroll up and down a square, as many as are wanted, and the cameras that look at them.

Law: how many stand on the watched floor is what the simulation says, picture by picture; `per_m2` is only
what is aimed at.
"""

from dataclasses import dataclass

from edge.samples.camera import Pinhole
from edge.samples.gathering import Gathering, Metres
from edge.samples.social_force import Leg, Walk

SIDE_M = 8.0
"""Side of the watched floor; people stroll a little beyond it."""
BEYOND_M = 1.2
LANES = 9
SETTLE_S = 5.0
_LANE_M = (SIDE_M + BEYOND_M) / (LANES - 1)
_REACH_M = SIDE_M / 2 + BEYOND_M


@dataclass(frozen=True, slots=True)
class View:
    """A camera, and how far before it the watched floor begins, metres."""

    name: str
    camera: Pinhole
    near_m: float

    @property
    def floor(self) -> tuple[Metres, ...]:
        """Corners of the watched floor."""
        half, far = SIDE_M / 2, self.near_m + SIDE_M
        return (-half, self.near_m), (half, self.near_m), (half, far), (-half, far)


VIEWS = (
    View("square", Pinhole(640, 360, 450.0, 9.0, 35.0), 11.0),
    View("street", Pinhole(640, 360, 520.0, 6.0, 22.0), 9.5),
    View("steep", Pinhole(640, 360, 420.0, 8.0, 48.0), 4.0),
    View("far", Pinhole(640, 360, 450.0, 8.0, 20.0), 19.0),
)
"""Looking down over a square, along a street, steeply, and at people who are small."""


def stroll(view: View, per_m2: float, seconds: float) -> Gathering:
    """So many people by the square metre, up and down in lanes; nobody leaves."""
    lanes = [view.near_m - BEYOND_M / 2 + _LANE_M * k for k in range(LANES)]
    legs = tuple(
        leg
        for k, y in enumerate(lanes)
        for leg in (_gate(_REACH_M, y, 2 * k + 1), _gate(-_REACH_M, y, 2 * k))
    )
    people = round(per_m2 * 2 * _REACH_M * _LANE_M * LANES)

    def script(walk: Walk, now_s: float) -> None:
        if now_s > -SETTLE_S:
            return
        for who in range(people):
            lane, way = who % LANES, who // LANES % 2
            low, high = lanes[lane] - _LANE_M / 2, lanes[lane] + _LANE_M / 2
            walk.add(1, (-_REACH_M, low), (_REACH_M, high), 2 * lane + way)

    across = ((0.0, view.near_m + SIDE_M), (0.0, view.near_m))
    return Gathering(f"stroll {per_m2:g}", seconds, view.floor, across, legs, (), script, settle_s=SETTLE_S)


def _gate(x: float, y: float, then: int) -> Leg:
    return Leg((x, y - 0.4), (x, y + 0.4), then)
