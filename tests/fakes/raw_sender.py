"""A client that is nobody's box: sends bytes to topics, as they are."""

import threading
from collections.abc import Sequence

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

ANSWER_S = 60.0


def send(port: int, messages: Sequence[tuple[str, bytes]]) -> None:
    """All of them at QoS 1, until the broker has acknowledged each."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.max_inflight_messages = 200
    arrived = threading.Semaphore(0)
    client.on_publish = lambda *_: arrived.release()
    client.connect("127.0.0.1", port)
    client.loop_start()
    for topic, payload in messages:
        client.publish(topic, payload, 1)
    for _ in messages:
        assert arrived.acquire(timeout=ANSWER_S)
    client.disconnect()
    client.loop_stop()
