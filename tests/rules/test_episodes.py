"""Lasting events: when they start, what they tell while they last, and how they end."""

from collections.abc import Iterable
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.rules.episode import Episode, Presence
from edge.rules.issuer import Issuer
from edge.rules.rules import Rules
from edge.rules.schedule import Schedule, Window
from edge.rules.spec import RuleSpec, Step
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Fact, Unseen
from tests.fakes.happenings import EPOCH_NS, at, crowd, occupied, person, staying

BUSY = RuleSpec("busy", Kind.OCCUPANCY, ("a",), at_least=5, for_s=1.0, clear_s=2.0, update_s=3.0)


class Shift:
    """A rule on duty, one frame a second unless told otherwise."""

    def __init__(self, *specs: RuleSpec) -> None:
        self.rules = Rules(specs, "node", "cam", "run")
        self.now_s = 0.0
        self.events: list[Event] = []

    def sees(self, counts: Iterable[int | None], step_s: float = 1.0) -> list[Event]:
        """Events of these counts in zone a; None is a frame without an answer."""
        told: list[Event] = []
        for n in counts:
            facts: tuple[Fact, ...] = (Unseen(at(self.now_s)),) if n is None else occupied(self.now_s, n)
            told += self.rules.judge(facts, at(self.now_s))
            self.now_s += step_s
        self.events += told
        return told


def brief(events: Iterable[Event]) -> list[str]:
    return [f"{e.phase} {e.count}" + (f" {e.cause}" if e.cause else "") for e in events]


def test_it_starts_once_the_threshold_was_held_long_enough_and_ends_once_clear_long_enough() -> None:
    shift = Shift(BUSY)
    assert brief(shift.sees([4, 5, 4, 5])) == []
    assert brief(shift.sees([5])) == ["start 5"]
    assert brief(shift.sees([3, 3, 5, 3, 3])) == ["update 3"]
    assert brief(shift.sees([3])) == ["end 3 cleared"]
    start, _, end = shift.events
    assert start.id == end.id
    assert (start.revision, end.revision) == (0, 2)
    assert start.started == end.started == at(3)
    assert end.peak == 5


def test_between_the_thresholds_it_neither_starts_nor_ends() -> None:
    shift = Shift(BUSY)
    assert brief(shift.sees([4] * 20)) == []
    assert brief(shift.sees([5, 5])) == ["start 5"]
    assert [event.phase for event in shift.sees([4] * 20)] == [Phase.UPDATE]


def test_an_update_tells_that_it_is_clearing_until_it_is_not() -> None:
    shift = Shift(RuleSpec("busy", Kind.OCCUPANCY, ("a",), at_least=5, clear_s=10.0, update_s=1.0))
    events = shift.sees([5, 3, 0, 6, 4, *[3] * 11])
    assert [(event.phase.value, event.count, event.clearing) for event in events] == [
        ("start", 5, False),
        ("update", 3, True),
        ("update", 0, True),
        ("update", 6, False),
        ("update", 4, False),
        ("update", 3, True),
        ("end", 3, False),
    ]


def test_updates_come_with_news_and_no_more_often_than_wanted() -> None:
    shift = Shift(BUSY)
    shift.sees([5, 5])
    assert brief(shift.sees([6, 7, 8, 8, 8, 8, 8, 8, 7, 7])) == ["update 8", "update 7"]
    crowded = Shift(RuleSpec("busy", Kind.OCCUPANCY, ("a",), at_least=50, update_s=0.0))
    crowded.sees([50])
    assert brief(crowded.sees([49, 47, 46, 48, 50])) == []
    assert brief(crowded.sees([51, 45])) == ["update 51", "update 45"]


LADDER = RuleSpec(
    "ladder",
    Kind.OCCUPANCY,
    ("a",),
    Severity.MINOR,
    at_least=5,
    steps=(Step(10, Severity.SEVERE), Step(20, Severity.EXTREME)),
    clear_s=2.0,
    update_s=60.0,
)


def test_severity_rises_at_once() -> None:
    told = Shift(LADDER).sees([6, 10, 25])
    assert [(e.phase, e.severity.word) for e in told] == [
        (Phase.START, "minor"),
        (Phase.UPDATE, "severe"),
        (Phase.UPDATE, "extreme"),
    ]
    assert Shift(LADDER).sees([30])[0].severity is Severity.EXTREME


def test_severity_falls_in_a_message_and_only_when_its_step_is_clear_for_long_enough() -> None:
    shift = Shift(LADDER)
    shift.sees([10])
    assert shift.sees([9, 8, 9, 8, 7, 9, 7]) == []
    (told,) = shift.sees([7, 7])
    assert (told.phase, told.severity, told.count) == (Phase.UPDATE, Severity.MINOR, 7)


def test_after_an_end_the_cooldown_keeps_it_quiet() -> None:
    shift = Shift(RuleSpec("busy", Kind.OCCUPANCY, ("a",), at_least=2, clear_s=0.0, cooldown_s=10.0))
    assert brief(shift.sees([2, 0])) == ["start 2", "end 0 cleared"]
    assert shift.sees([2] * 9) == []
    assert brief(shift.sees([2])) == ["start 2"]
    assert len({event.id for event in shift.events}) == 2


