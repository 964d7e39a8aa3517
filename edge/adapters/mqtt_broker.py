"""The `Broker` port over MQTT: one object is one connection, from birth message to farewell.

Law: every message handed over is judged by the broker's reason code or belongs to a lost connection; no
third thing happens to it. No more messages are in flight than the broker asked for. The session is clean:
a publisher's memory is its outbox, not the broker. When to connect, to whom, and what a verdict means for
the outbox is not in this file.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType

from edge.adapters.mqtt_ears import Ears
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.adapters.mqtt_link import WINDOW, Acknowledged, Lost, MqttLink, Told
from edge.adapters.mqtt_reasons import of_disconnect, of_puback
from edge.messages.receipt import ReceiptMessage, parse_receipt
from edge.values.delivery import Judgement, Pending, Reply, Verdict, Word
from edge.values.errors import BrokerError, MessageError
from edge.values.message import RedactedMessage
from edge.values.receipt import Receipt, together

PACKET_OVERHEAD_BYTES = 128
"""Fixed header, packet id and properties of a PUBLISH, generously."""

FAREWELL_S = 2.0
MOST_WORDS = 256
"""Kept between two replies, which come many times a second; the newest count."""

NS_PER_S = 1_000_000_000

log = logging.getLogger("publish")


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the node says of itself on one connection, retained by the broker.

    Attributes:
        birth: sent when connected.
        farewell: sent before an orderly end.
        will: said by the broker when the connection breaks.
    """

    birth: RedactedMessage
    farewell: RedactedMessage
    will: RedactedMessage


