"""The loop of a fusion while the clock of its machine is wrong, with a memory on disk."""

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.adapters.fact_journal import FactJournal
from edge.messages import FusionMessage, parse
from edge.privacy.spec import Origin
from edge.run.fuse import Fuse, Setting
from edge.run.fuse_herald import FusionHerald
from edge.values.message import RedactedMessage
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from edge.values.sensor import SensorKind
from tests.fakes.clock import FakeClock
from tests.fakes.fusing import BEGIN, SOURCES, fusion, pressed, rule
from tests.fakes.sensors import GATEWAY, REGION, reading_body

PANIC = f"safecity/v1/{REGION}/{GATEWAY}/reading/panic-1"
YEARS_S = 10 * 365 * 86_400.0


class Word:
    def __init__(self, topic: str, payload: bytes, *, retained: bool = False) -> None:
        self.topic, self.payload, self.retained = topic, payload, retained

    def confirm(self) -> None:
        pass


class City:
    """A fusion that hears itself, and what a gateway says, in the order in which it was said."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.clock, self.told, self.lines = clock, list[RedactedMessage](), list[str]()
        self._waiting: list[Word] = []
        self._stop = threading.Event()
        self._said = 0
        self._journal = FactJournal(folder / "facts.db")
        judge = fusion(rule(pressed(), clear_s=0))
        if (remembered := self._journal.load()) is not None:
            judge.restore(*remembered)
        origin, sensors = Origin(REGION, "fusion-1"), {"panic-1": (GATEWAY, SensorKind.PANIC)}
        herald = FusionHerald(origin, [each.source for each in SOURCES], self, clock, self)
        setting = Setting(origin, NS_PER_S, sensors, "fusion-1")
        self._fuse = Fuse(setting, judge, self, self, self._journal, herald, clock)

    def next(self, wait_s: float) -> Word | None:
        if self._waiting:
            return self._waiting.pop(0)
        self._stop.set()
        return None

    denied = False

    def say(self, topic: str, payload: bytes) -> bool:
        self._waiting.append(Word(topic, payload))
        return True

    def put(self, messages: list[RedactedMessage]) -> None:
        self.told += messages

    def line(self, word: str, what: str) -> None:
        self.lines.append(f"{word}: {what}")

    def event(self, message: bytes) -> None:
        pass

    def goes_on(self, steps: int, step_s: float = 1.0) -> None:
        for _ in range(steps):
            self.clock.pass_s(step_s)
            for _ in range(2):  # it speaks to itself, then hears it
                self._stop.clear()
                self._fuse.serve(self._stop)

    def panic(self, word: str) -> None:
        self.says(word)
        self.goes_on(4)

    def says(self, word: str) -> None:
        self._said += 1
        made = reading_body("panic-1", "panic", self._said, self.clock.at.utc_ns, says=word)
        self.say(PANIC, json.dumps(made).encode())

    def junk(self, times: int) -> None:
        for _ in range(times):
            self.say(PANIC, b"junk")
        self.goes_on(4)

    def steps(self, seconds: float) -> None:
        was = self.clock.at
        self.clock.at = Moment(was.mono_ns, was.utc_ns + round(seconds * NS_PER_S), was.trust)

    def close(self) -> None:
        self._journal.close()

    @property
    def phases(self) -> list[str]:
        return [json.loads(each.body)["data"]["phase"] for each in self.told if "/fused/" in each.topic]

    @property
    def state(self) -> FusionMessage:
        told = [each for each in self.told if each.topic.endswith("/fusion")][-1]
        found = parse(told.topic, told.stamped("b1", 1))
        assert isinstance(found, FusionMessage)
        return found


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(Moment(NS_PER_S, BEGIN, ClockTrust.SYNCED))


@pytest.fixture
def city(tmp_path: Path, clock: FakeClock) -> Iterator[City]:
    made = City(tmp_path, clock)
    made.goes_on(2)
    yield made
    made.close()


@pytest.mark.parametrize("step_s", [3600.0, YEARS_S])
def test_a_press_after_the_clock_was_ahead_for_a_while_is_heard(city: City, step_s: float) -> None:
    city.panic("released")
    city.steps(step_s)
    city.goes_on(5)
    assert city.state.data.silent  # whoever spoke then is a long time ago now
    city.steps(-step_s)
    city.goes_on(5)
    city.panic("pressed")
    assert city.phases == ["start"]
    assert city.state.data.stepped == 1


def test_it_is_also_heard_by_a_fusion_that_was_stopped_while_the_clock_was_ahead(
    city: City, clock: FakeClock, tmp_path: Path
) -> None:
    city.steps(YEARS_S)
    city.panic("pressed")
    assert city.phases == ["start"]
    city.close()
    city.steps(-YEARS_S)
    again = City(tmp_path, clock)
    again.goes_on(5)
    assert again.phases == ["end"]
    again.panic("pressed")
    assert again.phases == ["end", "start"]
    again.close()


def test_a_clock_that_goes_back_by_little_is_waited_for(city: City) -> None:
    city.panic("released")
    city.steps(-3)
    city.goes_on(5)
    city.panic("pressed")
    assert city.phases == ["start"]
    assert city.state.data.stepped is None


def test_junk_is_logged_once_a_minute_and_its_sensor_named(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        city.junk(1000)
        city.goes_on(60)
        city.junk(1)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert lines[1].endswith("(and 999 like it since)")
    assert [(each.source, each.why) for each in city.state.data.distrusted or ()] == [
        ("sensor/panic-1", "form")
    ]


@pytest.mark.parametrize("phase", range(5))
def test_a_press_waits_no_longer_than_it_must_wherever_it_falls_between_two_echoes(
    city: City, phase: int
) -> None:
    city.goes_on(phase, 0.1)
    city.says("pressed")
    steps = 0
    while not city.phases and steps < 20:
        city.goes_on(1, 0.1)
        steps += 1
    assert steps <= 11, "a second of lateness, and a step"
