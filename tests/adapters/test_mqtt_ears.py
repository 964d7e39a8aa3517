"""What a connection hears waits, in order; what nobody needs is confirmed at once."""

import threading
from typing import Any

from paho.mqtt.client import MQTTMessage

from edge.adapters.mqtt_ears import Ears


class Connection:
    """Of a broker that counts what was confirmed."""

    def __init__(self) -> None:
        self.confirmed: list[int] = []

    def ack(self, packet_id: int, _: int) -> None:
        self.confirmed.append(packet_id)


class NoGates:
    def lets(self, topic: str, payload: bytes, *, again: bool, crowded: bool) -> bool:
        return "gate" not in topic

    def floods(self, topic: str) -> bool:
        return topic == "a/gate"


def message(number: int, topic: str = "a/door") -> MQTTMessage:
    made = MQTTMessage(number, topic.encode())
    made.payload, made.qos = b"x", 1
    return made


def opened(**more: Any) -> tuple[Ears, Any]:
    ears, connection = Ears(["a/+", "b/c/+"], **more), Connection()
    ears.opened(connection)  # type: ignore[arg-type]
    return ears, connection


def test_filters_are_believed_level_by_level() -> None:
    ears, _ = opened()
    assert [ears.wants(each) for each in ("a/x", "b/c/x", "a/x/y", "a", "axb", "b/x/c")] == [
        *(True, True),
        *(False,) * 4,
    ]


def test_what_is_taken_waits_for_its_taker_and_the_rest_is_confirmed_at_once() -> None:
    ears, connection = opened(choosy=NoGates())
    for number, topic in enumerate(["a/door", "a/gate", "a/panic"], 1):
        ears.take(connection, message(number, topic))
    assert connection.confirmed == [2]
    came = [ears.next(0), ears.next(0)]
    assert [each and each.topic for each in came] == ["a/door", "a/panic"]
    assert ears.next(0) is None
    assert came[0] is not None
    came[0].confirm()
    assert connection.confirmed == [2, 1]


def test_a_connection_reads_on_only_while_there_is_room() -> None:
    ears, connection = opened(most_waiting=2)
    reader = threading.Thread(target=lambda: [ears.take(connection, message(n)) for n in range(5)])
    reader.start()
    reader.join(0.3)
    assert reader.is_alive()
    assert [came.packet_id for _ in range(5) if (came := ears.next(5)) is not None] == [0, 1, 2, 3, 4]
    reader.join()


def test_what_comes_on_a_connection_that_is_over_is_left_to_the_next() -> None:
    ears, connection = opened(most_waiting=1)
    ears.take(connection, message(1))
    reader = threading.Thread(target=lambda: ears.take(connection, message(2)))
    reader.start()
    ears.closed(connection)
    reader.join(5)
    assert not reader.is_alive()
    assert ears.next(0) is not None
    assert ears.next(0) is None


def test_what_the_broker_kept_for_a_subscription_of_before_is_let_go_of() -> None:
    ears, connection = opened(leaves=["old/+"])
    assert ears.wants("old/x")
    ears.take(connection, message(1, "old/x"))
    ears.take(connection, message(2))
    assert connection.confirmed == [1]
    came = ears.next(0)
    assert came is not None
    assert came.topic == "a/door"
