import numpy as np
import pytest

from edge.ground.area import floor_of
from edge.ground.surveyed import Precision, Survey, left_out, survey
from tests.ground.street import CAMERA, LENS, ZONE, spots, true_area

EXACT = Precision(1e-6, 1e-6)
STATED = Precision(0.003, 0.05)
CORNERS = np.array([[0.2, 0.9], [0.85, 0.92], [0.75, 0.4], [0.25, 0.42]])


@pytest.mark.parametrize("n", [4, 5, 9])
def test_exact_points_give_the_exact_ground(n: int) -> None:
    seen = np.concatenate([CORNERS, spots(np.random.default_rng(n), n - 4)])
    found = survey(seen, CAMERA.ground_at(seen), LENS, EXACT)
    elsewhere = spots(np.random.default_rng(5), 40)
    assert found.ground.metres(elsewhere) == pytest.approx(CAMERA.ground_at(elsewhere), abs=1e-5)
    assert (found.misfit_m < 1e-6).all()


@pytest.mark.parametrize("n", [4, 7, 12])
def test_the_stated_doubt_of_an_area_holds_the_truth_as_often_as_it_says(n: int) -> None:
    rng, true = np.random.default_rng(17), true_area(ZONE)
    off = []
    for _ in range(100):
        exact = np.concatenate([CORNERS, spots(rng, n - 4)])
        seen = exact + rng.normal(0, STATED.mark_sd, (n, 2)) / [LENS.aspect, 1]
        metres = CAMERA.ground_at(exact) + rng.normal(0, STATED.survey_sd_m, (n, 2))
        floor = floor_of(survey(seen, metres, LENS, STATED).ground, ZONE, ())
        off.append((floor.m2 - true) / floor.sd_m2)
    held = float((np.abs(off) < 1.645).mean())
    assert 0.82 <= held <= 0.98  # nine of ten, give or take what 100 trials and a fourth decimal can say
    assert abs(float(np.mean(off))) < 0.3


def test_points_off_one_plane_widen_the_doubt() -> None:
    rng = np.random.default_rng(3)
    seen = np.concatenate([CORNERS, spots(rng, 8)])
    metres = CAMERA.ground_at(seen)
    kerb = metres + rng.normal(0, 0.5, metres.shape)
    sure, unsure = (floor_of(survey(seen, at, LENS, STATED).ground, ZONE, ()) for at in (metres, kerb))
    assert unsure.sd_m2 > 3 * sure.sd_m2


def test_a_point_that_was_mixed_up_is_named() -> None:
    seen = np.concatenate([CORNERS, spots(np.random.default_rng(9), 5)])
    metres = CAMERA.ground_at(seen)
    metres[6] += [4.0, 0.0]
    found = survey(seen, metres, LENS, STATED)
    assert found.contradicts
    assert found.agreement.wrong == (6,)
    assert np.nanargmax(left_out(seen, metres, LENS, STATED)) == 6
    assert not survey(seen, CAMERA.ground_at(seen), LENS, STATED).agreement.doubted


def moved(count: int, off_m: float, seed: int) -> tuple[int, Survey]:
    """Which of so many points, surveyed about as exactly as stated, lies elsewhere, and their survey."""
    dice = np.random.default_rng(seed)
    exact = np.concatenate([CORNERS + dice.normal(0, 0.03, CORNERS.shape), spots(dice, count - 4)])
    metres = CAMERA.ground_at(exact) + dice.normal(0, STATED.survey_sd_m, (count, 2))
    seen = exact + dice.normal(0, STATED.mark_sd, (count, 2)) / [LENS.aspect, 1]
    which, way = int(dice.integers(count)), dice.uniform(0, 2 * np.pi)
    metres[which] += off_m * np.array([np.cos(way), np.sin(way)])
    return which, survey(seen, metres, LENS, STATED)


