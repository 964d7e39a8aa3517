"""What a connection does at its ends: birth, farewell, will, and what it says when it cannot connect."""

import os
import signal
import socket
import threading
from pathlib import Path

import psutil
import pytest

from edge.adapters.mqtt_broker import MqttBroker
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.values.delivery import Judgement, Pending, Verdict
from edge.values.errors import BrokerError
from tests.fakes.mosquitto import Mosquitto, free_port
from tests.fakes.publish_process import STATUS, vitals
from tests.fakes.subscriber import Subscriber, wait_until

pytestmark = pytest.mark.process


def test_a_connection_that_breaks_lets_the_broker_say_the_will(tmp_path: Path) -> None:
    with Mosquitto(tmp_path) as broker, Subscriber(broker.port) as centre:
        with pytest.raises(RuntimeError), MqttBroker(MqttEndpoint(broker.url, "n"), vitals):
            raise RuntimeError("crash")
        assert wait_until(lambda: centre.payloads(STATUS) == [b'{"state":"online"}', b'{"state":"lost"}'])


def test_a_second_client_of_the_same_name_ends_the_first_loudly(tmp_path: Path) -> None:
    with Mosquitto(tmp_path) as broker:
        with (
            pytest.raises(BrokerError),
            MqttBroker(MqttEndpoint(broker.url, "n"), None) as first,
        ):
            with MqttBroker(MqttEndpoint(broker.url, "n"), None):
                wait_until(lambda: bool(first.replies(0.1).verdicts))


def test_nobody_there_is_told_with_the_address() -> None:
    url = f"mqtt://127.0.0.1:{free_port()}"
    with pytest.raises(BrokerError, match=url), MqttBroker(MqttEndpoint(url, "n"), None):
        pass


def test_a_server_that_never_answers_is_given_up_after_the_time_to_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"mqtt://127.0.0.1:{mute.getsockname()[1]}"
        with (
            pytest.raises(BrokerError, match="no answer to CONNECT"),
            MqttBroker(MqttEndpoint(url, "n", connect_s=0.3), None),
        ):
            pass


def test_a_ping_answered_counts_as_heard(tmp_path: Path) -> None:
    with Mosquitto(tmp_path) as broker:
        with MqttBroker(MqttEndpoint(broker.url, "n", keepalive_s=1), None) as connection:
            quiet: list[float] = []

            def was_heard_again() -> bool:
                quiet.append(connection.replies(0.05).quiet_s)
                return len(quiet) > 1 and quiet[-1] < quiet[-2]

            assert wait_until(was_heard_again)


def test_a_frozen_broker_is_noticed_by_the_missing_ping(tmp_path: Path) -> None:
    with Mosquitto(tmp_path) as broker:
        frozen = next(
            one for one in psutil.Process().children() if str(broker.port) in " ".join(one.cmdline())
        )
        connection = MqttBroker(MqttEndpoint(broker.url, "n", keepalive_s=1), None)
        with pytest.raises(BrokerError), connection:
            os.kill(frozen.pid, signal.SIGSTOP)
            try:
                wait_until(lambda: bool(connection.replies(0.2).verdicts))
            finally:
                os.kill(frozen.pid, signal.SIGCONT)


def test_a_broker_that_hangs_up_with_a_reason_means_the_only_message_in_flight() -> None:
    """A broker of a few bytes: it answers the first PUBLISH with DISCONNECT 0x95, packet too large."""

    def serve(server: socket.socket) -> None:
        client, _ = server.accept()
        with client:
            client.recv(4096)
            client.sendall(bytes([0x20, 0x03, 0x00, 0x00, 0x00]))
            client.recv(4096)
            client.sendall(bytes([0xE0, 0x02, 0x95, 0x00]))
            client.recv(4096)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        url = f"mqtt://127.0.0.1:{server.getsockname()[1]}"
        found: list[Verdict] = []
        with (
            pytest.raises(BrokerError, match="too large"),
            MqttBroker(MqttEndpoint(url, "n"), None) as connection,
        ):
            connection.send([Pending(7, "t", b"{}", False, None, 0)])
            wait_until(lambda: bool(found.extend(connection.replies(0.1).verdicts)))
        assert found == [Verdict(7, Judgement.POISON)]
