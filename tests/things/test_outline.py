"""What lies around a patch, against the same written down the plain way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.things.outline import RIM, Outline
from edge.view.patch import Patch, grown, shrunk

SHAPE = (14, 17)


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Patch, np.ndarray]:
    """A patch somewhere in a picture, also at its edges, and the picture."""
    high, wide = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    top, left = draw(st.integers(0, SHAPE[0] - high)), draw(st.integers(0, SHAPE[1] - wide))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    cells = rng.random((high, wide)) < 0.7
    cells[0, 0] = True
    return Patch(top, left, cells), rng.uniform(0, 255, SHAPE).astype(np.float32)


@given(drawn())
def test_the_border_lies_two_cells_to_both_sides_and_is_as_steep_as_the_gradient_says(
    given: tuple[Patch, np.ndarray],
) -> None:
    patch, picture = given
    cells = np.zeros([side + 2 * RIM for side in SHAPE], np.bool_)  # with room for what would lie outside
    cells[RIM + patch.top : RIM + patch.bottom, RIM + patch.left : RIM + patch.right] = patch.cells
    inside = slice(RIM, -RIM), slice(RIM, -RIM)
    down, right = np.gradient(picture)
    ring = (grown(grown(cells)) & ~shrunk(shrunk(cells)))[inside]
    outline = Outline(patch, SHAPE)
    assert outline.steepness(picture) == pytest.approx(np.hypot(down, right)[ring].mean(), rel=1e-4)
    outer = (grown(grown(grown(cells))) & ~grown(cells))[inside]
    assert outline.outer.tolist() == np.flatnonzero(outer).tolist()
    assert outline.inner.tolist() == np.flatnonzero(cells[inside]).tolist()
    assert (outline.halo == grown(grown(cells))[inside][outline.where]).all()
