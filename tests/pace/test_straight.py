"""All objects at once get the lines that each would get alone, by the text book."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from edge.ground.lens import F64
from edge.pace.straight import straight
from edge.pace.trails import Window
from tests.fakes.plain_line import plain_line

TIMES_S = np.arange(-8, 1) / 5.0


def places(chance: np.random.Generator, n: int, wild: float) -> tuple[F64, F64]:
    """Places n×k×2 and their covariances n×k×2×2: straight ways, errors, and now and then a blunder."""
    shape = chance.normal(0, 1, (n, len(TIMES_S), 2, 2)) * chance.uniform(0.3, 3.0, (n, 1, 1, 1))
    across = shape @ np.swapaxes(shape, 2, 3) + 0.05 * np.eye(2)
    steps = chance.normal(0, 5, (n, 1, 2)) * TIMES_S[:, None]
    errors = chance.normal(0, 0.06, (n, len(TIMES_S), 2)) * (1 + 20 * (chance.random((n, 9, 1)) < wild))
    return chance.normal(0, 20, (n, 1, 2)) + steps + np.einsum("nkij,nkj->nki", shape, errors), across


def window(at: F64, across: F64, since: list[int]) -> Window:
    """Those places as they are kept; each object is known from another place on."""
    exact, heights = np.linalg.inv(across), np.full(at.shape[:2], 0.2)
    for k, first in enumerate(since):
        for each in (heights, at, across, exact):
            each[k, :first] = 0.0
    parts = [np.stack([m[:, :, 0, 0], m[:, :, 0, 1], m[:, :, 1, 1]]).swapaxes(1, 2) for m in (across, exact)]
    widths, steps = np.full(len(at), 0.4), np.zeros_like(heights.T)
    return Window(TIMES_S, at.transpose(2, 1, 0), *parts, heights.T, widths, steps)


@settings(max_examples=25, deadline=None)
@given(some.integers(0, 10_000), some.integers(1, 12), some.floats(0, 0.4))
def test_each_line_is_the_one_of_the_text_book(seed: int, n: int, wild: float) -> None:
    chance = np.random.default_rng(seed)
    at, across = places(chance, n, wild)
    since = chance.integers(0, 4, n).tolist()
    line = straight(window(at.copy(), across.copy(), since))
    for k, first in enumerate(since):
        plain = plain_line(TIMES_S[first:], at[k, first:], across[k, first:])
        assert line.at[:, k] == pytest.approx(plain.at, rel=1e-6, abs=1e-6)
        assert line.mps[:, k] == pytest.approx(plain.mps, rel=1e-6, abs=1e-6)
        assert line.doubt[:, k] == pytest.approx(plain.doubt[[0, 0, 1], [0, 1, 1]], rel=1e-5, abs=1e-9)
        assert line.scatter[k] == pytest.approx(plain.scatter, rel=1e-6)
        assert line.begins_s[k] == TIMES_S[first]
        assert line.places[k] == len(TIMES_S) - first
