"""Broker addresses, and TLS that is never given up in silence."""

import ssl
import subprocess
from pathlib import Path

import pytest

from edge.adapters.mqtt_broker import MqttBroker
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.adapters.mqtt_reasons import of_disconnect, of_puback
from edge.values.delivery import Judgement
from edge.values.errors import BrokerError, ConfigError
from tests.fakes.mosquitto import Mosquitto


def test_the_ports_of_the_standard_are_the_defaults() -> None:
    assert MqttEndpoint("mqtt://localhost", "n").port == 1883
    assert MqttEndpoint("mqtts://centre", "n").port == 8883
    assert (MqttEndpoint("mqtt://[::1]:99", "n").host, MqttEndpoint("mqtt://[::1]:99", "n").port) == (
        "::1",
        99,
    )


@pytest.mark.parametrize(
    "url", ["http://x", "mqtt://", "mqtt://u:p@x", "x:1883", "mqtt://x/topic", "mqtt://x:99999"]
)
def test_anything_else_is_refused_before_it_is_tried(url: str) -> None:
    with pytest.raises(ConfigError):
        MqttEndpoint(url, "n")


@pytest.mark.parametrize("host", ["broker.city.example", "10.0.0.7", "[fe80::1]", "localhost.example"])
def test_nothing_is_said_in_the_clear_beyond_this_machine(host: str) -> None:
    with pytest.raises(ConfigError, match="wanted mqtts"):
        MqttEndpoint(f"mqtt://{host}", "n")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "[::1]"])
def test_on_this_machine_it_may_be(host: str) -> None:
    assert MqttEndpoint(f"mqtt://{host}", "n").tls() is None


def test_a_refused_url_does_not_show_its_password() -> None:
    with pytest.raises(ConfigError) as refused:
        MqttEndpoint("mqtt://user:hunter2@host", "n")
    assert "hunter2" not in str(refused.value)


def test_a_password_does_not_show_in_the_repr() -> None:
    assert "hunter2" not in repr(MqttEndpoint("mqtts://x", "n", username="u", password="hunter2"))


def test_half_a_client_certificate_is_refused() -> None:
    with pytest.raises(ConfigError, match="key_file"):
        MqttEndpoint("mqtts://x", "n", cert_file=Path("cert.pem"))


def test_unreadable_certificates_are_the_operators_to_mend() -> None:
    with pytest.raises(ConfigError, match="certificate"):
        MqttEndpoint("mqtts://x", "n", ca_file=Path("/nowhere.pem")).tls()


def test_a_reason_that_is_not_in_the_table_is_a_refusal_to_be_tried_again() -> None:
    assert of_puback(0x8B) is Judgement.REFUSED
    assert of_disconnect(0x8B) is None


@pytest.mark.parametrize(
    ("code", "judgement"),
    [(0x00, Judgement.SENT), (0x10, Judgement.UNHEARD), (0x87, Judgement.DENIED), (0x97, Judgement.BUSY)],
)
def test_reason_codes_are_verdicts(code: int, judgement: Judgement) -> None:
    assert of_puback(code) is judgement


def openssl(*arguments: str, folder: Path) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small authority, a server certificate for 127.0.0.1, and an authority nobody trusts."""
    folder = tmp_path_factory.mktemp("pki")
    for name in ("ca", "other"):
        openssl(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            f"{name}.key",
            "-out",
            f"{name}.pem",
            "-days",
            "2",
            "-subj",
            f"/CN={name}",
            folder=folder,
        )
    openssl(
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "server.key",
        "-out",
        "server.csr",
        "-subj",
        "/CN=127.0.0.1",
        folder=folder,
    )
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl(
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-out",
        "server.pem",
        "-days",
        "2",
        "-extfile",
        "san",
        folder=folder,
    )
    return folder


@pytest.mark.process
def test_tls_is_verified_and_never_becomes_plain(pki: Path, tmp_path: Path) -> None:
    secured = (f"certfile {pki}/server.pem", f"keyfile {pki}/server.key")
    with Mosquitto(tmp_path / "broker", *secured) as broker:
        url = f"mqtts://127.0.0.1:{broker.port}"
        with MqttBroker(MqttEndpoint(url, "n", ca_file=pki / "ca.pem"), None) as connection:
            assert connection.replies(0.01).verdicts == ()
        for wrong in (
            MqttEndpoint(url, "n", ca_file=pki / "other.pem"),
            MqttEndpoint(url, "n"),
            MqttEndpoint(f"mqtts://localhost:{broker.port}", "n", ca_file=pki / "ca.pem"),
            MqttEndpoint(f"mqtt://127.0.0.1:{broker.port}", "n", connect_s=1.0),
        ):
            with pytest.raises(BrokerError), MqttBroker(wrong, None):
                pass


def test_old_tls_is_not_spoken(pki: Path) -> None:
    context = MqttEndpoint("mqtts://x", "n", ca_file=pki / "ca.pem").tls()
    assert context is not None
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3
