"""Laws of event lives, whatever the facts are."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec, Step
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Direction, Fact, LineCrossed, Occupancy, Unseen
from edge.values.moment import Moment
from tests.fakes.happenings import at, crowd

SPECS = (
    RuleSpec(
        "busy", Kind.OCCUPANCY, ("a", "b"), at_least=4, for_s=0.4, clear_s=0.6, update_s=1.0, blind_s=1.5
    ),
    RuleSpec(
        "ladder",
        Kind.OCCUPANCY,
        ("a",),
        at_least=2,
        steps=(Step(5, Severity.MODERATE), Step(10, Severity.EXTREME)),
        clear_s=0.4,
        cooldown_s=2.0,
    ),
    RuleSpec("cross", Kind.LINE_CROSSING, ("l",), cooldown_s=1.0),
)

frames = st.lists(
    st.one_of(
        st.none(),
        st.tuples(st.integers(0, 14), st.integers(0, 6), st.booleans()),
    ),
    max_size=60,
)


def facts_of(frame: tuple[int, int, bool] | None, moment: Moment) -> tuple[Fact, ...]:
    if frame is None:
        return (Unseen(moment),)
    a, b, crossed = frame
    who = crowd(max(a, b, 1))
    line = (LineCrossed(moment, "l", who[0], Direction.FORWARD),) if crossed else ()
    return (*line, Occupancy(moment, "a", who[:a], (0.0,) * a), Occupancy(moment, "b", who[:b], (0.0,) * b))


def lives(story: list[tuple[int, int, bool] | None], run: str = "r1") -> list[Event]:
    rules = Rules(SPECS, "node", "cam", run)
    events = [
        event
        for k, frame in enumerate(story)
        for event in rules.judge(facts_of(frame, at(k * 0.2)), at(k * 0.2))
    ]
    return [*events, *rules.close(at(len(story) * 0.2), EndCause.INTERRUPTED)]


@given(frames)
@settings(max_examples=50, deadline=None)
def test_every_event_starts_once_ends_once_and_counts_its_revisions(story: list) -> None:
    by_id: dict[str, list[Event]] = {}
    for event in lives(story):
        by_id.setdefault(event.id, []).append(event)
    for life in by_id.values():
        phases = [event.phase for event in life]
        assert [event.revision for event in life] == list(range(len(life)))
        assert phases[-1] is Phase.END
        assert phases.count(Phase.END) == 1
        assert len({(e.kind, e.rule, e.place, e.started, e.camera) for e in life}) == 1
        if life[0].kind is Kind.OCCUPANCY:
            assert phases[0] is Phase.START
            assert phases.count(Phase.START) == 1


@given(frames)
@settings(max_examples=50, deadline=None)
def test_the_same_facts_give_the_same_events_and_another_run_gives_other_ids(story: list) -> None:
    once, again, other = lives(story), lives(story), lives(story, run="r2")
    assert once == again
    assert not {event.id for event in once} & {event.id for event in other}


@given(frames)
@settings(max_examples=50, deadline=None)
def test_at_one_place_a_rule_has_one_open_event_at_most(story: list) -> None:
    open_at: dict[tuple[str, str], str] = {}
    for event in lives(story):
        key = event.rule, event.place
        if event.phase is Phase.START:
            assert key not in open_at
            open_at[key] = event.id
        elif event.kind is Kind.OCCUPANCY:
            assert open_at[key] == event.id
            if event.phase is Phase.END:
                del open_at[key]
    assert not open_at


@given(st.integers(5, 60), st.lists(st.floats(-0.1, 0.1), min_size=5, max_size=100))
@settings(max_examples=50, deadline=None)
def test_a_count_that_wavers_by_ten_percent_around_the_threshold_does_not_flap(
    level: int, noise: list[float]
) -> None:
    rules = Rules([RuleSpec("busy", Kind.OCCUPANCY, ("a",), at_least=level, clear_s=0.0)], "n", "c", "r")
    starts = 0
    for k, share in enumerate(noise):
        who = crowd(round(level * (1 + share)))
        events = rules.judge((Occupancy(at(k * 0.2), "a", who, (0.0,) * len(who)),), at(k * 0.2))
        starts += sum(event.phase is Phase.START for event in events)
        assert all(event.phase is not Phase.END for event in events)
    assert starts <= 1


@given(frames)
@settings(max_examples=50, deadline=None)
def test_severity_of_the_ladder_never_changes_in_silence(story: list) -> None:
    rules, told = Rules(SPECS[1:2], "n", "c", "r"), None
    for k, frame in enumerate(story):
        for event in rules.judge(facts_of(frame, at(k * 0.2)), at(k * 0.2)):
            told = None if event.phase is Phase.END else event
        if told is not None and frame is not None and frame[0] >= 10:
            assert told.severity is Severity.EXTREME