class MqttBroker:
    """A connection to one broker, used as a context manager by one thread.

    Leaving it without an exception says farewell and waits for the broker's answer; leaving it with one
    drops the connection, and the broker publishes the will. `vitals` is asked for on entering; None for a
    connection that only finds out whether the broker would have us. `receipts` is the topic on which the
    monitoring centre says what it has, "" where nobody does; `doubt` says why one is not believed, None where
    each is. What comes on the topics `hears` is handed on as it is. `ears` hear on the same connection, in a
    session that outlives it.

    Raises:
        BrokerError: on entering, the broker cannot be reached or refuses; on leaving, the farewell was not
            answered.
    """

    def __init__(
        self,
        endpoint: MqttEndpoint,
        vitals: Callable[[], Vitals] | None,
        receipts: str = "",
        hears: Sequence[str] = (),
        ears: Ears | None = None,
        doubt: Callable[[ReceiptMessage], str] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._vitals = None if vitals is None else vitals()
        self._link = MqttLink(endpoint, None if self._vitals is None else self._vitals.will, ears)
        self._ears = ears
        self._waiting: deque[Pending] = deque()
        self._in_flight: dict[int, int] = {}
        self._verdicts: list[Verdict] = []
        self._receipts_topic = receipts
        self._receipts: list[Receipt] = []
        self._doubt = doubt
        self._unbelieved = self._told_unbelieved = 0
        self._hears = tuple(hears)
        self._words: list[Word] = []
        self._lost: Lost | None = None
        self._window = WINDOW
        self._packet_bytes: int | None = None

    def __enter__(self) -> "MqttBroker":
        try:
            broker = self._link.connect()
            self._window, self._packet_bytes = broker.window, broker.packet_bytes
            if self._receipts_topic:
                self._link.subscribe(self._receipts_topic)  # before the birth, which the centre answers
            for topic in self._hears:
                self._link.subscribe(topic)
            for topics in () if self._ears is None else self._ears.leaves:
                self._link.unsubscribe(topics)
            for topics in () if self._ears is None else self._ears.filters:
                self._link.subscribe(topics)
            if self._vitals is not None:
                self._say(self._vitals.birth, self._endpoint.connect_s)
        except BaseException:
            self._link.close(politely=False)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        politely = False
        try:
            if kind is None and self._vitals is not None:
                self._say(self._vitals.farewell, FAREWELL_S)
            politely = kind is None
        finally:
            self._link.close(politely)

    def send(self, messages: Sequence[Pending]) -> None:
        """Hand messages over for sending, in order; what became of them comes by `replies`."""
        for message in messages:
            if self._packet_bytes is not None and _size_bytes(message) > self._packet_bytes:
                self._verdicts.append(Verdict(message.key, Judgement.POISON))
            else:
                self._waiting.append(message)
        self._feed()

    def replies(self, wait_s: float) -> Reply:
        """What the broker said since the last call; waits at most `wait_s` for a first word.

        Raises:
            BrokerError: the connection is lost; what was not judged may or may not have arrived.
        """
        self._listen(0.0 if self._has_news or self._lost else wait_s)
        if self._lost is not None and not self._has_news:
            raise BrokerError(f"{self._endpoint.url}: {self._lost.why}")
        verdicts, self._verdicts = tuple(self._verdicts), []
        receipts, self._receipts = together(self._receipts), []
        unbelieved, self._unbelieved = self._unbelieved, 0
        words, self._words = tuple(self._words), []
        if self._lost is None:
            self._feed()
        return Reply(verdicts, time.monotonic() - self._link.heard_s, receipts, words, unbelieved)

    @property
    def _has_news(self) -> bool:
        return bool(self._verdicts or self._receipts or self._words)

    def _feed(self) -> None:
        while self._waiting and len(self._in_flight) < self._window:
            message = self._waiting.popleft()
            expiry_s = None if message.expiry_s is None else _left_s(message, message.expiry_s)
            packet_id = self._link.publish(message.topic, message.payload, message.retain, expiry_s)
            self._in_flight[packet_id] = message.key

    def _listen(self, wait_s: float) -> None:
        for news in self._link.news(wait_s):
            match news:
                case Acknowledged(packet_id, code):
                    key = self._in_flight.pop(packet_id, None)
                    if key is not None:
                        self._verdicts.append(Verdict(key, of_puback(code)))
                case Told():
                    self._take_in(news)
                case Lost():
                    self._lose(news)

    def _take_in(self, told: Told) -> None:
        """A word, or a receipt; what is none, or is for another box, frees nothing and is only logged."""
        if told.topic in self._hears:
            self._words = [*self._words[-MOST_WORDS + 1 :], Word(told.topic, told.payload, told.retained)]
            return
        try:
            message = parse_receipt(told.topic, told.payload)
        except MessageError as error:
            self._disbelieve(str(error))
            return
        why = "" if self._doubt is None else self._doubt(message)
        if why:
            self._disbelieve(f"{told.topic}: {why}")
        else:
            self._receipts += message.receipts()

    def _disbelieve(self, why: str) -> None:
        """Count it; a flood of them is told ever more rarely."""
        self._unbelieved += 1
        self._told_unbelieved += 1
        number = self._told_unbelieved
        if number & (number - 1) == 0:
            log.warning("not a receipt, the %d. of this connection: %s", number, why)

    def _lose(self, lost: Lost) -> None:
        """A broker that hangs up with a reason means the message in flight, if there is only one."""
        self._lost = self._lost or lost
        judgement = None if lost.code is None else of_disconnect(lost.code)
        if judgement is not None and len(self._in_flight) == 1:
            (key,) = self._in_flight.values()
            self._in_flight.clear()
            self._verdicts.append(Verdict(key, judgement))

    def _say(self, message: RedactedMessage, wait_s: float) -> None:
        """Publish birth or farewell and wait for any answer; a refusal of it stops nothing else."""
        packet_id = self._link.publish(message.topic, message.body, message.retain)
        deadline = time.monotonic() + wait_s
        while (left_s := deadline - time.monotonic()) > 0:
            for news in self._link.news(left_s):
                if isinstance(news, Acknowledged) and news.packet_id == packet_id:
                    return
                if isinstance(news, Told):
                    self._take_in(news)
                if isinstance(news, Lost):
                    raise BrokerError(f"{self._endpoint.url}: {news.why}")
        raise BrokerError(f"{self._endpoint.url}: no answer to the node's status for {wait_s:.0f} s")


def _size_bytes(message: Pending) -> int:
    return len(message.topic.encode()) + len(message.payload) + PACKET_OVERHEAD_BYTES


def _left_s(message: Pending, expiry_s: int) -> int:
    """Seconds until the message expires, at least one: the broker drops it then, not we."""
    age_s = max(0, time.time_ns() - message.committed_utc_ns) // NS_PER_S
    return max(1, expiry_s - age_s)
