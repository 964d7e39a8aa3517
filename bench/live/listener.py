"""The subscriber behind the broker: how late each event comes, and what each camera counts."""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion


@dataclass
class Listener:
    """Subscribes, and notes the delay of every event and the last counts of every camera."""

    port: int
    delays: list[tuple[float, float]] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    watched: set[str] = field(default_factory=set)

    def __enter__(self) -> "Listener":
        up = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_connect = lambda client, *_: client.subscribe("safecity/v1/#", qos=1)
        self._client.on_subscribe = lambda *_: up.set()
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", self.port)
        self._client.loop_start()
        up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, _: Client, __: object, message: MQTTMessage) -> None:
        now = time.time()
        sort = message.topic.split("/")[4]
        if message.retain or sort not in ("event", "state"):
            return
        data = json.loads(message.payload)["data"]
        if sort == "state":
            self.counts[data["camera"]] = data["counts"]
            if data["state"] == "ok":
                self.watched.add(data["camera"])
        else:
            self.delays.append((now, 1000 * (now - datetime.fromisoformat(data["utc"]).timestamp())))
