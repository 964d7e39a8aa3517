"""Where a flying camera sees the ground, and how sure that is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.ground.chart import Chart
from edge.ground.flight import FixDoubt, Overhead
from edge.ground.flight_log import FlightLog
from edge.values.fix import Fix

CHART = Chart.around([(41.31, 69.27), (41.312, 69.273)])
DOWN = Fix(CHART.lat_deg, CHART.lon_deg, 50.0, 0.0, -90.0, 0.0, 60.0)
EXACT = FixDoubt(0.0, 0.0, 0.0, 0.0)
MIDDLE = np.array([[0.5, 0.5]])


def over(fix: Fix, doubt: FixDoubt = EXACT) -> Overhead:
    return Overhead(fix, doubt, 16 / 9, CHART)


def test_a_degree_is_as_long_as_the_survey_tables_say() -> None:
    """111 069 m by degree of latitude and 83 756 m of longitude at 41.31 N (WGS84 series expansion)."""
    chart = Chart(41.31, 69.27, 100.0, 100.0)
    one = chart.metres(np.array([[41.31 + 0.001, 69.27 + 0.001]]))[0]
    assert one == pytest.approx([83.75, 111.06], abs=0.05)


@given(lat=st.floats(-0.02, 0.02), lon=st.floats(-0.02, 0.02))
def test_the_chart_and_back(lat: float, lon: float) -> None:
    spot = np.array([[CHART.lat_deg + lat, CHART.lon_deg + lon]])
    metres = CHART.metres(spot)
    assert np.allclose(CHART.spots(metres), spot, atol=1e-10)
    assert np.allclose(CHART.metres_of(CHART.unit(metres)), metres, atol=1e-6)


def test_places_on_two_continents_are_no_chart() -> None:
    with pytest.raises(ValueError, match="right way round"):
        Chart.around([(41.31, 69.27), (69.27, 41.31)])


def test_straight_down_the_middle_is_under_the_camera_and_the_right_edge_is_east() -> None:
    places, _ = over(DOWN).metres(np.array([[0.5, 0.5], [1.0, 0.5], [0.5, 0.0]]))
    half = 50.0 * np.tan(np.radians(30.0))
    assert places == pytest.approx(np.array([[0, 0], [half, 0], [0, half * 9 / 16]]), abs=1e-6)


def test_looking_ahead_to_the_east_at_45_degrees() -> None:
    places, _ = over(replace(DOWN, yaw_deg=90.0, pitch_deg=-45.0)).metres(MIDDLE)
    assert places[0] == pytest.approx([50.0, 0.0], abs=1e-6)


def test_rolled_clockwise_the_right_edge_sees_nearer_ground() -> None:
    """The right side of the camera dips, so that its right edge looks down more steeply."""
    places, _ = over(replace(DOWN, pitch_deg=-20.0, roll_deg=20.0)).metres(np.array([[0.0, 0.5], [1.0, 0.5]]))
    assert places[1, 1] < places[0, 1]


def test_above_the_horizon_there_is_no_place() -> None:
    places, off_m = over(replace(DOWN, pitch_deg=0.0), FixDoubt()).metres(np.array([[0.5, 0.2], [0.5, 0.9]]))
    assert np.isnan(places[0]).all()
    assert np.isnan(off_m[0])
    assert np.isfinite(places[1]).all()


fixes = st.builds(
    Fix,
    st.just(CHART.lat_deg),
    st.just(CHART.lon_deg),
    st.floats(10, 120),
    st.floats(0, 359),
    st.floats(-90, -30),
    st.floats(-15, 15),
    st.floats(30, 90),
)


@given(fixes, st.floats(0.1, 0.9), st.floats(0.3, 0.9))
def test_the_ground_and_back_is_the_same_spot(fix: Fix, x: float, y: float) -> None:
    point = np.array([[x, y]])
    overhead = over(fix)
    places, _ = overhead.metres(point)
    if np.isfinite(places).all():
        assert np.allclose(overhead.seen_at(places), point, atol=1e-6)


@settings(max_examples=8, deadline=None)
@given(fixes)
def test_the_stated_doubt_is_that_of_many_wrong_telemetries(fix: Fix) -> None:
    rng, doubt = np.random.default_rng(1), FixDoubt(1.5, 1.0, 0.5, 0.5)
    places, off_m = over(fix, doubt).metres(MIDDLE)
    errors = []
    for _ in range(200):
        e = rng.standard_normal(7) * [1.5, 1.5, 1.0, 0.5, 0.5, 0.5, 0.5]
        wrong = replace(
            fix,
            height_m=fix.height_m + e[2],
            yaw_deg=fix.yaw_deg + e[3] if fix.yaw_deg + e[3] < 360 else fix.yaw_deg - e[3],
            pitch_deg=max(-90.0, fix.pitch_deg + e[4]),
            roll_deg=fix.roll_deg + e[5],
            view_deg=fix.view_deg + e[6],
        )
        errors.append(over(wrong).metres(MIDDLE)[0][0] - places[0] + e[:2])
    found = float(np.sqrt((np.array(errors) ** 2).sum(axis=1).mean()))
    assert off_m[0] == pytest.approx(found, rel=0.2)


def test_feet_are_at_the_lower_border_from_the_side_and_in_the_middle_from_above() -> None:
    box = np.array([[0.48, 0.45, 0.52, 0.55]])
    assert over(DOWN).feet(box)[0] == pytest.approx([0.5, 0.5], abs=0.005)
    low = replace(DOWN, height_m=6.0, pitch_deg=-8.0)
    person = over(low).seen_at(np.array([[0.0, 20.0]]))[0]
    tall = 1.6 / 20.0 / (2 * np.tan(np.radians(30.0))) * 16 / 9
    seen = np.array([[person[0] - 0.01, person[1] - tall, person[0] + 0.01, person[1]]])
    assert over(low).feet(seen)[0, 1] == pytest.approx(person[1], abs=0.1 * tall)


def test_between_two_lines_of_telemetry_the_yaw_turns_the_shorter_way() -> None:
    log = FlightLog((0.0, 1.0), (replace(DOWN, yaw_deg=350.0), replace(DOWN, yaw_deg=20.0, height_m=60.0)))
    middle = log.at(0.5)
    assert middle is not None
    assert (middle.yaw_deg, middle.height_m) == (pytest.approx(5.0), pytest.approx(55.0))


def test_in_a_hole_of_the_telemetry_and_beyond_its_ends_nobody_knows() -> None:
    log = FlightLog((0.0, 1.0, 5.0), (DOWN, DOWN, DOWN))
    assert [log.at(s) is None for s in (-1.0, -0.1, 0.5, 3.0, 5.1, 6.0)] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]
    assert log.holes_s == (4.0,)


@pytest.mark.parametrize("field", ["lat_deg", "height_m", "pitch_deg", "view_deg"])
def test_a_fix_that_no_camera_has_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match=f"wanted {field} of"):
        replace(DOWN, **{field: 1e5})
    with pytest.raises(ValueError, match=f"wanted {field} of"):
        replace(DOWN, **{field: float("nan")})
