"""Drawn crowds before a detector and a density model: three ways of counting the same pictures."""

from functools import cache

import numpy as np
import pytest

from edge.evaluate.drawn_count import Counting, counted, rows_of
from edge.evaluate.drawn_crowd import Told
from edge.evaluate.sight import Real
from edge.run.wiring import looking
from edge.samples.strolls import stroll
from edge.scene.headcount import HEAD_M
from edge.values.density import DensityMap
from edge.values.detections import NotAnswered, Unanswered
from edge.values.errors import ModelError
from edge.values.frame import Size
from tests.evaluate.test_drawn_crowd import SQUARE
from tests.fakes.counters import FakeCounter, map_of

SEED = 5


@cache
def sight() -> Real:
    return looking.real("street-nano")


def heads(per_m2: float) -> DensityMap:
    """The map of a model that is never wrong: one head for each of the people, where it is."""
    (shot,) = stroll(SQUARE, per_m2, 0.2).shots(SEED)
    camera = SQUARE.camera
    pixels, _ = camera.project(np.column_stack([shot.at, np.full(len(shot.at), HEAD_M)]))
    return map_of(pixels / [camera.width, camera.height], 160, 90)


def counting(*answers: DensityMap | NotAnswered) -> tuple[Counting, FakeCounter]:
    counter = FakeCounter(answers)
    return Counting(counter, lambda size: Size(size.width // 2, size.height // 2)), counter


def test_a_crowd_that_boxes_cannot_take_apart_is_counted_by_the_map_and_so_by_both() -> None:
    by, counter = counting(map_of(np.empty((0, 2)), 160, 90), heads(1.4))
    (told,) = counted(SQUARE, 1.4, SEED, sight(), by, seconds=0.2)
    boxes, by_map, both = told
    assert len(counter.seen) == 2  # the empty place, then the crowd
    assert boxes.at_least and not by_map.at_least and not both.at_least
    assert boxes.told < 0.5 * boxes.true
    assert by_map.told == pytest.approx(by_map.true, rel=0.15)
    assert both.told == pytest.approx(by_map.told, rel=0.15)
    assert by_map.holds and both.holds


def test_what_the_model_invents_in_the_empty_place_is_taken_off() -> None:
    (told,) = counted(SQUARE, 0.1, SEED, sight(), counting(heads(1.4), heads(1.4))[0], seconds=0.2)
    boxes, by_map, both = told
    assert by_map.told == 0.0
    assert both.told == boxes.told > 0


def test_a_density_model_that_does_not_answer_is_an_error_and_no_empty_square() -> None:
    by, _ = counting(NotAnswered(Unanswered.FAILED))
    with pytest.raises(ModelError, match="density model did not answer"):
        list(counted(SQUARE, 0.1, SEED, sight(), by, seconds=0.2))


def test_a_row_holds_the_three_ways_of_the_same_pictures() -> None:
    def reading(told: float, low: float, high: float) -> Told:
        return Told(1.0, told, low, high, False, 64, 64 * told, 0.0)

    three = reading(0.5, 0.4, 0.6), reading(1.2, 0.9, 1.5), reading(1.2, 0.5, 1.5)
    (row,) = rows_of([three, three])
    assert [way.error for way in row.ways] == pytest.approx([0.5, 0.2, 0.2])
    assert [way.held for way in row.ways] == [0.0, 1.0, 1.0]
    assert list(row.to_json()) == ["boxes", "map", "both"]
    assert row.boxes.pictures == 2
