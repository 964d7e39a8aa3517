"""COCO's figures for a set of pictures: average precision over ten overlaps, and by the size of objects.

Source: Lin et al., Microsoft COCO (ECCV 2014); the numbers are those of pycocotools' `COCOeval` for boxes
(at most 100 detections of a class in a picture; small below 32² pixels, large above 96²).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.evaluate.average_precision import Picture, average_precision
from edge.evaluate.overlap import Floats, overlap

OVERLAPS = tuple(float(x) for x in np.linspace(0.5, 0.95, 10))
MOST_DETECTIONS = 100
_EVERY = 1e5**2
_SMALL, _LARGE = 32.0**2, 96.0**2
SIZES = {"all": (0.0, _EVERY), "small": (0.0, _SMALL), "medium": (_SMALL, _LARGE), "large": (_LARGE, _EVERY)}
"""Areas of objects, square pixels, both ends included."""


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """One picture: what was found in it, and what is.

    Attributes:
        found: float64 n×4, boxes x1 y1 x2 y2 in pixels.
        scores: n.
        found_classes: int n.
        boxes: float64 m×4, boxes of the truth.
        classes: int m.
        areas: m, of the objects in square pixels; less than the box where the outline is known.
        crowd: bool m, groups that stand in one box; neither to be found nor wrong to find.
    """

    found: Floats
    scores: Floats
    found_classes: npt.NDArray[np.integer]
    boxes: Floats
    classes: npt.NDArray[np.integer]
    areas: Floats
    crowd: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CocoScore:
    """The figures, 0..1; None where there is nothing to find.

    Attributes:
        ap: mean over overlaps of 0.50 to 0.95 in steps of 0.05.
        ap50, ap75: at one overlap.
        small, medium, large: as `ap`, for objects of that size.
        by_class: AP50 of each class, by class index.
    """

    ap: float | None
    ap50: float | None
    ap75: float | None
    small: float | None
    medium: float | None
    large: float | None
    by_class: tuple[float | None, ...]


def coco_score(pictures: Sequence[Labelled], classes: int) -> CocoScore:
    """COCO's figures over pictures of classes 0 to `classes` − 1."""
    tables = {size: [_of_class(pictures, c, area) for c in range(classes)] for size, area in SIZES.items()}
    grid = {size: [_row(those) for those in by_class] for size, by_class in tables.items()}
    at50, at75 = OVERLAPS.index(0.5), int(np.argmin(np.abs(np.array(OVERLAPS) - 0.75)))
    return CocoScore(
        ap=_mean(value for row in grid["all"] for value in row),
        ap50=_mean(row[at50] for row in grid["all"]),
        ap75=_mean(row[at75] for row in grid["all"]),
        small=_mean(value for row in grid["small"] for value in row),
        medium=_mean(value for row in grid["medium"] for value in row),
        large=_mean(value for row in grid["large"] for value in row),
        by_class=tuple(row[at50] for row in grid["all"]),
    )


def _row(pictures: Sequence[Picture]) -> list[float | None]:
    """Average precision at each overlap."""
    return [average_precision(pictures, least) for least in OVERLAPS]


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _of_class(pictures: Sequence[Labelled], label: int, area: tuple[float, float]) -> list[Picture]:
    """One class in every picture, for objects of one size."""
    return [_picture(picture, label, area) for picture in pictures]


def _picture(picture: Labelled, label: int, area: tuple[float, float]) -> Picture:
    mine = np.flatnonzero(picture.found_classes == label)
    mine = mine[np.argsort(-picture.scores[mine], kind="stable")][:MOST_DETECTIONS]
    there = np.flatnonzero(picture.classes == label)
    found, crowd = picture.found[mine], picture.crowd[there]
    sides = found[:, 2:] - found[:, :2]
    return Picture(
        scores=picture.scores[mine],
        overlap=_overlap(found, picture.boxes[there], crowd),
        ignored=crowd | _outside(picture.areas[there], area),
        crowd=crowd,
        aside=_outside(sides.prod(axis=1), area),
    )


def _outside(areas: Floats, bounds: tuple[float, float]) -> npt.NDArray[np.bool_]:
    return np.asarray((areas < bounds[0]) | (areas > bounds[1]))


def _overlap(found: Floats, boxes: Floats, crowd: npt.NDArray[np.bool_]) -> Floats:
    """Intersection over union; of a crowd the share of the detection that lies in it."""
    shared = overlap(found, boxes)
    if crowd.any():
        low = np.maximum(found[:, None, :2], boxes[None, crowd, :2])
        high = np.minimum(found[:, None, 2:], boxes[None, crowd, 2:])
        common = np.maximum(high - low, 0.0).prod(axis=2)
        area = (found[:, 2:] - found[:, :2]).prod(axis=1)
        shared[:, crowd] = common / np.maximum(area, 1e-9)[:, None]
    return shared
