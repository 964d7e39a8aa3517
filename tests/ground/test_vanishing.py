"""Vanishing lines: exact lines give the pinhole that drew them, inexact ones an interval that holds it."""

from dataclasses import replace

import numpy as np
import pytest

from edge.ground.lens import F64, Lens
from edge.ground.vanishing import Exactness, Marks, met, vanished
from edge.samples.camera import Pinhole
from tests.ground.street import LENS, horizon

CAMERA = Pinhole(640, 360, focal_px=686.0, height_m=5.2, tilt_deg=20.0, yaw_deg=-28.0, roll_deg=2.0)
ALONG = [[(-4, 9), (2, 18)], [(1, 8), (6, 15.5)], [(-6, 12), (-2, 18)]]
"""Metres on the ground: kerbs that run one way."""
ACROSS = [[(-3, 14), (3, 10)], [(-2, 18), (5.5, 13)]]
SPANS = [[(-2, 12), (1, 12)], [(0, 10), (0, 14)]]
METRES = np.array([3.0, 4.0])
SD = Exactness(0.002, 0.02)


def seen(camera: Pinhole, lines: list) -> F64:
    spots = np.array(lines, np.float64).reshape(-1, 2)
    pixels, _ = camera.project(np.column_stack([spots, np.zeros(len(spots))]))
    return np.asarray(pixels / [camera.width, camera.height]).reshape(-1, 2, 2)


def marks(camera: Pinhole = CAMERA, view_deg: float | None = None) -> Marks:
    return Marks(seen(camera, ALONG), seen(camera, ACROSS), seen(camera, SPANS), METRES, view_deg)


