"""Where a place on the map is leaves only on the policy's grid, and never where anybody is."""

import json
from dataclasses import replace
from math import cos, hypot, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.ground.chart import Chart
from edge.ground.flight import FixDoubt
from edge.messages.parse import ANY_MESSAGE
from edge.privacy import Pseudonyms, Redactor
from edge.privacy.map_place import M_PER_DEGREE, on_grid, told
from edge.scene.aloft import MapSpec
from edge.scene.spec import LineSpec, ZoneSpec
from tests.fakes.privacy import SEED, SIZE, SPEC, an_event

SPOT = (39.654321, 66.975432)
GRIDS = st.integers(50, 100_000)
SPOTS = st.tuples(st.floats(-84, 84), st.floats(-179, 179))


def place(grid_m: int, **changes: object) -> dict[str, object]:
    spec = replace(SPEC, policy=replace(SPEC.policy, places_m=grid_m))
    redactor = Redactor(spec, "plaza", Pseudonyms(SEED, "plaza", 600.0), {"fountain": SPOT})
    said = json.loads(redactor.event(an_event(**changes), SIZE).body)
    ANY_MESSAGE.validate_json(json.dumps(said | {"boot": "b", "sequence": "0" * 20}))
    found: dict[str, object] = said["data"]["place"]
    return found


def test_no_policy_from_before_lets_out_any() -> None:
    assert place(0) == {"kind": "zone", "id": "fountain"}
    assert SPEC.policy.places_m == 0


def test_it_leaves_on_the_policys_grid() -> None:
    assert place(100) == {"kind": "zone", "id": "fountain", "lat": 39.6542, "lon": 66.9751, "grid_m": 100}


def test_a_place_of_the_picture_has_none() -> None:
    assert place(100, place="bench") == {"kind": "zone", "id": "bench"}


def test_it_stands_the_same_whoever_is_seen() -> None:
    """The spot says nothing of the event: with one person, with many, at its start and at its end."""
    assert place(50, count=1, evidence=()) == place(50) == place(50, count=9, peak=9, confidence=0.1)


@given(SPOTS, GRIDS)
def test_it_is_no_farther_off_than_said_and_no_finer(spot: tuple[float, float], grid_m: int) -> None:
    lat, lon = on_grid(spot, grid_m)
    north = (lat - spot[0]) * M_PER_DEGREE
    east = (lon - spot[1]) * M_PER_DEGREE * cos(radians(lat))
    assert hypot(north, east) <= 0.7072 * grid_m + 8.0
    assert on_grid((lat, spot[1]), grid_m)[0] == pytest.approx(lat, abs=1e-9), "it lies on a line of the grid"


@given(SPOTS, GRIDS, st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
def test_who_lies_in_the_same_cell_is_told_the_same(
    spot: tuple[float, float], grid_m: int, north: float, east: float
) -> None:
    lat, lon = on_grid(spot, grid_m)
    step = grid_m / M_PER_DEGREE
    near = lat + north * step, lon + east * step / cos(radians(lat))
    assert on_grid(near, grid_m) == pytest.approx((lat, lon), abs=1e-9)


def test_a_grid_tells_nothing_without_a_spot() -> None:
    assert told(None, 100) == {}


def test_the_middle_of_a_place_is_where_its_corners_say() -> None:
    corners = [(39.6540, 66.9750), (39.6540, 66.9760), (39.6550, 66.9760), (39.6550, 66.9750)]
    chart = Chart.around(corners)
    drawn = tuple((float(x), float(y)) for x, y in chart.unit(chart.metres(np.array(corners))))
    spec = MapSpec(
        chart, (ZoneSpec("yard", drawn),), (LineSpec("gate", drawn[:2]),), FixDoubt(1.5, 1.0, 0.5, 0.5)
    )
    middles = spec.middles()
    assert middles["yard"] == pytest.approx((39.6545, 66.9755), abs=1e-6)
    assert middles["gate"] == pytest.approx((39.6540, 66.9755), abs=1e-6)
