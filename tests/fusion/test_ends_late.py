"""The end of a camera's event that comes late, or by a clock that was set: what is over does not last."""

import pytest

from edge.fusion.facts import Fact, Seen
from edge.fusion.fusion import Fusion
from edge.fusion.memory import Heard
from edge.values.event import Phase
from edge.values.fused import Distrust, FusedEvent
from tests.fakes.fusing import CAMERAS, at, crowd, fusion, rule, seen, well

END = 1


def crowded() -> Fusion:
    made = fusion(rule(crowd(cameras=CAMERAS[:1]), clear_s=0, unknown_s=500))
    made.judge(at(0))
    return made


def hears(made: Fusion, now_s: float, fact: Fact) -> Heard:
    return made.hear(made.placed(fact, at(now_s)), at(now_s))


def ending(seconds: float) -> Seen:
    return seen(seconds, revision=END, lasts=False)


def phases(told: tuple[FusedEvent, ...]) -> list[tuple[Phase, int]]:
    return [(each.phase, each.utc_ns) for each in told]


@pytest.mark.parametrize(
    ("end_s", "why"), [(12, Distrust.LATE), (-3600, Distrust.LATE), (3600, Distrust.AHEAD)]
)
def test_an_end_whose_time_cannot_be_judged_ends_the_event_when_it_comes(end_s: float, why: Distrust) -> None:
    made = crowded()
    hears(made, 10, seen(10))
    assert phases(made.judge(at(60))) == [(Phase.START, at(10))]
    assert hears(made, 70, ending(end_s)) is Heard.FRESH
    assert hears(made, 71, ending(end_s)) is Heard.AGAIN
    hears(made, 72, well(72))
    assert phases(made.judge(at(80))) == [(Phase.END, at(70))]
    assert hears(made, 81, ending(end_s)) is not Heard.FRESH  # forgotten by now, and still no news
    assert made.judge(at(90)) == ()
    assert dict(made.state().distrusted) == {f"camera/{CAMERAS[0]}": why}


def test_an_end_in_time_counts_at_its_time_and_one_of_nothing_that_lasts_changes_nothing() -> None:
    made = crowded()
    hears(made, 10, seen(10))
    hears(made, 12, ending(12))
    assert phases(made.judge(at(20))) == [(Phase.START, at(10)), (Phase.END, at(12))]
    assert hears(made, 30, seen(15, which=1, revision=END, lasts=False)) is Heard.LATE
    assert (
        hears(made, 30, seen(15, which=2)) is Heard.LATE
    )  # a beginning that comes late tells nothing of now
