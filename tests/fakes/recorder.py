"""A subscriber that writes down everything a node publishes, and comes back for as long as it lives."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from edge.messages.parse import parse


@dataclass(frozen=True)
class Heard:
    """One message as it came; `body` is its JSON."""

    topic: str
    payload: bytes
    retained: bool
    at: float
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = self.body["data"]
        return data

    @property
    def number(self) -> tuple[str, int] | None:
        """Boot and sequence number; None for the node's status, which has none."""
        return (self.body["boot"], int(self.body["sequence"])) if "sequence" in self.body else None


@dataclass
class Recorder:
    """Records from the moment it is entered; `heard` grows by itself.

    Attributes:
        heard: live messages in the order of their arrival; what the broker had retained is in `kept`.
        strange: why a message is not of a known form.
    """

    port: int
    topic: str = "safecity/v1/#"
    heard: list[Heard] = field(default_factory=list)
    kept: list[Heard] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    _up: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Recorder":
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.reconnect_delay_set(0.05, 0.2)  # type: ignore[arg-type]
        self._client.on_connect = lambda client, *_: client.subscribe(self.topic, qos=1)
        self._client.on_subscribe = lambda *_: self._up.set()
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", self.port, keepalive=5)
        self._client.loop_start()
        assert self._up.wait(30), "the recorder could not subscribe"
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def of(self, sort: str) -> list[Heard]:
        """Live messages of one sort: event, state, status or gap."""
        return [one for one in list(self.heard) if one.topic.split("/")[4] == sort]

    def events(self, camera: str = "", **wanted: object) -> list[Heard]:
        """Live event messages of a camera, or of all, whose data has these values."""
        return [
            one
            for one in self.of("event")
            if camera in ("", one.data["camera"])
            and all(one.data.get(key) == value for key, value in wanted.items())
        ]

    def states(self, camera: str) -> list[tuple[str, str]]:
        """State and reason in each live state message of a camera."""
        return [(s.data["state"], s.data["reason"]) for s in self.of("state") if s.data["camera"] == camera]

    def status(self) -> list[str]:
        """The node's own states, in order, also those that the broker remembered."""
        return [one.data["state"] for one in self.of("status")]

    def _hear(self, _: Client, __: object, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        try:
            parse(message.topic, payload)
        except Exception as error:  # noqa: BLE001 (whatever is wrong with it, the test is to see it)
            self.strange.append(f"{message.topic}: {error}")
        heard = Heard(message.topic, payload, bool(message.retain), time.time(), json.loads(payload))
        (self.kept if message.retain else self.heard).append(heard)
