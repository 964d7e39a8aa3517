"""The embedded broker: there when entered, gone when left, and gone when its parent is killed."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from edge.adapters.embedded_broker import EmbeddedBroker, find_mosquitto
from edge.adapters.mqtt_endpoint import MqttVersion
from edge.values.errors import BrokerError
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.subscriber import Subscriber, wait_until

pytestmark = pytest.mark.process
ROOT = Path(__file__).parents[2]

PARENT = """
import sys, time
from pathlib import Path
from edge.adapters.embedded_broker import EmbeddedBroker, find_mosquitto
program = find_mosquitto() if sys.argv[2] == "mosquitto" else None
with EmbeddedBroker(Path(sys.argv[1]), mosquitto=program) as broker:
    print(broker.port, flush=True)
    time.sleep(600)
"""


def is_there(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("kind", ["mosquitto", "amqtt"])
def test_it_does_not_outlive_a_parent_that_is_killed(kind: str, tmp_path: Path) -> None:
    if kind == "mosquitto" and find_mosquitto() is None:
        pytest.skip("no mosquitto on this machine")
    command = [sys.executable, "-c", PARENT, str(tmp_path), kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        children = psutil.Process(parent.pid).children(recursive=True)
        assert len(children) == (2 if kind == "mosquitto" else 1)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert wait_until(lambda: not any(is_there(child) for child in children))


def test_it_says_what_it_speaks_and_stops_in_order(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path)
    assert broker.version is MqttVersion.V311
    with broker:
        assert broker.is_alive
    assert not broker.is_alive


def test_the_one_on_mosquitto_serves_plain_subscribers(tmp_path: Path) -> None:
    if find_mosquitto() is None:
        pytest.skip("no mosquitto on this machine")
    with EmbeddedBroker.best(tmp_path) as broker, Subscriber(broker.port):
        assert broker.version is MqttVersion.V5


def test_a_taken_port_is_said_so(tmp_path: Path) -> None:
    with Mosquitto(tmp_path / "other") as other, pytest.raises(BrokerError, match="taken"):
        EmbeddedBroker(tmp_path, port=other.port).__enter__()
