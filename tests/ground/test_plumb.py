"""Edges that are straight on the street tell how the lens bends: as exactly as is stated, or not at all."""

import numpy as np
import pytest

from edge.ground.lens import F64, Lens
from edge.ground.plumb import Bend, bend

ASPECT, MARK_SD = 16 / 9, 0.002
BORDERS = (
    [(0.05, 0.08), (0.95, 0.12)],
    [(0.06, 0.9), (0.94, 0.8)],
    [(0.1, 0.1), (0.13, 0.92)],
    [(0.9, 0.2), (0.8, 0.9)],
)
MIDDLE = ([(0.1, 0.5), (0.9, 0.5)], [(0.5, 0.1), (0.5, 0.9)], [(0.2, 0.3), (0.8, 0.7)])


def edges(strength: float, lines: tuple, seed: int, points: int = 6, mark_sd: float = MARK_SD) -> list[F64]:
    """Straight lines as such a lens shows them, marked about as exactly as stated."""
    dice, share = np.random.default_rng(seed), np.linspace(0, 1, points)[:, None]
    lens = Lens(ASPECT, strength)
    shown = []
    for start, end in lines:
        straight = lens.straight(np.array([start, end]))
        seen = lens.bent(straight[:1] + share * (straight[1:] - straight[:1]))
        shown.append(seen + dice.normal(0, mark_sd, seen.shape) / [ASPECT, 1])
    return shown


def found(strength: float, lines: tuple = BORDERS, seed: int = 0, **how: float) -> Bend:
    return bend(edges(strength, lines, seed, **how), ASPECT, MARK_SD)  # type: ignore[arg-type]


@pytest.mark.parametrize("strength", [-0.35, -0.12, -0.02, 0.0, 0.08])
def test_exact_edges_tell_the_exact_lens(strength: float) -> None:
    told = found(strength, mark_sd=0.0)
    assert told.strength == pytest.approx(strength, abs=2e-4)
    assert told.after.max() < 2e-4


@pytest.mark.parametrize("strength", [-0.3, -0.1, 0.0])
@pytest.mark.parametrize("count", [2, 4])
def test_the_stated_doubt_of_the_lens_holds_the_truth_as_often_as_it_says(
    strength: float, count: int
) -> None:
    told = [found(strength, BORDERS[:count], seed, points=5) for seed in range(120)]
    off = np.array([(each.strength - strength) / each.sd for each in told])
    assert 0.82 <= (np.abs(off) < 1.645).mean() <= 0.99
    assert abs(off.mean()) < 0.3


def test_what_is_left_of_a_bend_is_what_marks_err_by() -> None:
    told = found(-0.2, seed=3)
    assert told.before.min() > 0.008
    assert told.after.max() < 4 * MARK_SD
    assert not told.agreement.doubted


def test_an_edge_that_is_bent_on_the_street_is_named_and_left_out() -> None:
    marked = edges(-0.15, BORDERS, 1)
    marked[1] = marked[1] + np.array([0, 0.03]) * np.sin(np.linspace(0, np.pi, 6))[:, None]
    told = bend(marked, ASPECT, MARK_SD)
    assert told.agreement.wrong == (1,)
    assert abs(told.strength + 0.15) < 3 * told.sd


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        (edges(-0.2, MIDDLE, 0), "too little of the lens .* near the borders"),
        ([each[:3] for each in edges(-0.2, BORDERS, 0, points=12)], "too little of the lens .its bend to ± "),
        (edges(-0.2, BORDERS[:1], 0), "at least 2 edges of 3 points each, got 1"),
        (edges(-0.2, BORDERS, 0, points=2), "at least 2 edges of 3 points each, got 4 of 2"),
        ([*edges(-0.2, BORDERS, 0), np.full((3, 2), 0.1)], "edge 5 is hardly longer than a point"),
        (
            [np.concatenate(edges(-0.2, BORDERS[:2], 0)), *edges(-0.2, BORDERS, 0)],
            "edge 1 is no straight edge",
        ),
    ],
)
def test_edges_that_say_nothing_are_refused(marked: list[F64], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        bend(marked, ASPECT, MARK_SD)


def test_a_fish_eye_is_not_taken_for_a_wide_lens() -> None:
    across = np.linspace(0.05, 0.95, 7)
    arcs = [
        np.column_stack([across, at + sign * 0.35 * np.sin(np.pi * across)])
        for at, sign in ((0.4, -1), (0.6, 1))
    ]
    with pytest.raises(ValueError, match="straighten its picture"):
        bend(arcs, ASPECT, MARK_SD)
