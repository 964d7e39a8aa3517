import re

import numpy as np
import pytest

from edge.detect.card import Expected, SelfTest, Thresholds
from edge.detect.self_test import difference, observed
from edge.values.detections import Detections

LABELS = ("person", "car")
TWO = Detections.of([[10, 10, 20, 40], [50, 10, 90, 30]], [0.81, 0.62], [0, 1])
TEST = SelfTest("a.png", observed(TWO, LABELS), min_iou=0.7, max_score_drift=0.1)


def told(found: Detections, test: SelfTest = TEST) -> str | None:
    return difference(test, found, LABELS, Thresholds({}, default=0.4))


def test_what_was_observed_is_expected() -> None:
    assert TEST.expected == (
        Expected("person", 0.81, (10, 10, 20, 40)),
        Expected("car", 0.62, (50, 10, 90, 30)),
    )
    assert told(TWO) is None


def test_a_little_drift_is_permitted() -> None:
    assert told(Detections.of(TWO.boxes + 0.5, TWO.scores - 0.05, TWO.classes)) is None


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (
            Detections.none(),
            "wanted a person of score 0.81 at .10 10 20 40., got nothing there among 0 found",
        ),
        (
            Detections.of(TWO.boxes, [0.81, 0.4], [0, 1]),
            "wanted a car of score 0.62 .* got at most a car of score 0.40",
        ),
        (Detections.of(TWO.boxes, TWO.scores, [0, 0]), "wanted a car .* got at most a person"),
        (Detections.of(TWO.boxes + np.array([[0], [20]]), TWO.scores, TWO.classes), "wanted a car"),
        (
            Detections.of([*TWO.boxes, [0, 50, 9, 70]], [*TWO.scores, 0.7], [0, 1, 0]),
            "wanted nothing more than expected, got a person of score 0.70",
        ),
        (
            Detections.of([*TWO.boxes, TWO.boxes[0]], [*TWO.scores, 0.8], [0, 1, 0]),
            "wanted nothing more than expected",
        ),
    ],
)
def test_a_difference_is_told(found: Detections, wanted: str) -> None:
    message = told(found)
    assert message is not None and re.search(wanted, message), message


def test_what_is_near_the_threshold_may_come_or_go() -> None:
    with_weak = Detections.of([*TWO.boxes, [0, 50, 9, 70]], [*TWO.scores, 0.45], [0, 1, 0])
    assert told(with_weak) is None
    expects_weak = SelfTest("a.png", observed(with_weak, LABELS), 0.7, 0.1)
    assert told(TWO, expects_weak) is None


def test_each_found_object_stands_for_one_expected() -> None:
    twice = SelfTest("a.png", (TEST.expected[0], TEST.expected[0]))
    one = TWO.take(np.array([0]))
    assert told(one, twice) is not None
