import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edge.ground.lens import Lens

unit = st.floats(0.0, 1.0)


@given(unit, unit, st.floats(-0.3, 0.3), st.floats(0.8, 2.4))
def test_bending_undoes_straightening(u: float, v: float, strength: float, aspect: float) -> None:
    lens = Lens(aspect, strength)
    point = np.array([[u, v]])
    reach2 = float((((point - 0.5) * [aspect, 1.0]) ** 2).sum())
    assume(abs(strength) * reach2 < 0.8)  # beyond it such a lens shows points twice
    assert lens.bent(lens.straight(point)) == pytest.approx(point, abs=1e-9)


def test_a_barrel_lens_pulls_corners_inwards() -> None:
    corner = np.array([[1.0, 1.0]])
    assert (Lens(16 / 9, -0.1).straight(corner) > 1.0).all()
    assert (Lens(16 / 9, 0.1).straight(corner) < 1.0).all()
    assert Lens(16 / 9, -0.2).straight(np.array([[0.5, 0.5]])) == pytest.approx(np.array([[0.5, 0.5]]))


def test_a_straight_lens_changes_nothing() -> None:
    points = np.random.default_rng(1).uniform(0, 1, (20, 2))
    assert np.array_equal(Lens(1.5).straight(points), points)


@pytest.mark.parametrize(("aspect", "strength"), [(0.0, 0.0), (20.0, 0.0), (1.5, 0.9), (1.5, -0.9)])
def test_impossible_lenses_are_refused(aspect: float, strength: float) -> None:
    with pytest.raises(ValueError, match="a lens wants"):
        Lens(aspect, strength)
