"""A monitoring centre for tests: a plain MQTT 5 subscriber that comes back and keeps what it got."""

import time
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

PATIENCE_S = 90.0


def wait_until(there: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    """Whether it came true; patience only bounds how long a failing test takes."""
    deadline = time.monotonic() + patience_s
    while not there():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class Subscriber:
    """Subscribes while entered; `got` has topic and payload of each message in the order of arrival.

    It comes back `back_s` after a connection broke; `name` is its own at the broker.
    """

    def __init__(
        self,
        port: int,
        topic: str = "safecity/v1/#",
        username: str | None = None,
        *,
        name: str = "centre",
        back_s: float = 0.05,
    ) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.messages: list[MQTTMessage] = []
        self._topic = topic
        self._port = port
        self._subscribed = 0
        self._client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.username_pw_set(username, username)
        self._client.reconnect_delay_set(back_s, back_s)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    def __enter__(self) -> "Subscriber":
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        assert wait_until(lambda: self._subscribed > 0)
        return self

    def __exit__(self, *error: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def payloads(self, below: str) -> list[bytes]:
        return [payload for topic, payload in list(self.got) if below in topic]

    def _on_connect(
        self, client: Client, _: Any, __: ConnectFlags, ___: ReasonCode, ____: Properties | None
    ) -> None:
        client.subscribe(self._topic, 1)

    def _on_subscribe(self, *_: Any) -> None:
        self._subscribed += 1

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        self.got.append((message.topic, message.payload))
        self.messages.append(message)