def test_a_short_blindness_is_neither_held_nor_cleared() -> None:
    shift = Shift(BUSY)
    assert brief(shift.sees([5, None, None])) == []
    assert brief(shift.sees([5])) == ["start 5"]
    assert brief(shift.sees([None] * 8)) == []
    assert brief(shift.sees([5])) == []


def test_a_long_blindness_ends_the_event_as_unseen_with_the_last_known_count() -> None:
    shift = Shift(BUSY)
    shift.sees([5, 5, 6])
    assert brief(shift.sees([None] * 20)) == ["end 6 unseen"]
    assert shift.events[-1].moment == at(13)
    assert brief(shift.sees([7, 7])) == ["start 7"]


def test_a_pause_without_any_frame_is_a_blindness_too() -> None:
    shift = Shift(BUSY)
    shift.sees([5, 5])
    shift.now_s += 100
    assert brief(shift.sees([5, 5])) == ["end 5 unseen", "start 5"]


def test_a_zone_that_the_scene_did_not_speak_of_is_not_empty() -> None:
    shift = Shift(BUSY)
    shift.sees([5, 5])
    for second in range(2, 8):
        assert shift.rules.judge(occupied(second, 0, zone="b"), at(second)) == ()


def test_closing_ends_what_is_open_and_nothing_else() -> None:
    shift = Shift(BUSY, RuleSpec("quiet", Kind.OCCUPANCY, ("a",), at_least=50))
    shift.sees([5, 5])
    assert brief(shift.rules.close(at(9), EndCause.INTERRUPTED)) == ["end 5 interrupted"]
    assert shift.rules.close(at(9), EndCause.INTERRUPTED) == ()


def test_an_event_ends_with_its_schedule() -> None:
    begin = EPOCH_NS // 1_000_000_000 % 86_400
    until = time(begin // 3600, begin % 3600 // 60 + 1)  # the tests' time begins within this minute
    window = Window(frozenset(range(7)), time(0), until)
    shift = Shift(RuleSpec("busy", Kind.OCCUPANCY, ("a",), schedule=Schedule((window,), ZoneInfo("UTC"))))
    assert brief(shift.sees([1, 1])) == ["start 1"]
    shift.now_s = 59.0
    told = shift.sees([2] * 4)
    assert brief(told)[-1] == "end 1 cleared"
    assert shift.sees([3] * 5) == []


def test_dwell_counts_those_who_stayed_long_enough() -> None:
    rules = Rules([RuleSpec("loiter", Kind.DWELL, ("a",), dwell_s=30.0, clear_s=0.0)], "n", "c", "r")
    assert rules.judge(staying(0, 10.0, 29.9), at(0)) == ()
    (start,) = rules.judge(staying(1, 11.0, 30.9, 45.0), at(1))
    assert (start.phase, start.count, start.dwell_s) == (Phase.START, 2, 45.0)
    assert [who.track for who in start.evidence] == [2, 3]
    (end,) = rules.judge(staying(2, 12.0), at(2))
    assert (end.phase, end.count, end.peak) == (Phase.END, 0, 2)


def test_each_place_of_a_rule_is_judged_by_itself() -> None:
    rules = Rules([RuleSpec("any", Kind.OCCUPANCY, ("a", "b"))], "n", "c", "r")
    told = rules.judge((*occupied(0, 2, "a"), *occupied(0, 3, "b")), at(0))
    assert [(e.place, e.count) for e in told] == [("a", 2), ("b", 3)]
    assert len({e.id for e in told}) == 2


def test_classes_are_counted_apart() -> None:
    rules = Rules(
        [RuleSpec("cars", Kind.DWELL, ("a",), dwell_s=1, classes=frozenset({"car"}))], "n", "c", "r"
    )
    assert rules.judge(staying(0, 5.0), at(0)) == ()
    assert len(rules.judge(staying(1, 5.0, label="car"), at(1))) == 1


def test_evidence_is_bounded_and_confidence_is_the_mean() -> None:
    (start,) = Shift(RuleSpec("busy", Kind.OCCUPANCY, ("a",), at_least=40)).sees([50])
    assert (start.count, len(start.evidence)) == (50, 32)
    assert start.evidence == crowd(32)
    assert start.confidence == pytest.approx(person().score)


def test_rules_with_the_same_id_are_refused() -> None:
    with pytest.raises(ValueError, match="ids of their own"):
        Rules([BUSY, BUSY], "n", "c", "r")


@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=60), st.integers(0, 3))
def test_an_episode_that_may_doze_tells_the_same_as_one_that_never_does(
    story: list[int | None], for_s: int
) -> None:
    spec = RuleSpec(
        "r", Kind.OCCUPANCY, ("a",), at_least=5, for_s=for_s, clear_s=1.0, cooldown_s=2.0, blind_s=3.0
    )
    awake, dozing = (Episode(spec, "a", "c", Issuer("n", "c", "r", "r")) for _ in "ab")
    for k, n in enumerate(story):
        there = Presence(() if n is None else tuple(map(person, range(n))))
        told = awake.blind(at(k)) if n is None else awake.judge(there, at(k))
        if n is None:
            also = dozing.blind(at(k))
        else:
            also = iter(()) if dozing.dozes(n, at(k)) else dozing.judge(there, at(k))
        assert list(also) == list(told)
