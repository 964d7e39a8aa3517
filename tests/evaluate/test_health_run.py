"""Cameras to which something happens: what is told in time is right, and all else is missed or false."""

from functools import cache

import pytest

from edge.evaluate import health_run
from edge.evaluate.health_card import HealthCard
from edge.evaluate.health_run import STATED_S, Mishap, Place, Quiet, happens, night_noise, places, weather
from edge.values.camera_state import Reason


@cache
def yard() -> Place:
    return next(places(1))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a cloth", "covered"),
        ("out of focus", "blurred"),
        ("no light", "dark"),
        ("frozen", "same"),
        ("frozen, with a clock", "same"),
        ("a pure blue screen", "no-signal"),
        ("smeared downwards", "covered"),
    ],
)
def test_a_trouble_is_found_in_its_time_and_over_when_it_is(name: str, reason: str) -> None:
    found = happens(yard(), name, 1)
    assert found.reason.value == f"{reason}-picture"
    assert found.delay_s is not None
    assert STATED_S[found.reason] <= found.delay_s <= STATED_S[found.reason] + health_run.LOOKS_S
    assert found.others == ()


def test_a_picture_that_is_white_everywhere_is_too_bright_and_no_lost_signal() -> None:
    assert (happens(yard(), "too bright", 1).delay_s, happens(yard(), "too bright", 1).others) == (5.0, ())


def test_noise_and_weather_are_no_trouble() -> None:
    assert night_noise(yard(), 0.02, 1).told == ()
    assert weather(yard(), "rain", 1).told == ()


def test_what_is_told_as_something_else_is_missed_and_false(monkeypatch: pytest.MonkeyPatch) -> None:
    cloth, _ = health_run.MISHAPS["a cloth"]
    monkeypatch.setattr(health_run, "MISHAPS", {"a cloth": (cloth, Reason.DARK_PICTURE)})
    found = happens(yard(), "a cloth", 1)
    assert found.delay_s is None
    found = Mishap("x", "y", Reason.DARK_PICTURE, None, (Reason.COVERED_PICTURE,))
    card = HealthCard.of([found])
    score = card.reasons[Reason.DARK_PICTURE]
    assert (score.due, score.told, score.right) == (1, 1, 0)
    assert card.wrong == (
        "camera at y: missed, x, to be told as dark-picture",
        "camera at y: false, covered-picture beside x",
    )


def test_each_alarm_of_nothing_counts_once_however_long_it_lasts() -> None:
    shaken = Quiet("noise", "y", 60.0, health_run._changes([Reason.NONE, *[Reason.DARK_PICTURE] * 9]))
    card = HealthCard.of([shaken, Quiet("noise", "y", 60.0, ())])
    assert card.quiet == {"noise": (120.0, 1)}
    assert card.wrong == ("camera at y: false, dark-picture in noise",)
