"""Average precision of detections, as COCO defines it.

Lin et al., Microsoft COCO (ECCV 2014), as computed by pycocotools: detections of all pictures in order of
their score, each taking the best truth still free; the precision envelope sampled at 101 recalls. No limit
on detections per picture is applied here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.evaluate.overlap import Floats

Flags = npt.NDArray[np.bool_]

RECALLS = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Detections and truth of one label in one picture.

    Attributes:
        scores: n, of the detections.
        overlap: float64 n×m, intersection over union of detections and truths.
        ignored: bool m, truths that are neither to be found nor wrong to find.
        crowd: bool m, ignored truths that any number of detections may take; none where None.
        aside: bool n, detections that are not wrong where they hit nothing; none where None.
    """

    scores: Floats
    overlap: Floats
    ignored: Flags
    crowd: Flags | None = None
    aside: Flags | None = None


def average_precision(pictures: Sequence[Picture], least_overlap: float = 0.5) -> float | None:
    """Average precision over the pictures, 0..1; None where there is nothing to find."""
    wanted = sum(int(np.count_nonzero(~picture.ignored)) for picture in pictures)
    if wanted == 0:
        return None
    judged = [_judged(picture, least_overlap) for picture in pictures]
    scores = np.concatenate([scores for scores, _ in judged])
    hits = np.concatenate([hits for _, hits in judged])[np.argsort(-scores, kind="stable")]
    found = np.cumsum(hits)
    precision = found / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(found / wanted, RECALLS, side="left")
    return float(np.append(envelope, 0.0)[at].mean())


def _judged(picture: Picture, least_overlap: float) -> tuple[Floats, Flags]:
    """Scores of the detections that count, by descending score, and which of them hit."""
    order = np.argsort(-picture.scores, kind="stable")
    free = np.ones(len(picture.ignored), np.bool_)
    hit, counts = np.zeros(len(order), np.bool_), np.ones(len(order), np.bool_)
    if picture.aside is not None:
        counts &= ~picture.aside[order]
    for at, detection in enumerate(order):
        near = np.where(free, picture.overlap[detection], -1.0)
        for ignored in (False, True):
            able = np.flatnonzero((near >= least_overlap) & (picture.ignored == ignored))
            if len(able):
                taken = able[::-1][near[able[::-1]].argmax()]  # of equals the last, as pycocotools does
                free[taken] = picture.crowd is not None and picture.crowd[taken]
                hit[at], counts[at] = not ignored, not ignored
                break
    return picture.scores[order][counts], hit[counts]
