"""Golden figures: pycocotools 2.0.11, printed by tests/evaluate/coco_reference.py."""

import numpy as np
import pytest

from edge.evaluate.coco import Labelled, coco_score
from tests.fakes.coco_sets import CLASSES, labelled

FIGURES = [
    [0.0913551, 0.224694513, 0.067936001, 0.140170663, 0.091390405, 0.045916322],
    [0.100322839, 0.241684078, 0.063925497, 0.143009227, 0.103498907, 0.087728696],
    [0.085362598, 0.234156158, 0.044288807, 0.16001515, 0.066611819, 0.08595725],
    [0.129636603, 0.306834595, 0.077667451, 0.157965063, 0.13242987, 0.19870187],
    [0.080280965, 0.192940113, 0.052015619, 0.120322765, 0.086199976, 0.096832469],
    [0.097301969, 0.237253982, 0.065489247, 0.08858214, 0.131583927, 0.108838455],
    [0.109102356, 0.224374259, 0.078805988, 0.134056766, 0.091539006, 0.175378259],
    [0.118417907, 0.273568478, 0.066350383, 0.120328475, 0.096248848, 0.229717388],
]


def one(found, scores, boxes, crowd=None) -> Labelled:
    boxes = np.array(boxes, float).reshape(-1, 4)
    return Labelled(
        found=np.array(found, float).reshape(-1, 4),
        scores=np.array(scores, float),
        found_classes=np.zeros(len(scores), int),
        boxes=boxes,
        classes=np.zeros(len(boxes), int),
        areas=(boxes[:, 2:] - boxes[:, :2]).prod(axis=1),
        crowd=np.array(crowd if crowd is not None else [False] * len(boxes), bool),
    )


@pytest.mark.parametrize("seed", range(len(FIGURES)))
def test_figures_are_those_of_pycocotools(seed: int) -> None:
    score = coco_score(labelled(seed), CLASSES)
    got = (score.ap, score.ap50, score.ap75, score.small, score.medium, score.large)
    assert got == pytest.approx(FIGURES[seed], abs=1e-8)


def test_a_perfect_answer_scores_one_and_only_for_the_sizes_that_are_there() -> None:
    box = [10, 10, 60, 60]
    score = coco_score([one([box], [0.9], [box])], 2)
    assert (score.ap, score.ap50, score.medium) == pytest.approx((1, 1, 1))
    assert (score.small, score.large) == (None, None)
    assert score.by_class == (pytest.approx(1.0), None)


def test_many_may_find_a_crowd_and_none_is_wrong() -> None:
    person, crowd = [10, 10, 60, 60], [200, 0, 600, 400]
    inside = [[210, 10, 240, 60], [300, 100, 350, 200]]
    picture = one([*inside, person], [0.9, 0.8, 0.7], [person, crowd], [False, True])
    assert coco_score([picture], 1).ap == pytest.approx(1)


def test_more_than_a_hundred_of_a_class_do_not_count() -> None:
    box = [10, 10, 60, 60]
    far = [[300, 300, 350, 350]] * 100
    picture = one([*far, box], [*np.linspace(0.9, 0.8, 100), 0.5], [box])
    assert coco_score([picture], 1).ap50 == 0


def test_no_pictures_are_no_figures() -> None:
    assert coco_score([], 1).ap is None
