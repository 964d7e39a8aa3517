import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.detect.agreement import Agreement, agreement
from edge.values.detections import Detections

NONE = Detections.of([], [], [])


def found(*boxes: tuple[float, float, float, float], label: int = 0) -> Detections:
    return Detections.of([list(box) for box in boxes], [0.9] * len(boxes), [label] * len(boxes))


LEFT, RIGHT, SHIFTED = (0, 0, 10, 20), (50, 0, 60, 20), (2, 0, 12, 20)


def test_a_shifted_box_agrees_and_one_elsewhere_does_not() -> None:
    told = agreement([(found(LEFT, RIGHT), found(SHIFTED))])
    assert told == Agreement(both=1, first_alone=1, second_alone=0)
    assert (told.recall, told.precision) == (0.5, 1.0)


def test_another_class_does_not_agree() -> None:
    assert agreement([(found(LEFT), found(LEFT, label=1))]) == Agreement(0, 1, 1)


def test_each_box_agrees_with_one_at_most() -> None:
    assert agreement([(found(LEFT), found(LEFT, SHIFTED))]) == Agreement(1, 0, 1)


def test_nothing_found_is_no_share() -> None:
    told = agreement([(NONE, NONE)])
    assert told.recall is None and told.precision is None


sides = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 30), st.integers(1, 30)), max_size=6
)


@given(sides, sides)
def test_every_box_is_counted_once_and_both_ways_alike(first: list, second: list) -> None:
    one, other = (
        Detections.of([[x, y, x + w, y + h] for x, y, w, h in each], [0.5] * len(each), [0] * len(each))
        for each in (first, second)
    )
    told, back = agreement([(one, other)]), agreement([(other, one)])
    assert told.both + told.first_alone == len(one)
    assert told.both + told.second_alone == len(other)
    assert told.both == back.both
    assert agreement([(one, one)]).first_alone == 0
    assert np.isfinite(told.recall or 0)
