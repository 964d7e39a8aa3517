"""What the log says of a certificate's life, and how often."""

import logging
from collections.abc import Callable

import pytest

from edge.run.expiry import ExpiryWatch
from edge.values.certificate import DAY_S, Certificate, Life
from edge.values.errors import ConfigError
from edge.values.moment import NS_PER_S, Moment

LIFE = Life(0, 90 * DAY_S)


class Clock:
    def __init__(self, day: float) -> None:
        self.day = day

    def now(self) -> Moment:
        now_ns = int(self.day * DAY_S) * NS_PER_S
        return Moment(now_ns, now_ns)


def reader(life: Life = LIFE) -> Callable[[], Certificate]:
    return lambda: Certificate("box-1", 1, (), life)


@pytest.mark.parametrize(
    ("day", "said"),
    [(59.9, ""), (60, "box-1 is due: rotate it, it is good for 30 more days"), (91, "box-1 has expired")],
)
def test_it_is_said_from_two_thirds_on(day: float, said: str, caplog: pytest.LogCaptureFixture) -> None:
    ExpiryWatch(reader(), Clock(day)).look()
    assert (said in caplog.text) if said else not caplog.text


def test_once_a_day_until_it_is_rotated(caplog: pytest.LogCaptureFixture) -> None:
    clock, lives = Clock(60), [LIFE]
    watch = ExpiryWatch(lambda: Certificate("box-1", 1, (), lives[-1]), clock)
    for clock.day in (60, 60.25, 60.5, 61, 61.5, 62):
        watch.look()
    assert len(caplog.records) == 3
    lives.append(Life(62 * DAY_S, 152 * DAY_S))
    clock.day = 63.5
    watch.look()
    assert len(caplog.records) == 3


def test_a_certificate_that_cannot_be_read_is_said_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> Certificate:
        raise ConfigError("box-1.pem: cannot be read")

    with caplog.at_level(logging.WARNING):
        ExpiryWatch(broken, Clock(1)).look()
    assert "box-1.pem: cannot be read" in caplog.text


def test_without_a_certificate_there_is_nothing_to_say(caplog: pytest.LogCaptureFixture) -> None:
    ExpiryWatch(None, Clock(1)).look()
    assert not caplog.records
