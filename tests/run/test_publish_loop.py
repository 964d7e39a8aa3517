"""The publish loop on fakes: which broker next, what is told, and what a broken disk does."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from edge.adapters.clock import SystemClock
from edge.ports import Broker
from edge.run.backoff import Backoff
from edge.run.publish import Habits, Publisher
from edge.run.publish_pace import Pace
from edge.run.publish_routes import Route, Routes, WayBack
from edge.values.delivery import Judgement, Pending, Settlement, Stock
from edge.values.errors import BrokerError, StorageError
from edge.values.pulse import Pulse
from tests.fakes.broker import FakeBroker
from tests.fakes.outbox import MemoryOutbox, event, name_of
from tests.fakes.subscriber import wait_until

HABITS = Habits(Pace(grace_s=0.0, settle_s=0.0), look_s=0.001, probe_s=0.01, proofs=2)


def names(connection: FakeBroker) -> list[str]:
    return [name_of(one) for one in connection.received]


class Dialled:
    """A route to a broker that can be there or not, and a record of its connections."""

    def __init__(self, name: str, there: bool = True) -> None:
        self.there = there
        self.connections: list[FakeBroker] = []
        self.route = Route(name, self.dial, self.probe)

    @contextmanager
    def dial(self) -> Iterator[Broker]:
        if not self.there:
            raise BrokerError(f"{self.route.name}: refused")
        connection = FakeBroker()
        self.connections.append(connection)
        yield connection

    def probe(self) -> None:
        if not self.there:
            raise BrokerError("refused")

    @property
    def received(self) -> list[str]:
        return [one for connection in self.connections for one in names(connection)]


@contextmanager
def serving(backlog: MemoryOutbox, *dialled: Dialled, grace_s: float = 0.0) -> Iterator[list[Pulse]]:
    pulses: list[Pulse] = []
    stop = threading.Event()
    publisher = Publisher(
        backlog,
        [one.route for one in dialled],
        SystemClock(),
        stock=lambda: Stock(0, 0, 0, None, {}),
        on_pulse=pulses.append,
        habits=replace(HABITS, pace=replace(HABITS.pace, grace_s=grace_s)),
        backoff=Backoff(random.Random(1), first_s=0.001, most_s=0.01),
    )
    thread = threading.Thread(target=publisher.serve, args=(stop,))
    thread.start()
    yield pulses
    stop.set()
    thread.join()


def test_it_sends_in_order_and_says_how_it_is_doing() -> None:
    outbox, broker = MemoryOutbox(), Dialled("only")
    outbox.put([event(name) for name in "abc"])
    with serving(outbox, broker) as pulses:
        assert wait_until(lambda: broker.received == ["a", "b", "c"])
        outbox.put([event("d")])
        assert wait_until(lambda: broker.received == ["a", "b", "c", "d"])
    assert [one.state for one in pulses][:2] == ["connecting to only", "connected to only"]
    assert pulses[-1].state == "stopped"
    assert pulses[-1].counts["sent"] == 4
    assert outbox.take(10) == []


def test_a_lost_connection_sends_what_was_not_judged_again() -> None:
    outbox, broker = MemoryOutbox(), Dialled("only")
    with serving(outbox, broker):
        assert wait_until(lambda: len(broker.connections) == 1)
        broker.connections[0].judge = lambda _: None
        outbox.put([event("a")])
        assert wait_until(lambda: broker.received == ["a"])
        broker.connections[0].is_lost = True
        assert wait_until(lambda: broker.received == ["a", "a"])


def test_brokers_are_tried_in_order_until_one_is_there() -> None:
    outbox = MemoryOutbox()
    dialled = [Dialled("one", there=False), Dialled("two", there=False), Dialled("three", there=False)]
    with serving(outbox, *dialled) as pulses:
        assert wait_until(lambda: sum("no broker" in one.state for one in pulses) >= 6)
        dialled[2].there = True
        assert wait_until(lambda: pulses[-1].state == "connected to three")
    tried = [one.state for one in pulses if one.state.startswith("connecting")]
    assert tried[:4] == [f"connecting to {name}" for name in ("one", "two", "three", "one")]


def test_it_goes_back_to_a_better_broker_without_losing_its_place() -> None:
    outbox, best, spare = MemoryOutbox(), Dialled("best", there=False), Dialled("spare")
    with serving(outbox, best, spare) as pulses:
        outbox.put([event("a")])
        assert wait_until(lambda: spare.received == ["a"])
        best.there = True
        assert wait_until(lambda: pulses[-1].state == "connected to best")
        outbox.put([event("b")])
        assert wait_until(lambda: best.received == ["b"])


def test_a_broker_that_takes_no_message_is_left_for_the_next() -> None:
    """It lets us in and then hangs up: without progress the next one gets its turn."""
    outbox, rude, spare = MemoryOutbox(), Dialled("rude"), Dialled("spare")

    @contextmanager
    def dial_rude() -> Iterator[Broker]:
        connection = FakeBroker()
        connection.is_lost = True
        yield connection

    outbox.put([event("a")])
    rude.route = Route("rude", dial_rude, rude.probe)
    with serving(outbox, rude, spare):
        assert wait_until(lambda: spare.received == ["a"])


def test_a_broken_disk_ends_the_publisher() -> None:
    class Broken(MemoryOutbox):
        def settle(self, settlement: Settlement) -> None:
            raise StorageError("disk gone")

    outbox, broker = Broken(), Dialled("only")
    outbox.put([event("a")])
    publisher = Publisher(
        outbox,
        [broker.route],
        SystemClock(),
        stock=lambda: Stock(0, 0, 0, None, {}),
        on_pulse=lambda _: None,
        habits=HABITS,
    )
    with pytest.raises(StorageError):
        publisher.serve(threading.Event())


def test_a_way_back_opens_only_after_proofs_in_a_row() -> None:
    answers = iter([True, False, True, True])
    asked: list[bool] = []

    def probe() -> None:
        asked.append(next(answers))
        if not asked[-1]:
            raise BrokerError("refused")

    with WayBack([Route("best", Dialled("x").dial, probe)], 0.001, 2) as way_back:
        assert wait_until(lambda: way_back.is_open)
    assert asked == [True, False, True, True]


def test_the_best_broker_has_no_better_one_to_look_for() -> None:
    routes = Routes([Dialled("one").route, Dialled("two").route])
    assert routes.better == ()
    assert not routes.failed()
    assert [one.name for one in routes.better] == ["one"]
    assert routes.failed()


def test_no_broker_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="one broker"):
        Routes([])


def judged_denied(message: Pending) -> Judgement:
    return Judgement.DENIED if "/c2/" in message.topic else Judgement.SENT


def test_a_denied_topic_rests_while_the_others_arrive() -> None:
    outbox, broker = MemoryOutbox(), Dialled("only")
    with serving(outbox, broker) as pulses:
        assert wait_until(lambda: len(broker.connections) == 1)
        broker.connections[0].judge = judged_denied
        outbox.put([event("a", camera="c2"), event("b"), event("c", camera="c2"), event("d")])
        assert wait_until(
            lambda: broker.received == ["a", "b", "d"] or broker.received == ["a", "b", "c", "d"]
        )
    assert pulses[-1].counts["denied"] >= 1
    assert pulses[-1].counts["given_up"] == 0


def test_a_camera_that_nobody_hears_waits_alone_and_keeps_its_order() -> None:
    outbox, broker = MemoryOutbox(), Dialled("only")
    deaf = {"c2"}

    def judged(message: Pending) -> Judgement:
        return Judgement.UNHEARD if message.topic.split("/")[5] in deaf else Judgement.SENT

    with serving(outbox, broker):
        assert wait_until(lambda: len(broker.connections) == 1)
        broker.connections[0].judge = judged
        outbox.put([event(f"{camera}-{n}", camera=camera) for n in range(3) for camera in ("c2", "c1")])
        assert wait_until(lambda: [one for one in broker.received if "c1" in one] == ["c1-0", "c1-1", "c1-2"])
        outbox.put([event("c1-3")])
        assert wait_until(lambda: "c1-3" in broker.received)
        assert set(broker.received) == {"c1-0", "c1-1", "c1-2", "c1-3", "c2-0"}
        deaf.clear()
        assert wait_until(lambda: "c2-2" in broker.received)
    heard = list(dict.fromkeys(one for one in broker.received if "c2" in one))
    assert heard == ["c2-0", "c2-1", "c2-2"]


def test_a_message_that_breaks_every_connection_is_found_among_others() -> None:
    """The broker hangs up on it at once, so that what went before it is never out of its grace."""
    outbox, broker = MemoryOutbox(), Dialled("only")
    dial = broker.dial

    @contextmanager
    def dial_touchy() -> Iterator[Broker]:
        with dial() as connection:
            assert isinstance(connection, FakeBroker)

            def judged(message: Pending) -> Judgement | None:
                connection.is_lost = connection.is_lost or name_of(message) == "bad"
                return None if connection.is_lost else Judgement.SENT

            connection.judge = judged
            yield connection

    broker.route = Route("touchy", dial_touchy, broker.probe)
    outbox.put([event("a"), event("b", camera="c2"), event("bad", size=20_000), event("c")])
    with serving(outbox, broker, grace_s=60.0) as pulses:
        assert wait_until(lambda: bool(pulses) and pulses[-1].counts["given_up"] == 1)
        assert wait_until(lambda: {"a", "b", "c"} <= set(names(broker.connections[-1])))
