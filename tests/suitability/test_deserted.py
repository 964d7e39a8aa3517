import numpy as np
import pytest

from edge.suitability.deserted import MOST_SPOTS, Scores, of_deserted, quiet_from, spots
from edge.suitability.verdict import Verdict

NOBODY = np.empty((0, 5))
SCORES = Scores(person=0.45, by_configured=0.9)


def person(x: float, y: float, score: float, wide: float = 0.04, tall: float = 0.2) -> np.ndarray:
    """One person found with the foot at x, y."""
    return np.array([[x - wide / 2, y - tall, x + wide / 2, y, score]])


def test_nobody_in_few_pictures_is_told_with_its_bound() -> None:
    (told,) = of_deserted([NOBODY] * 300, SCORES)
    assert told.verdict is Verdict.GOOD
    assert told.found == "nobody in 300 pictures: fewer than 10 in 1,000, 19 times of 20"


def test_a_post_is_one_spot_however_its_box_trembles() -> None:
    found = [person(0.5 + 0.002 * (n % 3), 0.8, 0.46 + 0.01 * (n % 2)) for n in range(40)]
    (spot,) = spots([*found, *[NOBODY] * 60])
    assert spot.seen == 40 and spot.score == pytest.approx(0.47)
    whole, one = of_deserted([*found, *[NOBODY] * 60], SCORES)
    assert whole.found == "40 persons in 100 pictures, 400 in 1,000, at 1 spot; 2 are wanted"
    assert one.found == "at 0.50, 0.80, in 40 pictures (40%), score 0.47"


def test_two_of_one_spot_in_a_picture_are_one_picture() -> None:
    twice = np.concatenate([person(0.5, 0.8, 0.6), person(0.505, 0.8, 0.5)])
    (spot,) = spots([twice, NOBODY])
    assert spot.seen == 1


def test_the_spot_seen_most_often_comes_first_and_who_went_by_is_doubted() -> None:
    found = [person(0.2, 0.8, 0.5) for _ in range(60)] + [person(0.7, 0.9, 0.9)]
    _, often, once = of_deserted(found, SCORES)
    assert "at 0.20" in often.found and "went by" not in often.found
    assert "at 0.70" in once.found and once.found.endswith("somebody who went by?")


def test_the_polygon_holds_the_foot_and_not_the_body() -> None:
    _, one = of_deserted([person(0.5, 0.8, 0.5)] * 10, SCORES)
    assert one.advice == "exclude: [[[0.48, 0.75], [0.52, 0.75], [0.52, 0.85], [0.48, 0.85]]]"


def test_the_polygon_stays_within_the_picture() -> None:
    _, one = of_deserted([person(0.0, 1.0, 0.5)] * 10, SCORES)
    assert one.advice == "exclude: [[[0.00, 0.95], [0.02, 0.95], [0.02, 1.00], [0.00, 1.00]]]"


def test_the_score_that_is_advised_leaves_no_more_than_wanted() -> None:
    chance = np.random.default_rng(3)
    found = [person(float(chance.uniform(0.1, 0.9)), 0.8, float(s)) for s in chance.uniform(0.45, 0.7, 50)]
    found += [NOBODY] * 950
    quiet = quiet_from(found)
    assert sum(float(each[0, 4]) > quiet for each in found[:50]) == 2
    configured = SCORES.configured(quiet + 0.01)
    assert configured is not None and SCORES.by_configured * configured >= quiet + 0.01
    assert f"detector.score to {configured:.2f}" in of_deserted(found, SCORES)[0].advice


def test_where_no_score_ends_it_none_is_advised() -> None:
    whole, *_ = of_deserted([person(0.5, 0.8, 0.95)] * 10, SCORES)
    assert "no score ends it" in whole.advice


def test_as_few_as_wanted_are_good() -> None:
    found = [person(0.5, 0.8, 0.5), person(0.2, 0.6, 0.5), *[NOBODY] * 998]
    (told,) = of_deserted(found, SCORES)
    assert told.verdict is Verdict.GOOD and "2 in 1,000" in told.found
    assert of_deserted(found[:999], SCORES)[0].verdict is Verdict.DOUBTFUL


def test_no_more_spots_are_told_than_anybody_reads() -> None:
    found = [person(0.05 + 0.1 * n, 0.8, 0.5) for n in range(9)]
    told = of_deserted(found, SCORES)
    assert len(told) == 1 + MOST_SPOTS and "at 9 spots" in told[0].found
