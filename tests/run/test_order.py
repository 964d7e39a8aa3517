"""What passes between a supervisor and its workers, and what a reload leaves alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.run.order import Order
from edge.run.portions import published, tailed, watched
from edge.run.pulses import line_of, pulse_of
from edge.values.moment import ClockTrust, Moment
from edge.values.pulse import Pulse

DEMO = load(Path(__file__).parents[2] / "configs" / "demo.yaml")


def test_orders_and_pulses_arrive_as_they_were_sent() -> None:
    order = Order(Path("/var/lib/box/active-12.yaml"), ("north", "south"))
    assert "\n" not in order.line()
    assert Order.of(order.line()) == order
    pulse = Pulse("watch", Moment(1, 2, ClockTrust.SYNCED), "all well", {"orders": 3})
    assert pulse_of(line_of(pulse).encode()) == pulse


@pytest.mark.parametrize("line", [b"", b"1", b"no json", b'{"worker":"watch"}', b'{"moment":3}', b"\xff"])
def test_what_is_no_pulse_is_none(line: bytes) -> None:
    assert pulse_of(line) is None


def changed(**changes: object) -> NodeSpec:
    return replace(DEMO, sha256="f" * 64, **changes)  # type: ignore[arg-type]


def test_a_cameras_places_concern_nobody_but_its_lane() -> None:
    other = changed(cameras=(replace(DEMO.cameras[0], lines=()), *DEMO.cameras[1:]))
    assert other != DEMO
    for portion in (watched, published, tailed):
        assert portion(other) == portion(DEMO)


def test_each_process_minds_what_it_reads() -> None:
    fewer, faster, elsewhere = (
        changed(cameras=DEMO.cameras[1:]),
        changed(heartbeat_s=9.0),
        changed(region="x"),
    )
    assert [portion(fewer) == portion(DEMO) for portion in (watched, published, tailed)] == [
        True,
        False,
        True,
    ]
    assert [portion(faster) == portion(DEMO) for portion in (watched, published, tailed)] == [
        False,
        True,
        True,
    ]
    assert not any(portion(elsewhere) == portion(DEMO) for portion in (watched, published, tailed))
