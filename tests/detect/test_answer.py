from dataclasses import replace

import numpy as np
import pytest

from edge.detect.answer import MOST_CANDIDATES, Reader, output_shapes
from edge.detect.card import Card, Family, Input, Thresholds
from edge.detect.fit import Fit
from edge.detect.letterbox import Placement
from edge.values.acuity import Acuity
from edge.values.detections import Detections, NotAnswered, Unanswered
from edge.values.frame import Size

INPUT = Input(Size(64, 64), fit=Fit.LETTERBOX_CENTRE)
CARD = Card(
    name="test",
    family=Family.ULTRALYTICS_END2END,
    input=INPUT,
    labels=("person", "car", "tram"),
    thresholds=Thresholds({"car": 0.7}, default=0.5),
    sha256="0" * 64,
    licence="Apache-2.0",
    source="made by a test",
    data="none",
)
FRAME = Placement.of(
    Size(128, 64), INPUT.size, INPUT.fit
)  # content 64x32, 16 rows of padding above and below


def read(rows: list[list[float]], card: Card = CARD) -> Detections | NotAnswered:
    table = np.array([rows], np.float32).reshape(1, -1, 6)
    return Reader.of(card).read([table], FRAME)


def found(rows: list[list[float]], card: Card = CARD) -> Detections:
    answer = read(rows, card)
    assert isinstance(answer, Detections)
    return answer


def test_boxes_are_brought_back_to_the_frame_best_first() -> None:
    answer = found([[0, 16, 10, 26, 0.6, 0], [20, 20, 30, 48, 0.9, 2]])
    assert answer.boxes.tolist() == [[40, 8, 60, 64], [0, 0, 20, 20]]
    assert answer.classes.tolist() == [2, 0]
    np.testing.assert_allclose(answer.scores, [0.9, 0.6])


def test_each_label_has_its_threshold() -> None:
    answer = found([[0, 16, 10, 26, 0.6, 1], [20, 20, 30, 30, 0.75, 1], [40, 20, 50, 30, 0.55, 2]])
    assert answer.classes.tolist() == [1, 2]


def test_what_lies_in_the_padding_is_no_object() -> None:
    assert len(found([[0, 0, 60, 15, 0.9, 0], [70, 20, 90, 30, 0.9, 0]])) == 0


def test_boxes_turned_inside_out_are_no_objects() -> None:
    assert len(found([[30, 20, 20, 30, 0.9, 0]])) == 0


def test_an_empty_street_is_an_answer() -> None:
    assert len(found([])) == 0


@pytest.mark.parametrize("number", [np.nan, np.inf])
@pytest.mark.parametrize("place", [0, 3, 4])
def test_numbers_that_are_none_are_no_answer(number: float, place: int) -> None:
    row = [0.0, 16, 10, 26, 0.9, 0]
    row[place] = number
    assert read([row, [20, 20, 30, 30, 0.9, 0]]) == NotAnswered(Unanswered.NOT_FINITE)


@pytest.mark.parametrize("label", [-1, 3, 91])
def test_a_class_without_a_label_is_an_error(label: int) -> None:
    with pytest.raises(ValueError, match=f"wanted classes 0 to 2, got .*{label}"):
        read([[0, 16, 10, 26, 0.9, label]])


def test_the_number_of_detections_is_bounded_and_the_best_are_kept() -> None:
    card = replace(CARD, thresholds=Thresholds({}, max_detections=3))
    rows = [[float(i), 16, i + 0.9, 26, 0.5 + i / 100, 0] for i in range(40)]
    np.testing.assert_allclose(found(rows, card).scores, [0.89, 0.88, 0.87])


def test_a_flood_of_candidates_ends() -> None:
    rows = [[0.0, 16, 10, 26, 0.9, 0]] * (3 * MOST_CANDIDATES)
    assert len(found(rows)) == 1


def test_a_score_a_hair_above_one_is_one() -> None:
    assert found([[0, 16, 10, 26, 1.0000001, 0]]).scores.tolist() == [1.0]


@pytest.mark.parametrize("family", [each for each in Family if each is not Family.DENSITY_MAP])
def test_every_family_reads_outputs_of_its_own_shapes(family: Family) -> None:
    card = replace(CARD, family=family)
    shapes = [tuple(8 if side is None else side for side in shape) for shape in output_shapes(card)]
    integer = family is Family.DEIM
    outputs = [
        np.zeros(shape, np.int64 if integer and not index else np.float32)
        for index, shape in enumerate(shapes)
    ]
    answer = Reader.of(card).read(outputs, FRAME)
    assert isinstance(answer, Detections) and len(answer) == 0


SHARP = replace(CARD, acuity=Acuity(0.1, 2.5, 0.95, 16.0))
GLIMPSED = [
    [0, 16, 10, 26, 0.6, 0],  # found, and so glimpsed
    [20, 20, 30, 30, 0.3, 0],  # glimpsed
    [20, 20, 30, 31, 0.2, 0],  # the same place again
    [40, 20, 50, 30, 0.05, 0],  # too faint
    [50, 20, 60, 30, 0.3, 1],  # no person
]


def test_what_is_half_seen_is_told_beside_what_is_found_where_somebody_asked() -> None:
    answer = Reader.of(SHARP, glimpses=True).read([np.array([GLIMPSED], np.float32)], FRAME)
    assert isinstance(answer, Detections)
    assert answer.glimpsed is not None
    assert answer.glimpsed.tolist() == [[0, 0, 20, 20], [40, 8, 60, 28], [40, 8, 60, 30]]
    assert answer.boxes.tolist() == [[0, 0, 20, 20]]
    assert answer.take(np.array([], np.intp)).glimpsed is answer.glimpsed


@pytest.mark.parametrize(("card", "asked"), [(CARD, True), (SHARP, False)])
def test_nothing_is_half_seen_where_nobody_asked_or_measured(card: Card, asked: bool) -> None:
    answer = Reader.of(card, asked).read([np.array([GLIMPSED], np.float32)], FRAME)
    assert isinstance(answer, Detections)
    assert answer.glimpsed is None


def test_to_ask_for_glimpses_changes_nothing_of_what_is_found() -> None:
    with_them = Reader.of(SHARP, glimpses=True).read([np.array([GLIMPSED], np.float32)], FRAME)
    without = Reader.of(SHARP).read([np.array([GLIMPSED], np.float32)], FRAME)
    assert isinstance(with_them, Detections) and isinstance(without, Detections)
    for one, other in ((with_them.boxes, without.boxes), (with_them.scores, without.scores)):
        np.testing.assert_array_equal(one, other)
