"""What teachers agree on becomes one label; what one teacher alone saw stays a doubt."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.values.detections import Detections
from models.training.fusion import Sight, fused

PERSON, CAR, TRUCK = 0, 2, 5
BOX = (10.0, 20.0, 50.0, 120.0)


def sight(teacher, weight, *found):
    boxes, scores, kinds = zip(*found, strict=True) if found else ((), (), ())
    return Sight(teacher, weight, Detections.of(boxes, scores, kinds))


def test_two_teachers_that_agree_give_one_box_between_theirs():
    label = fused(
        [
            sight("a", 1.0, (BOX, 0.8, PERSON)),
            sight("b", 1.0, ((14.0, 20.0, 54.0, 120.0), 0.4, PERSON)),
        ]
    )
    assert len(label) == 1
    assert label.scores[0] == pytest.approx(0.6)
    assert label.boxes[0, 0] == pytest.approx((10 * 0.8 + 14 * 0.4) / 1.2)


def test_a_teacher_that_saw_nothing_votes_zero():
    label = fused([sight("a", 1.0, (BOX, 0.8, PERSON)), sight("b", 3.0)])
    assert label.scores[0] == pytest.approx(0.2)


def test_looking_more_often_is_no_vote():
    once = fused([sight("a", 1.0, (BOX, 0.8, PERSON)), sight("b", 1.0)])
    thrice = fused([*[sight("a", 1.0, (BOX, 0.8, PERSON))] * 3, sight("b", 1.0)])
    assert thrice.scores[0] == pytest.approx(float(once.scores[0]))


def test_one_vehicle_seen_as_two_classes_is_one_of_the_likelier():
    label = fused([sight("a", 1.0, (BOX, 0.7, CAR)), sight("b", 1.0, (BOX, 0.5, TRUCK))])
    assert label.classes.tolist() == [CAR]
    assert label.scores[0] == pytest.approx(0.6)


def test_a_person_before_a_car_stays_beside_it():
    label = fused([sight("a", 1.0, (BOX, 0.7, CAR), (BOX, 0.6, PERSON))])
    assert sorted(label.classes.tolist()) == [PERSON, CAR]


def test_nothing_seen_is_nothing_labelled():
    assert len(fused([sight("a", 1.0)])) == 0


spot = st.tuples(st.integers(0, 300), st.integers(0, 200), st.floats(0.1, 1.0), st.sampled_from([0, 2, 5]))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(spot, max_size=6), min_size=1, max_size=4))
def test_labels_are_probabilities_in_order_within_what_was_seen(views):
    sights = [
        sight(f"t{i}", 1.0 + i, *(((x, y, x + 30.0, y + 60.0), s, k) for x, y, s, k in view))
        for i, view in enumerate(views)
    ]
    label = fused(sights)
    assert len(label) <= sum(len(view) for view in views)
    assert np.all(np.diff(label.scores) <= 1e-6)
    assert np.all((label.scores > 0) & (label.scores <= 1))
    if len(label):
        assert label.boxes.min() >= 0
        assert label.boxes[:, 2].max() <= 330 + 1e-3, "a mean of float32 may lie a rounding beyond its terms"
