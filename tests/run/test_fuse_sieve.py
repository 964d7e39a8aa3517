"""What a fusion passes over before it reads it."""

import json

import pytest

from edge.fusion.sensors import MOST_WORDS
from edge.run.fuse_sieve import Sieve
from edge.values.sensor import SensorKind
from tests.fakes.fusing import at
from tests.fakes.sensors import reading_body

SENSORS = {
    "smoke-1": ("gateway-1", SensorKind.SMOKE),
    "door-1": ("gateway-1", SensorKind.DOOR),
    "panic-1": ("gateway-1", SensorKind.PANIC),
}


class Way:
    """A sieve with a city before it."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.sieve = Sieve("north", SENSORS, lambda: self.now_s, ["panic-1"])

    def lets(
        self,
        sensor: str,
        seconds: float = 0,
        *,
        gateway: str = "gateway-1",
        again: bool = False,
        crowded: bool = False,
        body: bytes = b"",
    ) -> bool:
        made = body or json.dumps(reading_body(sensor, "smoke", 1, at(seconds))).encode()
        topic = f"safecity/v1/north/{gateway}/reading/{sensor}"
        return self.sieve.lets(topic, made, again=again, crowded=crowded)


def test_strangers_and_who_is_heard_elsewhere_are_passed_over_uncounted() -> None:
    way = Way()
    assert not way.lets("smoke-9")
    assert not way.lets("panic-1")
    assert way.lets("panic-1", gateway="gateway-2")  # an impostor is to be named
    assert way.sieve.lets("safecity/v1/north/box-1/event/plaza/occupancy", b"", again=False, crowded=True)
    assert way.sieve.dropped() == {}


@pytest.mark.parametrize("body", [b"", b"junk"])
def test_a_flood_is_cut_and_counted_until_its_ten_seconds_are_over(body: bytes) -> None:
    way = Way()
    assert sum(way.lets("door-1", 1, body=body) for _ in range(MOST_WORDS + 50)) == MOST_WORDS
    assert way.lets("smoke-1", 1)
    assert way.lets("door-1", 1, again=True)  # what was let through may come again
    assert way.sieve.dropped() == {"door-1": 50}
    assert way.sieve.dropped() == {}
    way.now_s = 10
    assert way.lets("door-1", 11, body=body)


def test_measurements_are_thinned_while_more_comes_than_can_be_judged_words_never() -> None:
    way = Way()
    seconds = [1, 1.2, 1.4, 2, 2.5]
    assert [way.lets("smoke-1", each, crowded=True) for each in seconds] == [True, False, False, True, False]
    assert all(way.lets("smoke-1", each) for each in seconds)
    assert all(way.lets("door-1", each, crowded=True) for each in seconds)


def test_impostors_use_up_nothing_of_the_true_one() -> None:
    way = Way()
    for _ in range(MOST_WORDS + 1):
        way.lets("door-1", 1, gateway="gateway-2")
    assert not way.lets("door-1", 1, gateway="gateway-3")
    assert way.lets("door-1", 1)


def test_a_button_floods_from_twice_what_is_read_in_ten_seconds_on_and_nobody_else_does() -> None:
    way, topic = Way(), "safecity/v1/north/gateway-1/reading/smoke-1"
    for n in range(400):
        way.lets("smoke-1", n / 100)
    assert not way.sieve.floods(topic)
    way.lets("smoke-1", 4)
    assert way.sieve.floods(topic)
    assert not way.sieve.floods("safecity/v1/north/gateway-1/reading/stranger-1")
    way.lets("smoke-1", 10)
    assert not way.sieve.floods(topic)
