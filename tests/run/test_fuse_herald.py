"""What others and the operator are told of how a fusion stands."""

from edge.fusion.standing import together
from edge.privacy.spec import Origin
from edge.run.fuse_herald import FusionHerald
from edge.values.fused import Distrust, FusionState, FusionTally
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from tests.fakes.clock import FakeClock
from tests.fakes.fusing import BEGIN

SOURCES = [*(f"sensor/gate-{n}" for n in range(9)), "sensor/panic-1"]
GATES = tuple(SOURCES[:9])


def state(
    *silent: str, distrusted: tuple[tuple[str, Distrust], ...] = (), at_ns: int = BEGIN, stepped: int = 0
) -> FusionState:
    return FusionState(at_ns, 5, silent, ("r",), 1, FusionTally(facts=10, stepped=stepped), distrusted)


class House:
    def __init__(self) -> None:
        self.clock = FakeClock(Moment(NS_PER_S, BEGIN, ClockTrust.SYNCED))
        self.lines: list[str] = []
        self.put_topics: list[str] = []
        self.herald = FusionHerald(Origin("north", "f"), SOURCES, self, self.clock, self)

    def put(self, messages) -> None:
        self.put_topics += [each.topic for each in messages]

    def line(self, word: str, what: str) -> None:
        self.lines.append(f"{word}: {what}")

    def event(self, message: bytes) -> None:
        self.lines.append("event")

    def told(self, found: FusionState, lane: str = "f") -> list[str]:
        self.lines.clear()
        self.clock.pass_s(3)
        self.herald.stands(lane, found)
        return self.lines


def test_who_falls_silent_lies_or_comes_back_is_told_once_and_together() -> None:
    house = House()
    assert house.told(state(*SOURCES)) == []  # nobody was heard yet
    assert house.told(state()) == []
    six = ", ".join(GATES[:6])
    assert house.told(state(*GATES)) == [f"silent: nothing is known any more of {six} and 3 more"]
    assert house.told(state(*GATES)) == []
    assert house.told(state()) == [f"heard: {six} and 3 more again"]
    lies = (("sensor/panic-1", Distrust.LATE),)
    (line,) = house.told(state(distrusted=lies))
    assert line.startswith("distrust: sensor/panic-1: ")
    assert line.endswith("(late)")
    assert house.told(state(distrusted=lies)) == []
    assert house.told(state()) == ["trusted: nothing wrong for a minute with sensor/panic-1"]


def test_who_was_never_heard_is_told_after_a_minute_and_at_the_end() -> None:
    house = House()
    house.told(state("sensor/panic-1"))
    house.clock.pass_s(60)
    assert house.told(state("sensor/panic-1")) == ["unheard: never heard so far: sensor/panic-1"]
    assert house.told(state("sensor/panic-1")) == []
    house.lines.clear()
    house.herald.over()
    assert house.lines[0].startswith("over: after 1 min 9 s, 0 events; of all starts: 10 words taken in")
    assert house.lines[1] == "unheard: never heard: sensor/panic-1"


def test_a_state_is_sent_when_it_differs_and_once_a_minute() -> None:
    house = House()
    house.told(state(at_ns=-1))
    assert house.put_topics == []  # nothing was judged yet
    for _ in range(3):
        house.told(state())
    house.told(state("sensor/panic-1"))
    assert len(house.put_topics) == 2
    for _ in range(20):
        house.told(state("sensor/panic-1"))
    assert len(house.put_topics) == 3


def test_lanes_stand_together_as_one() -> None:
    first = state("sensor/b", at_ns=BEGIN + 5, stepped=1, distrusted=(("sensor/a", Distrust.FLOOD),))
    second = state("sensor/a", "sensor/b", at_ns=BEGIN, stepped=1)
    whole = together([first, second, state("sensor/c", at_ns=-1)], 7)
    assert (whole.utc_ns, whole.sources, whole.open, whole.blind) == (BEGIN, 7, 3, ("r",))
    assert whole.silent == ("sensor/a", "sensor/b", "sensor/c")
    assert (whole.tally.facts, whole.tally.stepped) == (30, 1)
    assert whole.distrusted == (("sensor/a", Distrust.FLOOD),)


def test_nothing_is_told_before_every_lane_stood_there() -> None:
    house = House()
    house.herald.expects("urgent")
    house.herald.expects("rest")
    assert house.told(state(*GATES), "urgent") == []
    assert house.put_topics == []
    house.told(state("sensor/panic-1"), "rest")
    assert house.put_topics == ["safecity/v1/north/f/fusion"]
    assert house.told(state(*SOURCES), "rest") == []  # so nobody was heard, and nobody fell silent
