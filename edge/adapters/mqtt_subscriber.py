"""A plain subscriber: what anybody who may read the topics sees.

Law: it changes nothing at the broker; its session ends with the connection.
"""

import queue
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.adapters.mqtt_endpoint import MqttEndpoint, MqttVersion
from edge.values.errors import BrokerError

MOST_WAITING = 10_000
"""Messages that may wait for a slow reader; then the broker is made to wait, by not reading on."""


class MqttSubscriber:
    """One subscription on one connection; a context manager."""

    def __init__(self, endpoint: MqttEndpoint, topic: str, *, retained: bool = True) -> None:
        """A subscription that has not begun; without `retained` only what is sent from now on is heard."""
        self._endpoint = endpoint
        self._retained = retained
        self._topic = topic
        self._heard: queue.Queue[MQTTMessage | BrokerError] = queue.Queue(MOST_WAITING)
        five = endpoint.version is MqttVersion.V5
        version = MQTTProtocolVersion.MQTTv5 if five else MQTTProtocolVersion.MQTTv311
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=version, reconnect_on_failure=False)
        self._client.username_pw_set(endpoint.username, endpoint.password)
        context = endpoint.tls()
        if context is not None:
            self._client.tls_set_context(context)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.on_disconnect = self._on_disconnect

    def __enter__(self) -> "MqttSubscriber":
        """Connect; what the broker makes of it comes with the messages.

        Raises:
            BrokerError: nobody answers.
        """
        endpoint = self._endpoint
        self._client.connect_timeout = endpoint.connect_s
        try:
            self._client.connect(endpoint.host, endpoint.port, endpoint.keepalive_s)
        except OSError as error:
            raise BrokerError(f"{endpoint.url}: {error}") from error
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.on_disconnect = None
        self._client.disconnect()
        self._client.loop_stop()

    def messages(self, wait_s: float) -> Iterator[tuple[str, bytes]]:
        """Topic and payload of each message that comes within `wait_s` of the one before.

        Raises:
            BrokerError: the broker refused, or the connection is lost.
        """
        while True:
            try:
                heard = self._heard.get(timeout=wait_s)
            except queue.Empty:
                return
            if isinstance(heard, BrokerError):
                raise heard
            yield heard.topic, bytes(heard.payload)

    def _on_connect(
        self, client: Client, _: Any, __: ConnectFlags, reason: ReasonCode, ___: Properties | None
    ) -> None:
        if reason.is_failure:
            self._heard.put(BrokerError(f"{self._endpoint.url}: {reason}"))
        else:
            client.subscribe(self._topic, qos=1)

    def _on_subscribe(
        self, _: Client, __: Any, ___: int, reasons: list[ReasonCode], ____: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._heard.put(BrokerError(f"{self._endpoint.url}: may not read {self._topic}: {reasons[0]}"))

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        if self._retained or not message.retain:
            self._heard.put(message)

    def _on_disconnect(
        self, _: Client, __: Any, ___: DisconnectFlags, reason: ReasonCode, ____: Properties | None
    ) -> None:
        with suppress(queue.Full):
            self._heard.put_nowait(BrokerError(f"{self._endpoint.url}: connection lost: {reason}"))
