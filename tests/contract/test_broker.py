"""The contract of a broker connection: the one in memory, a real Mosquitto, and amqtt over MQTT 3.1.1."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from paho.mqtt import publish

from edge.adapters.embedded_broker import EmbeddedBroker, find_mosquitto
from edge.adapters.mqtt_broker import MqttBroker
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.messages.receipt import parse_receipt, receipt_bytes
from edge.ports import Broker
from edge.privacy.spec import Origin
from edge.values.delivery import Judgement, Pending, Verdict
from edge.values.errors import BrokerError
from edge.values.receipt import Receipt
from edge.values.spans import Spans
from tests.fakes.broker import FakeBroker
from tests.fakes.subscriber import wait_until

ORIGIN = Origin("r", "n")
TOPIC = "safecity/v1/r/n/receipt"


class Setting:
    """A connection, and how to cut it."""

    def __init__(self, broker: Broker, cut: Callable[[], object], receipt: Callable[[bytes], object]) -> None:
        self.broker = broker
        self.cut = cut
        self.receipt = receipt


@pytest.fixture(
    params=[
        "memory",
        pytest.param("mosquitto", marks=pytest.mark.process),
        pytest.param("amqtt", marks=pytest.mark.process),
    ]
)
def setting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Setting]:
    if request.param == "memory":
        fake = FakeBroker()
        yield Setting(
            fake,
            lambda: fake.__exit__(None, None, None),
            lambda payload: fake.receipts.extend(parse_receipt(TOPIC, payload).receipts()),
        )
        return
    program = find_mosquitto() if request.param == "mosquitto" else None
    if request.param == "mosquitto" and program is None:
        pytest.skip("no mosquitto on this machine")
    with EmbeddedBroker(tmp_path, mosquitto=program) as served:
        connection = MqttBroker(MqttEndpoint(served.url, "node-1", served.version), None, TOPIC)
        connection.__enter__()
        yield Setting(connection, served.stop, lambda payload: publish_to(served.url, payload))
        connection.__exit__(BrokerError, None, None)


def publish_to(url: str, payload: bytes) -> None:
    port = MqttEndpoint(url, "x").port
    publish.single(TOPIC, payload, qos=1, port=port, hostname="127.0.0.1")


def pending(key: int) -> Pending:
    return Pending(key, f"t/{key}", b'{"n":%d}' % key, False, 60, time.time_ns())


def verdicts(broker: Broker, count: int) -> list[Verdict]:
    found: list[Verdict] = []
    wait_until(lambda: bool(found.extend(broker.replies(0.1).verdicts)) or len(found) >= count)
    return found


def test_every_message_is_judged_once_also_beyond_the_window(setting: Setting) -> None:
    setting.broker.send([pending(key) for key in range(100)])
    found = verdicts(setting.broker, 100)
    assert [one.key for one in found] == list(range(100))
    assert {one.judgement for one in found} <= {Judgement.SENT, Judgement.UNHEARD}


def test_silence_is_an_empty_reply_that_says_how_long_it_is_quiet(setting: Setting) -> None:
    reply = setting.broker.replies(0.01)
    assert reply.verdicts == ()
    assert reply.quiet_s >= 0


def test_a_lost_connection_is_a_broker_error_at_the_latest_when_asked(setting: Setting) -> None:
    setting.cut()

    def fails() -> bool:
        try:
            setting.broker.replies(0.05)
            setting.broker.send([pending(1)])
        except BrokerError:
            return True
        return False

    assert wait_until(fails)
    with pytest.raises(BrokerError):
        setting.broker.replies(0.05)


def test_receipts_come_with_the_next_reply(setting: Setting) -> None:
    told = Receipt("boot-1", Spans(((0, 4), (7, 7))))
    setting.broker.send([pending(1)])
    assert verdicts(setting.broker, 1)  # what was asked for before it stands by now: another speaks next
    setting.receipt(receipt_bytes("centre-1", ORIGIN, [told]))
    found: list[Receipt] = []
    assert wait_until(lambda: bool(found.extend(setting.broker.replies(0.1).receipts)) or bool(found))
    assert found == [told]
