"""Crowds that are drawn, before the bundled detector: what is told of them is true."""

from functools import cache

import numpy as np
import pytest

from edge.evaluate.drawn_crowd import Told, rows_of, watched
from edge.evaluate.sight import Real
from edge.run.wiring import looking
from edge.samples.crowd_film import film
from edge.samples.strolls import VIEWS, stroll

SQUARE = VIEWS[0]


@cache
def sight() -> Real:
    return looking.real("street-nano")


def test_the_same_seed_draws_the_same_people_and_the_same_pixels() -> None:
    one, other, third = (list(film(stroll(SQUARE, 0.1, 0.4), SQUARE.camera, seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(one, other, strict=True))
    assert not np.array_equal(one[0][1], third[0][1])
    assert len(one) == 2 and not np.array_equal(one[0][0].at, one[1][0].at)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_as_many_people_stroll_on_the_floor_as_are_wanted(view) -> None:
    low, high = np.array(view.floor).min(axis=0), np.array(view.floor).max(axis=0)
    (shot,) = stroll(view, 1.0, 0.2).shots(3)
    inside = ((shot.at >= low) & (shot.at <= high)).all(axis=1).sum()
    assert inside / np.prod(high - low) == pytest.approx(1.0, abs=0.3)


def test_a_few_people_are_counted_within_an_interval_that_holds() -> None:
    told = list(watched(SQUARE, 0.1, 5, sight(), seconds=0.4))
    assert len(told) == 2
    assert all(each.holds and not each.at_least for each in told)
    assert all(each.found >= each.people / 2 for each in told)


def test_of_a_crowd_that_it_cannot_take_apart_it_tells_at_least_so_many() -> None:
    (told,) = watched(SQUARE, 1.4, 5, sight(), seconds=0.2)
    assert told.true > 1.0 > 2 * told.told
    assert told.at_least and told.holds


def reading(true: float, told: float, low: float, high: float, at_least: bool = False) -> Told:
    return Told(true, told, low, high, at_least, round(true * 64), told * 64, 0.0)


def test_a_row_says_by_how_much_how_often_and_what_was_missed() -> None:
    first, second = rows_of(
        [
            reading(0.125, 0.125, 0.1, 0.2),
            reading(0.125, 0.0625, 0.05, 0.1),
            reading(2.0, 0.0, 0.0, 10.0, at_least=True),
            reading(0.0, 0.0, 0.0, 0.0),
        ]
    )
    assert (first.pictures, first.held, first.held_both, first.at_least) == (2, 0.5, 0.5, 0.0)
    assert first.error == pytest.approx(0.25) and first.missed == pytest.approx(0.25)
    assert (second.least, second.most, second.held, second.at_least) == (1.2, 2.5, 1.0, 1.0)
    assert second.held_both is None and second.missed == 1.0
