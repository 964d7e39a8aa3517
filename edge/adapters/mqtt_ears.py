"""What a connection hears beside what it sends: one name at the broker, one connection, both directions.

Law: the broker is told that a message was taken only when its taker says so, after its own commit; one that
nobody needs is confirmed at once. The session outlives the connection, so the broker keeps what comes
meanwhile, in order; with it come the taker's own words, by which it knows that everything said before them
has come too.
"""

import re
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import MQTTErrorCode

from edge.adapters.mqtt_mute import Mute

SESSION_S = 7 * 86_400
"""The broker keeps what comes for so long while nobody is connected."""

UNCONFIRMED = 500
"""Messages that the broker may hand out ahead of their confirmation (Receive Maximum)."""

LOOK_S = 0.05
"""How often a connection that waits for room looks whether it is still wanted."""


class Choosy(Protocol):
    """Says what is worth reading."""

    def lets(self, topic: str, payload: bytes, *, again: bool, crowded: bool) -> bool:
        """Whether a message is to be read."""

    def floods(self, topic: str) -> bool:
        """Whether so much comes there that it is better not listened to for a while."""


@dataclass(frozen=True, slots=True)
class EarHeard:
    """A message, whether the broker had kept it, and the connection on which it wants to be confirmed."""

    topic: str
    payload: bytes
    packet_id: int
    qos: int
    by: Client = field(repr=False, compare=False)
    retained: bool = False

    def confirm(self) -> None:
        """Tell the broker that it was taken; without effect if the connection is gone."""
        self.by.ack(self.packet_id, self.qos)


class Ears:
    """What is heard waits here, whichever connection it comes on; one thread takes it out."""

    def __init__(
        self,
        filters: Sequence[str],
        choosy: Choosy | None = None,
        leaves: Sequence[str] = (),
        most_waiting: int = 2_000,
    ) -> None:
        """Ears that heard nothing yet.

        Args:
            filters: what they listen to.
            choosy: says which of it is worth reading; all if None.
            leaves: what a session of before may still be subscribed to, and they do not listen to.
            most_waiting: so many may wait to be taken out.
        """
        self.filters, self.leaves = tuple(filters), tuple(leaves)
        self._wanted = re.compile("|".join(map(_pattern, self.filters)))
        self._left = re.compile("|".join(map(_pattern, self.leaves)))
        self._choosy = choosy
        self._most_waiting = most_waiting
        # Not a queue.Queue: its lock wakes the taker for each message, which cost as much as reading it.
        self._heard: deque[EarHeard] = deque()
        self._came = threading.Event()
        self._room = threading.Event()
        self._turn = threading.Lock()
        self._client: Client | None = None
        self._mute = Mute(filters)
        self._said = 0
        self.denied = False
        """Whether the broker refused the last word to oneself that it answered."""

    def wants(self, topic: str) -> bool:
        """Whether it is for these ears: to be heard, or to be let go of."""
        return (self._wanted.fullmatch(topic) or self._left.fullmatch(topic)) is not None

    def opened(self, client: Client) -> None:
        """A connection begins to hear."""
        with self._turn:
            self._client = client
            self._mute.all_over()

    def closed(self, client: Client) -> None:
        """A connection is over."""
        with self._turn:
            if self._client is client:
                self._client = None

    def take(self, client: Client, message: MQTTMessage) -> None:
        """A message came; when too many wait, the broker is made to wait, by not reading on."""
        topic, payload = message.topic, bytes(message.payload)
        if not self._is_worth(topic, payload, message.dup):
            client.ack(message.mid, message.qos)
            self._leave_alone(client, topic)
            return
        came = EarHeard(topic, payload, message.mid, message.qos, client, message.retain)
        while self._client is client:
            if len(self._heard) < self._most_waiting:
                self._heard.append(came)
                if not self._came.is_set():
                    self._came.set()
                return
            self._room.clear()
            self._room.wait(LOOK_S)

    def _is_worth(self, topic: str, payload: bytes, again: bool) -> bool:
        """Whether it is to be heard, and not what the broker kept for a subscription of before."""
        if self._wanted.fullmatch(topic) is None:
            return False
        crowded = 2 * len(self._heard) > self._most_waiting
        return self._choosy is None or self._choosy.lets(topic, payload, again=again, crowded=crowded)

    def _leave_alone(self, client: Client, topic: str) -> None:
        """Have the broker send no more of a flood for a while."""
        if self._choosy is None or not self._choosy.floods(topic):
            return
        with self._turn:
            if self._client is client and self._mute.begins(topic, time.monotonic()):
                client.unsubscribe(topic)

    def _listen_again(self) -> None:
        with self._turn:
            if (client := self._client) is not None:
                for topic in self._mute.over(time.monotonic()):
                    client.subscribe(topic, 1)

    def next(self, wait_s: float) -> EarHeard | None:
        """The next message, or None if none comes within that time."""
        self._listen_again()
        if not self._heard and wait_s > 0:
            self._came.clear()
            if not self._heard:  # what came before the flag was cleared is there to be seen
                self._came.wait(wait_s)
        if not self._heard:
            return None
        came = self._heard.popleft()
        if not self._room.is_set():
            self._room.set()
        return came

    def say(self, topic: str, payload: bytes) -> bool:
        """Send a word of one's own on the connection; False while there is none."""
        with self._turn:
            if self._client is None:
                return False
            said = self._client.publish(topic, payload, 1)
            self._said = said.mid
            return said.rc is MQTTErrorCode.MQTT_ERR_SUCCESS

    def answered(self, packet_id: int, refused: bool) -> None:
        """The broker answered a word; one that is answered before its number is known here tells nothing."""
        if packet_id == self._said:
            self.denied = refused


class DeafEars(Ears):
    """For a look beside: where names are client ids the broker takes it for the one who hears.

    So the session must outlive the look, and what the broker hands out of it is confirmed by nobody: all of
    it comes again.
    """

    def __init__(self) -> None:
        super().__init__(())
        self._wanted = re.compile(".*")  # so that nobody else confirms it

    def take(self, client: Client, message: MQTTMessage) -> None:
        """Nothing is kept of it."""


def _pattern(topics: str) -> str:
    """A filter as a regular expression; no `#` stands in these."""
    return "/".join("[^/]+" if level == "+" else re.escape(level) for level in topics.split("/"))