@pytest.mark.parametrize("roll_deg", [0.0, 5.0, -7.0])
@pytest.mark.parametrize("tilt_deg", [14.0, 20.0, 35.0])
def test_exact_lines_give_the_camera_that_drew_them(tilt_deg: float, roll_deg: float) -> None:
    camera = replace(CAMERA, tilt_deg=tilt_deg, roll_deg=roll_deg)
    found = vanished(marks(camera), LENS, SD)
    assert found.pose.height_m == pytest.approx(camera.height_m, rel=1e-4)
    assert found.pose.horizon == pytest.approx(horizon(camera), abs=1e-4)
    assert found.pose.roll_deg == pytest.approx(roll_deg, abs=1e-3)
    off = np.concatenate([each.off for each in met(marks(camera), LENS, SD)])
    assert off == pytest.approx(np.zeros(5), abs=1e-9)
    assert found.spans_off_m == pytest.approx(np.zeros(2), abs=1e-6)
    spots = np.array([[0.3, 0.9], [0.7, 0.6]])
    apart = [
        np.hypot(*np.diff(metres, axis=0)[0])
        for metres in (found.ground.metres(spots), camera.ground_at(spots))
    ]
    assert apart[0] == pytest.approx(apart[1], rel=1e-4)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    dice = np.random.default_rng(1)
    exact = marks()
    true_m = np.hypot(*np.diff(CAMERA.ground_at([[0.3, 0.9], [0.7, 0.6]]), axis=0)[0])
    scores = []
    for _ in range(200):
        noise = dice.normal(0, 1, exact.vector.shape)
        noise[:-2] *= np.tile([SD.mark / LENS.aspect, SD.mark], (len(noise) - 2) // 2)
        noise[-2:] *= SD.metres
        ground = vanished(exact.like(exact.vector + noise), LENS, SD).ground
        spots = ground.metres_on_each(np.array([[0.3, 0.9], [0.7, 0.6]]))
        apart = np.hypot(*(spots[:, 1] - spots[:, 0]).T)
        scores.append((apart[0] - true_m) / ground.spread(apart))
    held = np.mean(np.abs(scores) < 1.645)
    assert 0.82 <= held <= 0.98, f"90 % wanted, {held:.0%} held"


def test_a_street_that_runs_straight_away_wants_the_field_of_view() -> None:
    camera = replace(CAMERA, yaw_deg=0.0, roll_deg=0.0)
    straight = [[[(-3, 9), (-3, 18)], [(3, 9), (3, 18)]], [[(-3, 10), (3, 10)], [(-3, 16), (3, 16)]]]
    along, across = (seen(camera, lines) for lines in straight)
    plain = Marks(along, across, seen(camera, SPANS), METRES)
    with pytest.raises(ValueError, match="give view_deg"):
        vanished(plain, LENS, SD)
    view_deg = float(np.degrees(2 * np.arctan(320 / 686.0)))
    found = vanished(replace(plain, view_deg=view_deg), LENS, SD)
    assert found.pose.height_m == pytest.approx(5.2, rel=1e-3)
    assert found.pose.horizon == pytest.approx(horizon(camera), abs=1e-3)
    surer = vanished(replace(plain, view_deg=view_deg), LENS, replace(SD, view_deg=0.1))
    assert surer.doubt.height_m < found.doubt.height_m


def kerbs(count: int) -> F64:
    """So many of the same direction, across the whole picture, one farther than the other."""
    far = np.linspace(8.5, 19, count)
    middles = far[:, None, None] * [-0.47, 0.88]
    return seen(CAMERA, (middles + np.array([[-1.2, -1.8], [1.2, 1.8]])).tolist())


def wrong_ends(count: int, wrong: tuple[int, ...], by: float, seed: int) -> Marks:
    """So many kerbs, marked about as exactly as stated, one end of some off by `by` upwards or downwards."""
    dice = np.random.default_rng(seed)
    along = kerbs(count) + dice.normal(0, SD.mark, (count, 2, 2)) / [LENS.aspect, 1]
    for line in wrong:
        along[line, dice.integers(2), 1] += by * dice.choice([-1.0, 1.0])
    return replace(marks(), along=along)


@pytest.mark.parametrize(("count", "wrong"), [(4, (2,)), (5, (3,)), (6, (5,)), (6, (1, 4))])
def test_lines_against_which_the_others_agree_are_named_and_no_others(
    count: int, wrong: tuple[int, ...]
) -> None:
    found = [met(wrong_ends(count, wrong, 0.04, seed), LENS, SD)[0].agreement for seed in range(40)]
    assert all(set(each.wrong) <= set(wrong) for each in found), "nobody is blamed for another"
    assert sum(each.wrong == wrong and not each.suspects for each in found) >= 34


def test_an_outermost_line_of_four_is_among_those_that_may_be_wrong() -> None:
    found = [met(wrong_ends(4, (0,), 0.04, seed), LENS, SD)[0].agreement for seed in range(40)]
    assert not any(each.wrong for each in found)
    assert sum(0 in each.suspects for each in found) >= 32


def test_of_three_lines_nothing_tells_which_is_wrong() -> None:
    found = met(wrong_ends(3, (1,), 0.05, 7), LENS, SD)[0].agreement
    assert (found.wrong, found.suspects, found.contradicts) == ((), (0, 1, 2), True)


def test_lines_that_were_marked_as_exactly_as_stated_are_hardly_ever_doubted() -> None:
    found = [met(wrong_ends(6, (), 0.0, seed), LENS, SD)[0].agreement for seed in range(300)]
    assert np.mean([each.doubted for each in found]) <= 0.03
    assert np.mean([each.squares for each in found]) == pytest.approx(found[0].free, rel=0.2)


def test_a_line_that_is_off_widens_the_doubt_of_the_ground_where_nobody_can_be_named() -> None:
    sure, unsure = (vanished(wrong_ends(3, (2,), by, 3), LENS, SD) for by in (0.0, 0.015))
    assert unsure.doubt.height_m > 1.5 * sure.doubt.height_m


def test_a_line_that_was_named_is_left_out() -> None:
    marked = wrong_ends(6, (3,), 0.03, 3)
    found = vanished(marked, LENS, SD)
    without = vanished(replace(marked, along=np.delete(marked.along, 3, axis=0)), LENS, SD)
    assert found.pose == without.pose


def test_a_length_that_does_not_fit_the_others_is_named() -> None:
    spans = [*SPANS, [(2, 11), (5, 11)], [(-3, 12), (-3, 15)]]
    known = np.array([3.0, 4.0, 3.0, 3.0])
    good = replace(marks(), spans=seen(CAMERA, spans), metres=known)
    assert not vanished(good, LENS, SD).lengths.doubted
    found = vanished(replace(good, metres=np.array([3.0, 4.0, 3.4, 3.0])), LENS, SD)
    assert found.lengths.wrong == (2,)


def test_directions_that_are_not_at_right_angles_are_noticed_where_the_view_is_known() -> None:
    view_deg = float(np.degrees(2 * np.arctan(320 / 686.0)))
    askew = [[(-3, 14), (3, 12)], [(-2, 18), (5.5, 15.5)]]
    good = marks(view_deg=view_deg)
    wrong = replace(good, across=seen(CAMERA, askew))
    sure = replace(SD, view_deg=1.0)
    assert vanished(good, LENS, sure).corner_off < 0.1
    assert vanished(wrong, LENS, sure).corner_off > 3
    assert vanished(wrong, LENS, sure).corner_deg == pytest.approx(90 + 15.2, abs=0.5)


def test_a_bent_lens_is_heeded() -> None:
    bent = Lens(LENS.aspect, -0.1)
    exact = marks()
    ends = [
        bent.bent(lines.reshape(-1, 2)).reshape(lines.shape)
        for lines in (exact.along, exact.across, exact.spans)
    ]
    found = vanished(Marks(*ends, METRES), bent, SD)
    assert found.pose.height_m == pytest.approx(5.2, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"along": np.zeros((1, 2, 2))}, "at least 2 along, 2 across and one length, got 1, 2 and 2"),
        ({"metres": np.array([])}, "got 3, 2 and 0"),
        ({"across": seen(CAMERA, ALONG)}, "fit no camera|apart"),
        ({"along": np.full((2, 2, 2), 0.5)}, "ends apart"),
        ({"along": seen(CAMERA, ALONG)[[0, 0]]}, "apart from each other"),
    ],
)
def test_marks_that_say_nothing_are_refused(change: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        vanished(replace(marks(), **change), LENS, SD)


def test_too_much_doubt_is_refused_with_what_would_help() -> None:
    with pytest.raises(ValueError, match="mark longer ones, further apart"):
        vanished(marks(), LENS, Exactness(0.1, 0.05))
