"""The end of a publisher on fakes: last words leave for as long as something gets done, and no longer."""

import threading
from collections.abc import Callable, Sequence

from edge.adapters.mqtt_broker import FAREWELL_S
from edge.run.child import GRACE_S
from edge.run.publish import Habits, Publisher
from edge.run.publish_pace import Pace
from edge.run.publish_routes import Route
from edge.values.delivery import Judgement, Pending, Reply, Stock, Verdict
from tests.fakes.broker import FakeBroker, say_sent
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import MemoryOutbox, event, name_of

HABITS = Habits(Pace(grace_s=0.0, settle_s=0.0))
LOOK_S = 0.3


class SlowBroker(FakeBroker):
    """Judges one message a look, each look taking `LOOK_S` of the clock; the first look tells to stop."""

    def __init__(
        self, clock: FakeClock, judge: Callable[[Pending], Judgement] = say_sent, judged: int = 1000
    ) -> None:
        super().__init__()
        self.stop = threading.Event()
        self.stopped_ns = 0
        self._clock = clock
        self._say = judge
        self._judged = judged
        self._waiting: list[Pending] = []

    def send(self, messages: Sequence[Pending]) -> None:
        self.received += messages
        self._waiting += messages

    def replies(self, wait_s: float) -> Reply:
        self._clock.pass_s(LOOK_S)
        if not self.stop.is_set():
            self.stop.set()
            self.stopped_ns = self._clock.at.mono_ns
        if not self._waiting or not self._judged:
            return Reply((), 0.0)
        self._judged -= 1
        message = self._waiting.pop(0)
        return Reply((Verdict(message.key, self._say(message)),), 0.0)


def ended(outbox: MemoryOutbox, clock: FakeClock, broker: SlowBroker) -> float:
    """How long a publisher that was told to stop took to end, seconds."""
    publisher = Publisher(
        outbox,
        [Route("slow", lambda: broker, lambda: None)],
        clock,
        stock=lambda: Stock(0, 0, 0, None, {}),
        on_pulse=lambda _: None,
        habits=HABITS,
    )
    publisher.serve(broker.stop)
    return (clock.at.mono_ns - broker.stopped_ns) / 1e9


def filled(messages: int) -> MemoryOutbox:
    outbox = MemoryOutbox()
    outbox.put([event(str(number)) for number in range(messages)])
    return outbox


def test_everything_leaves_while_the_broker_gets_on_with_it_however_slowly() -> None:
    outbox, clock = filled(15), FakeClock()
    broker = SlowBroker(clock)
    took_s = ended(outbox, clock, broker)
    assert [name_of(one) for one in broker.received] == [str(number) for number in range(15)]
    assert outbox.take(100) == []
    assert took_s > HABITS.drain_s, "or this proves nothing"


def test_it_gives_up_once_nothing_moves_and_keeps_what_is_left_in_its_place() -> None:
    outbox, clock = filled(15), FakeClock()
    took_s = ended(outbox, clock, SlowBroker(clock, judged=4))
    assert [name_of(one) for one in outbox.take(100)] == [str(number) for number in range(4, 15)]
    assert 3 * LOOK_S + HABITS.drain_s <= took_s <= 3 * LOOK_S + HABITS.drain_s + LOOK_S


def test_it_ends_in_time_though_there_is_no_end_of_work() -> None:
    outbox, clock = filled(500), FakeClock()
    took_s = ended(outbox, clock, SlowBroker(clock))
    assert took_s <= HABITS.drain_most_s + LOOK_S
    left = [int(name_of(one)) for one in outbox.take(1000)]
    assert left == list(range(left[0], 500))
    assert left[0] >= HABITS.drain_most_s // LOOK_S


def test_what_a_busy_broker_sent_back_leaves_too() -> None:
    refusals = iter([Judgement.SENT, Judgement.SENT, Judgement.BUSY])
    outbox, clock = filled(3), FakeClock()
    ended(outbox, clock, SlowBroker(clock, lambda _: next(refusals, Judgement.SENT)))
    assert outbox.take(100) == []


def test_drain_and_farewell_end_before_the_supervisor_kills() -> None:
    assert Habits().drain_s < Habits().drain_most_s
    assert Habits().drain_most_s + FAREWELL_S + 1.0 <= GRACE_S
