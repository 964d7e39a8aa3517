"""What must hold for any facts: order, cuts and restarts do not matter, nothing unknown starts, all ends."""

from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from edge.fusion.facts import Fact, Seen
from edge.fusion.fusion import Fusion
from edge.fusion.memory import Memory
from edge.fusion.spec import Expression, Measured, Not
from edge.fusion.timeline import at_least, once, opposite, truth_at
from edge.fusion.trace import trace
from edge.values.event import Phase
from edge.values.fused import FusedEvent, Truth
from tests.fakes.fusing import (
    CAMERAS,
    DEAF,
    SOURCES,
    S,
    all_of,
    any_of,
    at,
    crossings,
    crowd,
    fusion,
    loud,
    pressed,
    reading,
    rule,
    says,
    seen,
    smoke,
    well,
)

SECONDS = st.integers(0, 90).map(float)
EXAMPLES = settings(max_examples=60, deadline=None)

POSITIVE = (
    all_of(smoke(0), crowd(1), within_s=20),
    any_of(all_of(loud(0, 0), smoke(0, 1), clause=(0,)), crossings(1, times=3, within_s=30)),
    all_of(crowd(0, wanted=2), any_of(pressed(1, 0), loud(1, 1), clause=(1,)), within_s=5),
    says(name="gate-1", test=Measured("entered_per_min", above=60), within_s=10),
)
WITH_NOT = (
    *POSITIVE,
    all_of(smoke(0), Not((1,), crowd(1, 0))),
    Not((), any_of(loud(0, 0), crowd(0, 1), clause=(0,))),
)


def fusing() -> Fusion:
    return fusion(*(rule(each, f"r{n}", for_s=n % 2 * 3) for n, each in enumerate(WITH_NOT)))


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    found: list[Fact] = [
        reading(each, "smoke-1", draw(st.sampled_from([0.0, 4.0, 9.0]))) for each in draw(times())
    ]
    found += [reading(each, "noise-1", draw(st.sampled_from([50.0, 90.0]))) for each in draw(times())]
    words = st.sampled_from(["pressed", "released"])
    found += [reading(each, "panic-1", word=draw(words)) for each in draw(times())]
    reset, broken = draw(SECONDS), draw(SECONDS)
    found += [reading(each, "gate-1", total(each, reset, broken), 0.0) for each in draw(times())]
    found += [well(each, draw(CAMERA), sees=draw(st.booleans())) for each in draw(times())]
    for which, each in enumerate(draw(times())):
        found += happening(which, each, draw(SECONDS), draw(CAMERA), draw(st.booleans()))
    return found


def total(second: float, reset: float, broken: float) -> float:
    """Of a gate that begins to count anew once, and says nonsense once."""
    if second == broken:
        return 1e9
    return (second - reset if second >= reset else second) * 1.5


CAMERA = st.sampled_from(CAMERAS)


def times() -> st.SearchStrategy[list[float]]:
    return st.lists(SECONDS, max_size=6, unique=True)


def happening(which: int, begins: float, lasts: float, camera: str, instant: bool) -> list[Seen]:
    if instant:
        return [seen(begins, which, lasts=False, instant=True, camera=camera, kind="line-crossing")]
    return [
        seen(begins, which, camera=camera),
        seen(begins + lasts + 1, which, 1, lasts=False, camera=camera, blind=lasts > 80),
    ]


def heard(made: Fusion, came: Sequence[Fact], cuts: Sequence[float]) -> list[FusedEvent]:
    """All facts heard at once, then judged in pieces."""
    made.judge(at(-1))
    for fact in came:
        made.hear(fact, DEAF)
    return [event for cut in (*sorted(cuts), 1000.0) for event in made.judge(at(cut))]


@EXAMPLES
@given(facts(), st.randoms(use_true_random=False), st.lists(SECONDS, max_size=8))
def test_neither_the_order_of_arrival_nor_the_cuts_matter(came: list[Fact], mixed, cuts: list[float]):
    expected = heard(fusing(), came, [])
    mixed.shuffle(came)
    assert sorted(map(repr, heard(fusing(), came, cuts))) == sorted(map(repr, expected))


@EXAMPLES
@given(facts(), st.integers(1, 30), st.randoms(use_true_random=False))
def test_whoever_comes_within_the_lateness_tells_the_same(came: list[Fact], late_s: int, mixed):
    """Facts come up to `late_s` after their time; judged is what lies further back than that."""
    expected = heard(fusing(), came, [])
    made = fusing()
    made.judge(at(-1))
    events: list[FusedEvent] = []
    for delay, fact in sorted(
        ((fact.utc_ns + mixed.randrange(late_s * S), fact) for fact in came), key=lambda pair: pair[0]
    ):
        events += made.judge(delay - late_s * S)
        made.hear(fact, DEAF)
    events += made.judge(at(1000))
    assert made.state().tally.late == 0
    assert sorted(map(repr, events)) == sorted(map(repr, expected))


