"""MISB ST 0601 telemetry: the standard's own examples, damaged sets, and angles put together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.ground.klv import SCALES, flight_of
from tests.fakes.klv import LEVEL, packet


@pytest.mark.parametrize(
    ("tag", "raw", "wanted"),
    [
        (5, "71c2", 159.9744),
        (6, "fd3d", -0.4315251),
        (7, "08b8", 3.405814),
        (13, "5595b66d", 60.17682297),
        (14, "5b5360c4", 128.42675904),
        (15, "c221", 14190.72),
        (16, "cd9c", 144.5713),
        (18, "724a0a20", 160.71921147),
        (19, "87f84b86", -168.79232483),
        (25, "34f3", 3216.037),
    ],
)
def test_the_standards_examples(tag: int, raw: str, wanted: float) -> None:
    """They were rounded to the next step; tag 25 is stated of 0x34f3."""
    scale = SCALES[tag]
    step = (scale.high - scale.low) / (1 << 8 * scale.size)
    assert scale.value(bytes.fromhex(raw)) == pytest.approx(wanted, abs=step)


def test_a_flight_is_read_with_its_time_from_the_first_set() -> None:
    data = b"".join(
        packet(1_700_000_000_000_000 + 200_000 * i, LEVEL, long_form=i % 2 == 1) for i in range(5)
    )
    log = flight_of(b"noise" + data)
    assert log.times_s == pytest.approx((0.0, 0.2, 0.4, 0.6, 0.8))
    fix = log.fixes[0]
    assert (fix.lat_deg, fix.lon_deg) == (pytest.approx(41.31, abs=1e-6), pytest.approx(69.28, abs=1e-6))
    assert fix.height_m == pytest.approx(60.0, abs=0.5)
    assert fix.pitch_deg == pytest.approx(-90.0, abs=0.01)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({19: -30.0}, (90.0, -30.0, 0.0)),
        ({18: 45.0, 19: -30.0}, (135.0, -30.0, 0.0)),
        ({6: 10.0, 19: -40.0}, (90.0, -30.0, 0.0)),
        ({7: 20.0, 19: 0.0}, (90.0, 0.0, 20.0)),
        ({7: 20.0, 18: 90.0, 19: 0.0}, (180.0, -20.0, 0.0)),
        ({20: 12.0, 19: -30.0}, (90.0, -30.0, 12.0)),
    ],
)
def test_angles_of_aircraft_and_sensor_are_put_together(
    change: dict[int, float], wanted: tuple[float, float, float]
) -> None:
    fix = flight_of(packet(1, LEVEL | change)).fixes[0]
    assert (fix.yaw_deg, fix.pitch_deg, fix.roll_deg) == pytest.approx(wanted, abs=0.02)


def test_a_damaged_set_is_left_out_and_the_next_is_read() -> None:
    one, two, three = (packet(200_000 * i, LEVEL) for i in range(3))
    damaged = two[:30] + bytes([two[30] ^ 1]) + two[31:]
    assert flight_of(one + damaged + three).times_s == pytest.approx((0.0, 0.4))
    assert flight_of(one + two[:40] + three).times_s == pytest.approx((0.0, 0.4))


def test_what_a_set_lacks_is_as_it_was_told_last() -> None:
    log = flight_of(packet(0, LEVEL) + packet(200_000, {13: 41.32}))
    assert log.fixes[1].lat_deg == pytest.approx(41.32, abs=1e-6)
    assert log.fixes[1].height_m == log.fixes[0].height_m


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", "wanted MISB ST 0601 sets"),
        (packet(0, {t: v for t, v in LEVEL.items() if t != 25}), r"frame centre elevation \(tag 25\)"),
        (packet(5, LEVEL) + packet(5, LEVEL), "set 2: wanted a time after 0 s"),
        (packet(5, LEVEL | {25: 700.0}), "set 1: wanted height_m of"),
    ],
)
def test_what_tells_of_no_flight_is_refused(data: bytes, wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted):
        flight_of(data)


@given(st.binary(max_size=200), st.integers(0, 110), st.integers(0, 255))
def test_any_bytes_are_read_or_refused(noise: bytes, at: int, value: int) -> None:
    data = bytearray(packet(0, LEVEL) + noise)
    data[min(at, len(data) - 1)] = value
    try:
        log = flight_of(bytes(data))
    except ValueError:
        return
    assert np.isfinite([fix.vector for fix in log.fixes]).all()
