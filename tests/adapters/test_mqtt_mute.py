"""Who floods is left alone for a while, so that others on the same connection need not wait."""

import json
import time
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage

from edge.adapters import mqtt_mute
from edge.adapters.mqtt_broker import MqttBroker
from edge.adapters.mqtt_ears import Ears
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.adapters.mqtt_mute import FIRST_S, MOST_S, Mute
from edge.fusion.sensors import MOST_WORDS
from edge.run.fuse_sieve import FLOOD_WORDS, Sieve
from edge.values.sensor import SensorKind
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.raw_mqtt import Raw
from tests.fakes.sensors import GATEWAY, REGION, reading_body
from tests.fakes.subscriber import wait_until


def test_a_topic_is_left_alone_once_and_heard_again_after_its_time() -> None:
    mute = Mute(["a", "b"])
    assert mute.begins("a", 0.0)
    assert not mute.begins("a", 1.0), "what still comes is no second flood"
    assert mute.over(FIRST_S - 0.1) == []
    assert mute.over(FIRST_S) == ["a"]
    assert mute.over(FIRST_S) == []


def test_the_longer_a_flood_lasts_the_more_seldom_it_is_looked_at_and_who_stops_is_forgiven() -> None:
    mute, now_s, waits = Mute(["a"]), 0.0, []
    for _ in range(5):
        assert mute.begins("a", now_s)
        until_s = next(at for at in (now_s + tenth / 10 for tenth in range(1, 2000)) if mute.over(at))
        waits.append(round(until_s - now_s))
        now_s = until_s + 1.0
    assert waits == [10, 20, 40, MOST_S, MOST_S]
    assert mute.begins("a", now_s + 60.0)
    assert mute.over(now_s + 60.0 + FIRST_S) == ["a"]


def test_filters_for_many_and_topics_of_others_are_never_muted() -> None:
    mute = Mute(["a/+", "b"])
    assert not mute.begins("a/x", 0.0)
    assert not mute.begins("a/+", 0.0)


def test_a_new_connection_hears_all_and_may_be_muted_again() -> None:
    mute = Mute(["a"])
    assert mute.begins("a", 0.0)
    mute.all_over()
    assert mute.over(100.0) == []
    assert mute.begins("a", 1.0)


class Counting(Ears):
    """Ears that count what the broker sends them."""

    taken = 0

    def take(self, client: Client, message: MQTTMessage) -> None:
        self.taken += 1
        super().take(client, message)


def topic(button: str) -> str:
    return f"safecity/v1/{REGION}/{GATEWAY}/reading/{button}"


def words(button: str, times: int, at_ns: int) -> list[tuple[str, bytes]]:
    bodies = (reading_body(button, "panic", number, at_ns, says="pressed") for number in range(times))
    return [(topic(button), json.dumps(body).encode()) for body in bodies]


@pytest.mark.process
def test_a_broker_sends_no_more_of_a_flood_and_the_other_button_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt_mute, "FIRST_S", 1.0)
    buttons = ("panic-1", "panic-2")
    sensors = dict.fromkeys(buttons, (GATEWAY, SensorKind.PANIC))
    ears = Counting([topic(button) for button in buttons], Sieve(REGION, sensors, time.monotonic))
    now_ns = time.time_ns()
    with Mosquitto(tmp_path) as broker, MqttBroker(MqttEndpoint(broker.url, "fusion-1"), None, ears=ears):
        raw = Raw(broker.port, "buttons")
        raw.publish(words("panic-2", 2 * FLOOD_WORDS, now_ns))
        assert wait_until(lambda: ears.taken == 2 * FLOOD_WORDS)
        raw.publish([*words("panic-2", FLOOD_WORDS, now_ns), *words("panic-1", 1, now_ns)])
        heard = list[str]()
        while topic("panic-1") not in heard:
            came = ears.next(30.0)
            assert came is not None, heard
            heard.append(came.topic)
            came.confirm()
        assert heard == [topic("panic-2")] * MOST_WORDS + [topic("panic-1")]
        assert ears.taken == 2 * FLOOD_WORDS + 1, "the second part of the flood never came"

        def comes_again() -> bool:
            raw.publish(words("panic-2", 1, now_ns + 20_000_000_000))
            return ears.next(0.1) is not None

        assert wait_until(comes_again)
