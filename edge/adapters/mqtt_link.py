"""paho-mqtt reduced to values: one connection, whose callbacks become news in a queue.

Law: paho never decides. It does not reconnect, and a client that lost its connection is thrown away with
whatever it still queued. What a reason code means is not in this file.
"""

import queue
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.adapters.mqtt_ears import SESSION_S, UNCONFIRMED, Ears
from edge.adapters.mqtt_endpoint import MqttEndpoint, MqttVersion
from edge.values.errors import BrokerError
from edge.values.message import RedactedMessage

WINDOW = 20
"""Unanswered messages at a time: 14,000 messages/s on loopback at 20, 7,400 at 1,000."""

CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker's answer to CONNECT: its code, and what it allows."""

    code: int
    why: str
    window: int
    packet_bytes: int | None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The broker's answer to one PUBLISH."""

    packet_id: int
    code: int


@dataclass(frozen=True, slots=True)
class Told:
    """A message on a topic that was subscribed to."""

    topic: str
    payload: bytes
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection ended; the code is the broker's own, or None if it did not say."""

    code: int | None
    why: str


News = Connected | Acknowledged | Told | Lost


class MqttLink:
    """One connection; its methods are for one thread, paho's own thread only feeds the queue."""

    def __init__(
        self, endpoint: MqttEndpoint, will: RedactedMessage | None, ears: Ears | None = None
    ) -> None:
        self._endpoint = endpoint
        self._ears = ears
        self._five = endpoint.version is MqttVersion.V5
        # Not a SimpleQueue: a signal whose handler outlasts the timeout makes its `get` wait for ever.
        self._news: queue.Queue[News] = queue.Queue()
        self.heard_s = time.monotonic()
        """When the broker was last heard, by any packet, on the monotonic clock."""
        self._client = self._new_client()
        self._plain = self._properties(PacketTypes.PUBLISH)
        if will is not None:
            self._client.will_set(will.topic, will.body, 1, True, self._properties(PacketTypes.WILLMESSAGE))

    def connect(self) -> Connected:
        """Connect and log in.

        Raises:
            BrokerError: nobody answered, or the broker refused.
        """
        endpoint = self._endpoint
        try:
            if self._ears is None:
                self._client.connect(endpoint.host, endpoint.port, endpoint.keepalive_s)
            else:
                self._connect_to_hear(self._ears)
        except (OSError, ValueError) as error:
            raise BrokerError(f"{endpoint.url}: {error}") from error
        self._client.loop_start()
        answer = next(iter(self.news(self._endpoint.connect_s)), Lost(None, "no answer to CONNECT"))
        if not isinstance(answer, Connected) or answer.code != 0:
            why = answer.why if isinstance(answer, Connected | Lost) else "an answer out of turn"
            raise BrokerError(f"{self._endpoint.url}: {why}")
        return answer

    def _connect_to_hear(self, ears: Ears) -> None:
        """With a session that outlives the connection, which only MQTT 5 can bound."""
        endpoint, session = self._endpoint, Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        session.SessionExpiryInterval = SESSION_S
        session.ReceiveMaximum = UNCONFIRMED
        ears.opened(self._client)
        self._client.connect(
            endpoint.host, endpoint.port, endpoint.keepalive_s, clean_start=False, properties=session
        )

    def subscribe(self, topic: str) -> None:
        """Ask for what is published on a topic; it becomes news."""
        self._client.subscribe(topic, 1)

    def unsubscribe(self, topic: str) -> None:
        """Ask for it no more; a session that outlived its connection may still have it."""
        self._client.unsubscribe(topic)

    def publish(self, topic: str, payload: bytes, retain: bool, expiry_s: int | None = None) -> int:
        """Send one message with QoS 1; its packet id.

        Whether the connection still stands is news: paho's own result says no also when the broker hung up
        in answer to this very message.
        """
        properties = self._plain if expiry_s is None else self._properties(PacketTypes.PUBLISH, expiry_s)
        self._client.on_log = None
        return self._client.publish(topic, payload, 1, retain, properties).mid

    def news(self, wait_s: float) -> list[News]:
        """What came since the last call; waits at most `wait_s` for the first."""
        found: list[News] = []
        with suppress(queue.Empty):
            found.append(self._news.get(timeout=wait_s) if wait_s > 0 else self._news.get_nowait())
            while True:
                found.append(self._news.get_nowait())
        if not found:
            self._client.on_log = self._on_log
        return found

    def close(self, politely: bool) -> None:
        """End the connection; impolitely, the broker publishes the will."""
        if self._ears is not None:
            self._ears.closed(self._client)
        if politely:
            self._client.disconnect()
            self._client.loop_stop()
            return
        socket = self._client.socket()
        if socket is not None:
            with suppress(OSError):
                socket.close()
        self._client.loop_stop()

    def _new_client(self) -> Client:
        endpoint = self._endpoint
        client = Client(
            CallbackAPIVersion.VERSION2,
            endpoint.client_id,
            None if self._five else True,
            protocol=MQTTProtocolVersion.MQTTv5 if self._five else MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=self._ears is not None,
        )
        client.connect_timeout = endpoint.connect_s
        client.max_inflight_messages = WINDOW
        client.username_pw_set(endpoint.username, endpoint.password)
        context = endpoint.tls()
        if context is not None:
            client.tls_set_context(context)
        client.on_connect = self._on_connect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _properties(self, packet: int, expiry_s: int | None = None) -> Properties | None:
        if not self._five:
            return None
        properties = Properties(packet)  # type: ignore[no-untyped-call]
        properties.ContentType = CONTENT_TYPE
        properties.PayloadFormatIndicator = 1
        if expiry_s is not None:
            properties.MessageExpiryInterval = expiry_s
        return properties

    def _on_connect(
        self, _: Client, __: Any, ___: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        window = getattr(properties, "ReceiveMaximum", WINDOW)
        packet_bytes = getattr(properties, "MaximumPacketSize", None)
        self._news.put(Connected(reason.value, str(reason), min(WINDOW, window), packet_bytes))

    def _on_publish(
        self, _: Client, __: Any, packet_id: int, reason: ReasonCode, ___: Properties | None
    ) -> None:
        self.heard_s = time.monotonic()
        if self._ears is not None:
            self._ears.answered(packet_id, reason.is_failure)
        self._news.put(Acknowledged(packet_id, reason.value))

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        self.heard_s = time.monotonic()
        if self._ears is not None and self._ears.wants(message.topic):
            self._ears.take(client, message)
            return
        if self._ears is not None:
            client.ack(message.mid, message.qos)
        self._news.put(Told(message.topic, bytes(message.payload), message.retain))

    def _on_disconnect(
        self, _: Client, __: Any, flags: DisconnectFlags, reason: ReasonCode, ___: Properties | None
    ) -> None:
        said = flags.is_disconnect_packet_from_server
        self._news.put(Lost(reason.value if said else None, str(reason) if said else "connection lost"))

    def _on_log(self, _: Client, __: Any, ___: int, text: str) -> None:
        """paho logs every packet it gets; there is no other way to learn of a PINGRESP.

        Writing the log costs more than sending, so it is on only while nothing is sent.
        """
        if text.startswith("Received "):
            self.heard_s = time.monotonic()
