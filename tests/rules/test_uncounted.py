"""Crowds too dense to count are known from when an event says so until it can count again, or ends."""

from edge.rules.uncounted import Uncounted
from edge.values.crowd import Crowd, DensityTable, Floor
from edge.values.event import EndCause, Event, Phase
from tests.fakes.privacy import an_event


def event(at_least: bool | None = True, **changes: object) -> Event:
    floor, table = Floor(20.0, 1.0), DensityTable.FRUIN_WALKWAY
    return an_event(crowd=Crowd(0.2, 0.12, 10.0, floor, 0.25, table, "A", at_least=at_least), **changes)


def seen(*events: Event) -> tuple[str, ...]:
    followed = Uncounted()
    for each in events:
        followed.saw([each])
    return followed.places


def test_it_is_told_while_the_event_says_at_least() -> None:
    assert seen(event(place="square")) == ("square",)
    assert seen(event(), event(at_least=False)) == ()
    assert seen(event(), event(at_least=None)) == ()
    assert seen(event(), an_event()) == (), "no density is known any more"


def test_an_event_that_ended_is_none() -> None:
    assert seen(event(), event(phase=Phase.END, cause=EndCause.CLEARED)) == ()
    assert seen(event(phase=Phase.END, cause=EndCause.CLEARED)) == ()


def test_a_place_is_told_once_however_many_rules_say_so() -> None:
    one, two = event(id="a", place="square"), event(id="b", place="square")
    assert seen(one, two, event(id="c", place="gate")) == ("gate", "square")
    assert seen(one, two, event(id="a", at_least=False)) == ("square",)


def test_what_was_never_seen_may_end() -> None:
    assert seen(event(id="b", phase=Phase.END, cause=EndCause.CLEARED), event(id="a", place="square")) == (
        "square",
    )
