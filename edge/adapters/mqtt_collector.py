"""A monitoring centre's connection to one broker: MQTT 5, every message acknowledged by hand.

Law: the broker is told that a message was taken only when its taker says so, after its own commit; until
then the broker holds it. One object is one connection; what was not confirmed when it broke comes again, by
the broker or by the box. The session is clean: the memory of what is missing is the boxes' outboxes.
"""

import queue
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.adapters.mqtt_link import CONTENT_TYPE
from edge.values.errors import BrokerError

UNCONFIRMED = 1000
"""Messages that the broker may hand out ahead of their confirmation (Receive Maximum)."""

QUEUED_RECEIPTS = 1000


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, and the connection on which it wants to be confirmed and answered."""

    by: "MqttCollector"
    topic: str
    payload: bytes
    packet_id: int
    qos: int

    def confirm(self) -> None:
        """Tell the broker that it was taken; without effect if the connection is gone."""
        self.by.confirm(self)


class MqttCollector:
    """One connection with its subscriptions, a context manager; messages go into a shared queue."""

    def __init__(self, endpoint: MqttEndpoint, filters: Sequence[str], heard: "queue.Queue[Heard]") -> None:
        self._endpoint = endpoint
        self._filters = filters
        self._heard = heard
        self._news: queue.Queue[str] = queue.Queue()
        self._ready = False
        self._over = False
        self._properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        self._properties.ContentType = CONTENT_TYPE
        self._properties.PayloadFormatIndicator = 1
        self._client = self._new_client()

    def __enter__(self) -> "MqttCollector":
        """Connect and subscribe.

        Raises:
            BrokerError: nobody answers, or the broker refuses.
        """
        endpoint = self._endpoint
        limits = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        limits.ReceiveMaximum = UNCONFIRMED
        try:
            self._client.connect(
                endpoint.host, endpoint.port, endpoint.keepalive_s, clean_start=True, properties=limits
            )
        except (OSError, ValueError) as error:
            raise BrokerError(f"{endpoint.url}: {error}") from error
        self._client.loop_start()
        try:
            self.watch(endpoint.connect_s)
            if not self._ready:
                raise BrokerError(f"{endpoint.url}: no answer to CONNECT and SUBSCRIBE")
        except BrokerError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._client.disconnect()
        self._client.loop_stop()

    def watch(self, wait_s: float) -> None:
        """Come back when it is subscribed, or after `wait_s`.

        Raises:
            BrokerError: the broker refused, or the connection is lost.
        """
        with suppress(queue.Empty):
            if news := self._news.get(timeout=wait_s):
                raise BrokerError(f"{self._endpoint.url}: {news}")

    def confirm(self, heard: Heard) -> None:
        """Acknowledge one message."""
        if not self._over:
            self._client.ack(heard.packet_id, heard.qos)

    def say(self, topic: str, payload: bytes) -> None:
        """Send a receipt, if the connection is still there."""
        if not self._over:
            self._client.publish(topic, payload, 1, properties=self._properties)

    def _new_client(self) -> Client:
        endpoint = self._endpoint
        client = Client(
            CallbackAPIVersion.VERSION2,
            endpoint.client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.connect_timeout = endpoint.connect_s
        client.max_queued_messages_set(QUEUED_RECEIPTS)
        client.username_pw_set(endpoint.username, endpoint.password)
        context = endpoint.tls()
        if context is not None:
            client.tls_set_context(context)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _on_connect(
        self, client: Client, _: Any, __: ConnectFlags, reason: ReasonCode, ___: Properties | None
    ) -> None:
        if reason.is_failure:
            self._news.put(str(reason))
        else:
            client.subscribe([(each, 1) for each in self._filters])

    def _on_subscribe(
        self, _: Client, __: Any, ___: int, reasons: list[ReasonCode], ____: Properties | None
    ) -> None:
        refused = [name for name, reason in zip(self._filters, reasons, strict=False) if reason.is_failure]
        self._ready = not refused
        self._news.put(f"may not read {', '.join(refused)}" if refused else "")

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        heard = Heard(self, message.topic, bytes(message.payload), message.mid, message.qos)
        while not self._over:  # a full queue makes the broker wait, by not reading on
            with suppress(queue.Full):
                self._heard.put(heard, timeout=0.5)
                return

    def _on_disconnect(
        self, _: Client, __: Any, ___: DisconnectFlags, reason: ReasonCode, ____: Properties | None
    ) -> None:
        if not self._over:
            self._over = True
            self._news.put(f"connection lost: {reason}")
