"""What a connection hears beside what it sends: one name at the broker, one connection, both directions.

Law: the broker is told that a message was taken only when its taker says so, after its own commit. The
session outlives the connection, so the broker keeps what comes meanwhile, in order; with it come the taker's
own words, by which it knows that everything said before them has come too.
"""

import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from paho.mqtt.client import Client, MQTTMessage, topic_matches_sub
from paho.mqtt.enums import MQTTErrorCode

SESSION_S = 7 * 86_400
"""The broker keeps what comes for so long while nobody is connected."""

UNCONFIRMED = 500
"""Messages that the broker may hand out ahead of their confirmation (Receive Maximum)."""


@dataclass(frozen=True, slots=True)
class EarHeard:
    """A message, and the connection on which it wants to be confirmed."""

    topic: str
    payload: bytes
    packet_id: int
    qos: int
    by: Client = field(repr=False, compare=False)

    def confirm(self) -> None:
        """Tell the broker that it was taken; without effect if the connection is gone."""
        self.by.ack(self.packet_id, self.qos)


class Ears:
    """What is heard goes into `heard`, whichever connection it comes on."""

    def __init__(self, filters: Sequence[str], most_waiting: int = 2_000) -> None:
        self.filters = tuple(filters)
        self.heard: queue.Queue[EarHeard] = queue.Queue(most_waiting)
        self._turn = threading.Lock()
        self._client: Client | None = None

    def wants(self, topic: str) -> bool:
        """Whether it is for these ears."""
        return any(topic_matches_sub(each, topic) for each in self.filters)

    def opened(self, client: Client) -> None:
        """A connection begins to hear."""
        with self._turn:
            self._client = client

    def closed(self, client: Client) -> None:
        """A connection is over."""
        with self._turn:
            if self._client is client:
                self._client = None

    def take(self, client: Client, message: MQTTMessage) -> None:
        """A message came; a full queue makes the broker wait, by not reading on."""
        came = EarHeard(message.topic, bytes(message.payload), message.mid, message.qos, client)
        while self._client is client:
            with suppress(queue.Full):
                self.heard.put(came, timeout=0.5)
                return

    def say(self, topic: str, payload: bytes) -> bool:
        """Send a word of one's own on the connection; False while there is none."""
        with self._turn:
            if self._client is None:
                return False
            return self._client.publish(topic, payload, 1).rc is MQTTErrorCode.MQTT_ERR_SUCCESS
