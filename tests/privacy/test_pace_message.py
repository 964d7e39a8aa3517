"""Messages about how one object moves: numbers with their interval, under a pseudonym."""

import json
from dataclasses import replace

from edge.messages import examples, parse
from edge.messages.line import readable
from edge.values.event import EndCause, Kind, Phase
from edge.values.pace import Halt, Speed, Speeding
from tests.fakes.privacy import SIZE, START, an_event, person, redactor

ABOUT = {"count": 1, "peak": 1, "evidence": (person(7),)}
FAST = Speeding(Speed(20.61, 18.94, 22.28, 1.6), 60 / 3.6, above=True)
HALT = Halt(START, 125.0, surveyed=False, hidden=True)


def test_a_speed_is_told_with_its_interval_and_its_limit() -> None:
    data = json.loads(redactor().event(an_event(kind=Kind.SPEED, speed=FAST, **ABOUT), SIZE).body)["data"]
    assert data["speed"] == {
        "mps": 20.61, "low": 18.94, "high": 22.28, "coverage": 0.9, "window_s": 1.6, "limit_mps": 16.6667,
        "side": "over",
    }  # fmt: skip
    assert "halt" not in data


def test_a_stop_is_told_with_what_it_is_judged_by() -> None:
    data = json.loads(redactor().event(an_event(kind=Kind.STOPPED, halt=HALT, **ABOUT), SIZE).body)["data"]
    assert data["halt"] == {
        "since": "2027-01-15T08:00:00.000Z", "stood_s": 125.0, "measured": "boxes", "hidden": True
    }  # fmt: skip


def test_they_read_well() -> None:
    fast, stands = examples.speed(), examples.stopped()
    assert readable(parse(fast.topic, fast.stamped("b", 1))).what == (
        '1 car too fast in "road", 74 km/h (68 to 80; 20.6 ± 1.7 m/s), limit 60, 82% sure'
    )
    assert readable(parse(stands.topic, stands.stamped("b", 1))).what == (
        '1 car stopped in "bay", for 2 min 0 s, 82% sure'
    )
    slow = replace(FAST, speed=Speed(2.0, 1.5, 2.6, 1.6), limit_mps=15 / 3.6, above=False)
    told = redactor().event(an_event(kind=Kind.SPEED, speed=slow, **ABOUT), SIZE)
    assert readable(parse(told.topic, told.stamped("b", 1))).what.startswith(
        '1 person too slow in "fountain", 7.2 km/h (5.4 to 9.4'
    )
    hidden = redactor().event(an_event(kind=Kind.STOPPED, halt=HALT, **ABOUT), SIZE)
    assert readable(parse(hidden.topic, hidden.stamped("b", 1))).what.endswith(
        "for 2 min 5 s, hidden now, 81% sure"
    )


def test_their_end_says_how_long_it_was_and_how_fast_at_its_surest() -> None:
    over = {**ABOUT, "count": 0, "evidence": (), "phase": Phase.END, "cause": EndCause.CLEARED}
    fast = redactor().event(an_event(kind=Kind.SPEED, speed=FAST, **over), SIZE)
    what = readable(parse(fast.topic, fast.stamped("b", 1))).what
    assert what.startswith('speed in "fountain" over after 12 s, 74 km/h')
    left = redactor().event(an_event(kind=Kind.STOPPED, **over), SIZE)
    assert readable(parse(left.topic, left.stamped("b", 1))).what == 'stopped in "fountain" over after 12 s'
