"""The publish process: takes from the outbox, sends to a broker, and settles with the outbox.

Law: it holds nothing that the outbox does not hold too, so it may be killed at any moment. It waits for
brokers for ever; only its own disk makes it give up.
"""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from edge.ports import Backlog, Broker, Clock
from edge.run.backoff import Backoff
from edge.run.publish_delivery import Delivery
from edge.run.publish_pace import Pace
from edge.run.publish_routes import Route, Routes, WayBack
from edge.values.delivery import Stock, Word
from edge.values.errors import BrokerError
from edge.values.moment import NS_PER_S
from edge.values.pulse import Pulse

log = logging.getLogger("publish")

WORKER = "publish"
CONNECTED = "connected to "
"""How its state begins while a broker takes messages."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the publisher goes about its day.

    Attributes:
        pace: how fast and how patiently it sends.
        look_s: how often it looks for new messages while nothing else happens; half of it is the mean
            delay that this adds to an event.
        pulse_s: time between two pulses.
        probe_s: time between two looks at a better broker.
        proofs: times in a row that the better broker must answer.
        drain_s: when it is told to stop or changes brokers it goes on while something gets done at least
            this often, so that the last words leave however slow the machine is.
        drain_most_s: but no longer than this, which with the farewell is less than the supervisor waits.
    """

    pace: Pace = field(default_factory=Pace)
    look_s: float = 0.04
    pulse_s: float = 1.0
    probe_s: float = 10.0
    proofs: int = 3
    drain_s: float = 2.5
    drain_most_s: float = 5.0


class Publisher:
    """Delivers what is in an outbox; `stock` tells how much that is, `on_pulse` gets a pulse every second."""

    def __init__(
        self,
        backlog: Backlog,
        routes: Sequence[Route],
        clock: Clock,
        *,
        stock: Callable[[], Stock],
        on_pulse: Callable[[Pulse], None],
        on_word: Callable[[Word], None] = lambda _: None,
        habits: Habits | None = None,
        backoff: Backoff | None = None,
        delivery: Delivery | None = None,
    ) -> None:
        """A publisher that has not begun; `delivery` is by the broker's word unless given.

        `on_word` gets what comes on other topics; it must not wait.
        """
        self._backlog = backlog
        self._routes = Routes(routes)
        self._clock = clock
        self._stock = stock
        self._on_pulse = on_pulse
        self._on_word = on_word
        self._habits = habits or Habits()
        self._backoff = backoff or Backoff(random.SystemRandom())
        self._delivery = delivery or Delivery(self._habits.pace)
        self._state = "starting"
        self._connections_lost = 0
        self._next_pulse_s = 0.0

    def serve(self, stop: threading.Event) -> None:
        """Deliver until `stop` is set.

        Raises:
            StorageError: the outbox cannot be read or settled.
        """
        while not stop.is_set():
            self._serve_once(stop)
        self._state = "stopped"
        self._pulse()

    def _serve_once(self, stop: threading.Event) -> None:
        route = self._routes.current
        sent_before = self._delivery.tally.sent
        self._tell(f"connecting to {route.name}")
        try:
            with route.dial() as broker:
                self._deliver(broker, route, stop)
        except BrokerError as error:
            log.warning("broker lost: %s", error)
            self._settle_lost(f"no broker: {error}")
            self._after_failure(self._delivery.tally.sent > sent_before, stop)
        else:
            self._backlog.settle(self._delivery.left())
            self._routes.restart()

    def _deliver(self, broker: Broker, route: Route, stop: threading.Event) -> None:
        self._delivery.connected(self._now_s())
        self._tell(f"{CONNECTED}{route.name}")
        log.info("connected to %s", route.name)
        habits = self._habits
        with WayBack(self._routes.better, habits.probe_s, habits.proofs) as way_back:
            while not (stop.is_set() or way_back.is_open or route.outdated()):
                self._step(broker)
        self._drain(broker, stop.is_set())

    def _drain(self, broker: Broker, stopping: bool) -> None:
        """Wait for verdicts, and when stopping empty the outbox too, for as long as something gets done.

        So the last words of the watchers still leave; a change of brokers leaves them to the next.
        """
        habits, done, more = self._habits, self._delivery.tally.done, stopping
        began_s = moved_s = self._now_s()
        while more or not self._delivery.idle:
            if stopping:
                more = self._step(broker)
            else:
                self._hear(broker)
            now_s = self._now_s()
            if self._delivery.tally.done > done:
                done, moved_s = self._delivery.tally.done, now_s
            if now_s >= min(moved_s + habits.drain_s, began_s + habits.drain_most_s):
                return

    def _step(self, broker: Broker) -> bool:
        """Send what there is room for and hear what came back; whether the outbox may hold more."""
        delivery, now_s = self._delivery, self._now_s()
        room = delivery.room(now_s)
        messages = self._backlog.take(room, delivery.urgent_only, delivery.passage(now_s)) if room else ()
        if messages:
            delivery.went_out(messages, self._now_s())
            broker.send(messages)
        waits = self._hear(broker) or delivery.waits(now_s)
        return waits or not room or bool(messages)

    def _hear(self, broker: Broker) -> bool:
        """Settle what the broker said; whether some of it has to be sent again."""
        reply = broker.replies(self._habits.look_s)
        now_s = self._now_s()
        settlement = self._delivery.judge(reply, now_s)
        if settlement:
            self._backlog.settle(settlement)
        for word in reply.words:
            self._on_word(word)
        if self._delivery.overdue(now_s):
            raise BrokerError(f"no answer to a message for {self._habits.pace.answer_s:.0f} s")
        if now_s >= self._next_pulse_s:
            self._pulse()
        return bool(settlement.back)

    def _settle_lost(self, state: str) -> None:
        self._connections_lost += 1
        if settlement := self._delivery.lost():
            self._backlog.settle(settlement)
        self._tell(state)

    def _after_failure(self, it_worked: bool, stop: threading.Event) -> None:
        """After a connection that worked, the best broker again; else the next, and patience each round."""
        if it_worked:
            self._backoff.reset()
            self._routes.restart()
        elif not self._routes.failed():
            return
        self._wait(self._backoff.next_s(), stop)

    def _wait(self, wait_s: float, stop: threading.Event) -> None:
        end_s = self._now_s() + wait_s
        while (left_s := end_s - self._now_s()) > 0 and not stop.wait(min(left_s, self._habits.pulse_s)):
            self._pulse()

    def _tell(self, state: str) -> None:
        self._state = state
        self._pulse()

    def _pulse(self) -> None:
        now = self._clock.now()
        self._next_pulse_s = now.mono_ns / NS_PER_S + self._habits.pulse_s
        stock = self._stock()
        counts = {
            **asdict(self._delivery.tally),
            "unreceipted": self._delivery.unreceipted,
            "connections_lost": self._connections_lost,
            "backlog_rows": stock.rows,
            "backlog_bytes": stock.size_bytes,
            "dead_letters": stock.dead,
            "oldest_s": round(stock.oldest_s or 0),
            "lost": sum(stock.lost.values()),
            "owed": stock.owed,
            **{f"lost.{cause}": number for cause, number in stock.lost.items()},
        }
        self._on_pulse(Pulse(WORKER, now, self._state, counts))

    def _now_s(self) -> float:
        return self._clock.now().mono_ns / NS_PER_S
