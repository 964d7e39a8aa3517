"""Vanishing lines: exact lines give the pinhole that drew them, inexact ones an interval that holds it."""

from dataclasses import replace

import numpy as np
import pytest

from edge.ground.lens import F64, Lens
from edge.ground.vanishing import Exactness, Marks, vanished
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
    assert found.lines_off == pytest.approx(np.zeros(5), abs=1e-9)
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
        spots = ground.metres_on(ground.planes, np.array([[0.3, 0.9], [0.7, 0.6]]))
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


def test_a_line_that_was_marked_wrong_lies_off() -> None:
    exact = marks()
    along = exact.along.copy()
    along[0, 1, 0] += 0.03
    off = vanished(replace(exact, along=along), LENS, SD).lines_off
    assert off[:3].max() > SD.mark
    assert off[3:].max() < 1e-9, "the others are not blamed for it"


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
