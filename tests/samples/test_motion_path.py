import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.samples.motion import Motion
from edge.samples.scene import Actor, Label, Stop

coordinate = st.floats(-20, 20)


def test_it_starts_walks_waits_and_goes() -> None:
    motion = Motion(Actor(Label.PERSON, (Stop(0, 10), Stop(3, 10, 4.0), Stop(3, 13)), 1.5, starts_s=1.0))
    assert motion.at(0.9) is None
    standing = motion.at(5.0)
    assert standing is not None
    assert (standing.x_m, standing.y_m) == pytest.approx((3.0, 10.0))
    assert standing.speed_mps == pytest.approx(0.0)
    assert motion.ends_s == pytest.approx(1.0 + 2.0 + 4.0 + 2.0)
    assert motion.at(motion.ends_s) is None


def test_one_stop_stands_for_ever_and_looks_where_it_was_put() -> None:
    motion = Motion(Actor(Label.CAR, (Stop(2, 12),), facing_deg=90.0))
    for t in (0.0, 7.3, 1000.0):
        stance = motion.at(t)
        assert stance is not None
        assert (stance.x_m, stance.y_m, stance.heading) == pytest.approx((2, 12, np.pi / 2))


def test_heading_is_the_way_it_goes() -> None:
    stance = Motion(Actor(Label.PERSON, (Stop(0, 10), Stop(10, 10)), 1.0)).at(5.0)
    assert stance is not None
    assert stance.heading == pytest.approx(np.pi / 2)  # +x is 90 degrees clockwise from +y


@given(st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=5, unique=True), st.floats(0.5, 8))
@settings(max_examples=60, deadline=None)
def test_nobody_jumps(path: list[tuple[float, float]], speed: float) -> None:
    motion = Motion(Actor(Label.PERSON, tuple(Stop(*p) for p in path), speed))
    times = np.arange(0, min(motion.ends_s, 20.0), 0.05)
    places = [(s.x_m, s.y_m) for t in times if (s := motion.at(float(t))) is not None]
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1) if len(places) > 1 else np.zeros(1)
    assert steps.max() <= speed * 0.05 * 1.01 + 1e-9