@pytest.mark.parametrize(("count", "off_m", "least"), [(7, 2.0, 0.7), (9, 0.7, 0.6), (10, 0.35, 0.3)])
def test_whom_leaving_out_mends_the_rest_is_named_and_nobody_else(
    count: int, off_m: float, least: float
) -> None:
    found = [moved(count, off_m, seed) for seed in range(60)]
    named = [which for which, each in found if each.agreement.wrong]
    assert all(each.agreement.wrong in {(), (which,)} for which, each in found), (
        "nobody is blamed for another"
    )
    assert len(named) >= least * len(found)


def test_the_largest_misfit_is_not_always_the_culprit() -> None:
    found = [moved(8, 1.0, seed) for seed in range(60)]
    others = [which for which, each in found if which != np.argmax(each.misfit_m / each.expected_m)]
    assert others, "else the plain residual would do"
    assert any(each.agreement.wrong == (which,) for which, each in found if which in others)


def test_of_five_points_nothing_tells_which_is_wrong() -> None:
    for seed in range(40):
        which, found = moved(5, 0.7, seed)
        assert not found.agreement.wrong
        assert not found.agreement.doubted or which in found.agreement.suspects


def test_points_that_were_surveyed_as_exactly_as_stated_are_hardly_ever_doubted() -> None:
    assert np.mean([moved(7, 0.0, seed)[1].agreement.doubted for seed in range(200)]) <= 0.03


def test_four_points_cannot_be_checked_against_each_other() -> None:
    assert np.isnan(left_out(CORNERS, CAMERA.ground_at(CORNERS), LENS, STATED)).all()


LINE = np.array([[0.2, 0.5], [0.4, 0.6], [0.6, 0.7], [0.8, 0.8]])


@pytest.mark.parametrize(
    ("seen", "metres", "words"),
    [
        (CORNERS[:3], CAMERA.ground_at(CORNERS[:3]), "at least 4 points, got 3"),
        (LINE, CAMERA.ground_at(LINE), "on a line"),
        (CORNERS, CAMERA.ground_at(CORNERS) * [-1, 1], "mirror image"),
        (
            CORNERS[[0, 0, 2, 3]],
            CAMERA.ground_at(CORNERS),
            "points 1 and 2 have the same place in the picture",
        ),
        (CORNERS, CAMERA.ground_at(CORNERS)[[0, 1, 1, 3]], "points 2 and 3 have the same metres"),
    ],
)
def test_points_that_do_not_say_where_the_ground_lies_are_refused(
    seen: np.ndarray, metres: np.ndarray, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        survey(seen, metres, LENS, STATED)


def test_two_points_that_were_swapped_are_noticed() -> None:
    metres = CAMERA.ground_at(CORNERS)[[0, 1, 3, 2]]
    with pytest.raises(ValueError, match=r"mirror|above the horizon|mixed up"):
        survey(CORNERS, metres, LENS, STATED)


def test_one_spot_whose_numbers_are_swapped_is_named_though_all_together_are_a_mirror_image() -> None:
    seen = np.concatenate([CORNERS, [[0.5, 0.6], [0.35, 0.5], [0.65, 0.8]]])
    metres = CAMERA.ground_at(seen)
    metres[2] = metres[2][::-1]
    assert survey(seen, metres, LENS, STATED).agreement.wrong == (2,)
    assert np.isfinite(survey(seen, metres, LENS, STATED).expected_m).all()
    with pytest.raises(ValueError, match="swapped"):
        survey(seen, CAMERA.ground_at(seen)[:, ::-1], LENS, STATED)


@pytest.mark.filterwarnings("error")
def test_a_spot_above_the_horizon_is_named_in_silence() -> None:
    seen = np.concatenate([CORNERS, [[0.5, 0.6], [0.35, 0.5], [0.65, 0.8]]])
    metres, marked = CAMERA.ground_at(seen), seen.copy()
    marked[4] = [0.5, 0.02]
    found = survey(marked, metres, LENS, STATED)
    assert found.agreement.wrong == (4,)
    left_out(marked, metres, LENS, STATED)
