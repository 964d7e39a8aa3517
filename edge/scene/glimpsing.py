"""How full of people each zone looks to a detector: the share of it that is covered by what looks at all
like a person.

Law: a glimpse is nobody; only how much of a zone they cover together is told. Bodies are seen over the floor
on which they stand, so a zone is lifted to their middle. The last answer counts until the next: while
nothing moves it would be the same again.
"""

import numpy as np

from edge.ground.above import seen_above
from edge.ground.area import within
from edge.scene.headcount import lifted
from edge.scene.objects import Flags
from edge.scene.spec import SceneSpec
from edge.values.acuity import Glimpses
from edge.values.detections import Boxes, Detections
from edge.values.frame import Size

STATURE_M = 1.69
"""How tall somebody is, in shoes."""
MIDDLE_M, WIDTH_M = STATURE_M / 2, 0.45
"""The middle of a body, and its width."""
LONGEST_M = 7.0
"""Somebody is taken to hide no more floor behind them than so far, however flat the camera looks."""
COLUMNS, ROWS = 128, 72
"""Cells of the picture that are covered or not: of three pixels, of people of 16 pixels or more."""


class Glimpsing:
    """Remembers how full the zones of one camera looked last."""

    def __init__(self, spec: SceneSpec) -> None:
        self._spec = spec
        self._told: list[Glimpses] | None = None
        if spec.ground is not None and spec.acuity is not None:
            self._zones, self._bodies = _cells_of(spec), _bodies(spec)

    def take(self, answer: Detections, size: Size) -> None:
        """Take the glimpses of an answer, boxes in pixels of a picture of this size, in place of the last."""
        acuity, boxes = self._spec.acuity, answer.glimpsed
        if acuity is None or boxes is None or self._spec.ground is None:
            self._told = None
            return
        covered = covered_by(boxes, size)
        self._told = [
            Glimpses(float(covered[zone].mean()) if zone.any() else 0.0, tall * size.height, hides_m2, acuity)
            for zone, (tall, hides_m2) in zip(self._zones, self._bodies, strict=True)
        ]

    def of(self, zone: int) -> Glimpses | None:
        """How full a zone looked last; None where nobody asked, or nobody measured what that means."""
        return None if self._told is None else self._told[zone]


def covered_by(boxes: Boxes, size: Size) -> Flags:
    """Which cells of a picture of this size have their middle in a box, bool `ROWS`×`COLUMNS`.

    A summed-area table backwards (F. C. Crow, SIGGRAPH 1984): each box is written at its four corners alone.
    """
    most = np.array([COLUMNS, ROWS])
    scaled = boxes * np.tile(most / (size.width, size.height), 2)
    first = np.clip(np.floor(scaled[:, :2] + 0.5), 0, most).astype(np.intp)
    last = np.clip(np.ceil(scaled[:, 2:] - 0.5), 0, most).astype(np.intp)
    some = (first < last).all(axis=1)
    (x1, y1), (x2, y2) = first[some].T, last[some].T
    steps = np.zeros((ROWS + 1, COLUMNS + 1), dtype=np.int32)
    np.add.at(steps, (np.concatenate((y1, y2)), np.concatenate((x1, x2))), 1)
    np.add.at(steps, (np.concatenate((y1, y2)), np.concatenate((x2, x1))), -1)
    return np.asarray(steps.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0)


def _cells_of(spec: SceneSpec) -> list[Flags]:
    """The cells of the picture in which the bodies of those are seen who stand in each zone and no mask."""
    assert spec.ground is not None
    x, y = (np.arange(COLUMNS) + 0.5) / COLUMNS, (np.arange(ROWS) + 0.5) / ROWS
    cells = np.stack(np.meshgrid(x, y), axis=-1)
    free = np.ones((ROWS, COLUMNS), dtype=np.bool_)
    for mask in spec.masks:
        free &= ~within(cells, lifted(mask, spec.ground, MIDDLE_M))
    return [within(cells, lifted(zone.polygon, spec.ground, MIDDLE_M)) & free for zone in spec.zones]


def _bodies(spec: SceneSpec) -> list[tuple[float, float]]:
    """How tall somebody is who stands in the middle of each zone's corners, in picture heights, and how much
    floor they hide behind them, square metres; 0 and the most where the ground shows no perspective."""
    ground = spec.ground
    assert ground is not None
    middles = np.array([np.mean(zone.polygon, axis=0) for zone in spec.zones]).reshape(-1, 2)
    heads = seen_above(ground, middles, STATURE_M)
    far_m = np.hypot(*(ground.metres(heads) - ground.metres(middles)).T)
    far_m = np.minimum(np.nan_to_num(far_m, nan=LONGEST_M), LONGEST_M)
    tall = np.nan_to_num(middles[:, 1] - heads[:, 1], nan=0.0)
    return list(zip(tall.tolist(), (far_m * WIDTH_M).tolist(), strict=True))
