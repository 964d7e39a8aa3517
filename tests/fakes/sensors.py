"""A city that speaks to a fusion: gateways with sensors, boxes with cameras, each message to the letter."""

import json
import time
from collections import Counter
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from edge.messages import examples
from edge.privacy.canonical import encode, utc
from edge.privacy.spec import Origin
from tests.fakes.sayings import event_id

REGION = "north"
GATEWAY = "gateway-1"


class Speakers:
    """Sends as everybody, on one connection, and waits until the broker has each message."""

    def __init__(self, port: int, seed: int = 1) -> None:
        self._client = Client(
            CallbackAPIVersion.VERSION2, f"speakers-{seed}", protocol=MQTTProtocolVersion.MQTTv5
        )
        self._port = port
        self._seed = seed
        self._sequences: Counter[str] = Counter()
        self._last_ns = 0

    def __enter__(self) -> "Speakers":
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        return self

    def __exit__(self, *error: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def reading(self, sensor: str, kind: str, at_ns: int | None = None, **said: object) -> str:
        """A sensor speaks; the id by which a reason would name it."""
        self._sequences[sensor] += 1
        made = reading_body(sensor, kind, self._sequences[sensor], at_ns or self._now_ns(), **said)
        self.send(f"safecity/v1/{REGION}/{GATEWAY}/reading/{sensor}", json.dumps(made).encode())
        return f"b1.{self._sequences[sensor]}"

    def crowd(self, node: str, camera: str, which: int, revision: int = 0, *, last: bool = False) -> str:
        """A camera sees a crowd; the event's id."""
        made = crowd_body(node, camera, event_id(self._seed, which), revision, last, self._now_ns())
        self.send(Origin(REGION, node).topic("event", camera, "occupancy"), encode(made))
        return event_id(self._seed, which)

    def _now_ns(self) -> int:
        """Now, and never the same millisecond twice."""
        self._last_ns = max(time.time_ns(), self._last_ns + 2_000_000)
        return self._last_ns

    def send(self, topic: str, payload: bytes, retain: bool = False) -> None:
        self._client.publish(topic, payload, 1, retain).wait_for_publish(30)


def reading_body(sensor: str, kind: str, sequence: int, at_ns: int, **said: object) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(examples.reading().body)
    data = {key: value for key, value in body["data"].items() if key != "percent_per_m"}
    data |= {"region": REGION, "node": GATEWAY, "sensor": sensor, "kind": kind, "boot": "b1"}
    data |= {"sequence": sequence, "utc": utc(at_ns), **said}
    source = f"/safecity/{REGION}/{GATEWAY}/{sensor}"
    return body | {"id": f"b1.{sequence}", "source": source, "time": utc(at_ns), "data": data}


def crowd_body(node: str, camera: str, name: str, revision: int, last: bool, at_ns: int) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(examples.occupancy().stamped("b1", revision))
    data = body["data"] | {"region": REGION, "node": node, "camera": camera, "event_id": name}
    data |= {"revision": revision, "utc": utc(at_ns), "started": utc(at_ns), "count": 12, "peak": 12}
    data |= {"phase": "end", "cause": "cleared"} if last else {"phase": "update" if revision else "start"}
    source = Origin(REGION, node).source(camera)
    return body | {"id": f"{name}.{revision}", "source": source, "time": utc(at_ns), "data": data}