@EXAMPLES
@given(facts(), SECONDS, st.booleans())
@example(
    came=[reading(0.0, "gate-1", 0.0, 0.0), reading(1.0, "gate-1", 1.5, 0.0)], stops=31.0, repeated=False
)
def test_a_restart_changes_nothing(came: list[Fact], stops: float, repeated: bool):
    expected = heard(fusing(), came, [])
    first = fusing()
    events = heard_until(first, came, stops)
    second = fusing()
    second.restore(first.saved(), first.facts())
    if repeated:
        for fact in came:
            second.hear(fact, DEAF)
    events += second.judge(at(1000))
    assert sorted(map(repr, events)) == sorted(map(repr, expected))


def heard_until(made: Fusion, came: Sequence[Fact], until: float) -> list[FusedEvent]:
    made.judge(at(-1))
    for fact in came:
        made.hear(fact, DEAF)
    return list(made.judge(at(until)))


@EXAMPLES
@given(facts())
def test_every_event_starts_once_ends_once_and_counts_up(came: list[Fact]):
    lives: dict[str, list[FusedEvent]] = {}
    for event in heard(fusing(), came, []):
        lives.setdefault(event.id, []).append(event)
    for life in lives.values():
        assert [event.revision for event in life] == list(range(len(life)))
        assert [event.phase for event in life if event.phase is not Phase.UPDATE] == [Phase.START, Phase.END]
        assert life[0].phase is Phase.START
        assert [event.utc_ns for event in life] == sorted(event.utc_ns for event in life)


@EXAMPLES
@given(facts())
def test_what_starts_is_known_to_hold_by_the_facts_that_it_names(came: list[Fact]):
    told = {fact.id for fact in came}
    for event in heard(fusing(), came, []):
        if event.phase is Phase.START:
            assert event.findings[0].truth is Truth.TRUE
        named = {witness.id for finding in event.findings for witness in finding.witnesses}
        assert named <= told


@EXAMPLES
@given(facts(), st.sampled_from(["sensor/noise-1", "sensor/smoke-1", "camera/registan-01/plaza"]))
def test_silence_of_a_source_makes_nothing_more_certain(came: list[Fact], silent: str):
    """Without its facts whatever is still known is known as before."""
    for expression in WITH_NOT:
        whole, less = (truths(expression, each) for each in (came, [f for f in came if f.source != silent]))
        pairs = zip(whole, less, strict=True)
        assert all(poorer in (richer, Truth.UNKNOWN) for richer, poorer in pairs)


@EXAMPLES
@given(facts(), SECONDS)
def test_one_more_press_never_takes_an_event_away(came: list[Fact], when: float):
    """Rules without `not` hold at least where they held before one more fact fulfils a clause."""
    rest = [fact for fact in came if fact.source != "sensor/panic-1"]
    more = [*rest, reading(when + 0.5, "panic-1", word="pressed")]
    for expression in POSITIVE:
        for before, after in zip(truths(expression, rest), truths(expression, more), strict=True):
            assert before is not Truth.TRUE or after is Truth.TRUE


def truths(expression: Expression, came: Sequence[Fact]) -> list[Truth]:
    memory = Memory(SOURCES)
    for fact in came:
        memory.hear(fact)
    memory.judge(at(200))
    timeline = trace(expression, memory, at(0), at(200)).timeline
    return [truth_at(timeline, at(tick / 4)) for tick in range(800)]


TIMELINE = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(Truth)), min_size=1, unique_by=lambda step: step[0]
).map(lambda steps: tuple(sorted(steps)))


@EXAMPLES
@given(TIMELINE, st.integers(0, 20))
def test_once_is_the_greatest_truth_of_every_window(timeline, span: int):
    looked = once(timeline, span, 20, 60)
    for moment in range(20, 61):
        window = [truth_at(timeline, each) for each in range(moment - span, moment + 1)]
        assert truth_at(looked, moment) is max(window)


@EXAMPLES
@given(st.lists(TIMELINE, min_size=1, max_size=4), st.integers(1, 4))
def test_so_many_of_them_agrees_with_counting_and_with_de_morgan(timelines, wanted: int):
    wanted = min(wanted, len(timelines))
    counted = at_least(wanted, timelines, 0, 60)
    others = at_least(len(timelines) - wanted + 1, [opposite(each) for each in timelines], 0, 60)
    for moment in range(61):
        assert truth_at(counted, moment) is truth_at(opposite(others), moment)
        assert truth_at(counted, moment) is sorted(truth_at(each, moment) for each in timelines)[-wanted]
