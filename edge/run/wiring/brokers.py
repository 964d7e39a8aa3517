"""Wiring of brokers: where they are, how they are reached, the embedded one, and who listens to one.

For boxes and, by `endpoints_of`, for a fusion and a centre too.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from edge.adapters import certificates
from edge.adapters.certificate_watch import CertificateWatch
from edge.adapters.clock import SystemClock
from edge.adapters.embedded_broker import EmbeddedBroker, find_mosquitto
from edge.adapters.mqtt_broker import MqttBroker, Vitals
from edge.adapters.mqtt_ears import DeafEars, Ears
from edge.adapters.mqtt_endpoint import MqttEndpoint, MqttVersion
from edge.adapters.mqtt_subscriber import MqttSubscriber
from edge.config.spec import BrokerSpec, NodeSpec
from edge.messages.receipt import ReceiptMessage
from edge.run.lifeline import Lifeline
from edge.run.logs import configure
from edge.run.places import url_file
from edge.run.publish_routes import Route
from edge.run.tail import Tail
from edge.values.certificate import Certificate, Standing
from edge.values.errors import BrokerError, ConfigError
from edge.values.log_spec import LogSpec
from edge.values.moment import NS_PER_S
from edge.values.pulse import Pulse

BROKER_PULSE_S = 1.0

Endpoint = MqttEndpoint


def endpoints(node: NodeSpec, broker_url: str = "") -> tuple[MqttEndpoint, ...]:
    """Where the brokers are, best first: the one that is given, else the configured ones.

    Raises:
        ConfigError: a URL, a secret or a certificate is wrong, or nobody says where the embedded broker is.
    """
    broker = node.broker
    if broker is None:
        return (embedded_endpoint(broker_url or _told_url(node), node.node),)
    return endpoints_of(broker, broker_url)


def endpoints_of(broker: BrokerSpec, broker_url: str = "") -> tuple[MqttEndpoint, ...]:
    """Where these brokers are, best first, or the one that is given, reached as these are.

    Raises:
        ConfigError: a URL, a secret or a certificate is wrong.
    """
    password = None if broker.password is None else broker.password.read()
    found = tuple(
        MqttEndpoint(
            url,
            broker.client_id,
            username=broker.username,
            password=password,
            ca_file=broker.ca_file,
            cert_file=broker.cert_file,
            key_file=broker.key_file,
            keepalive_s=broker.keepalive_s,
        )
        for url in ((broker_url,) if broker_url else broker.urls)
    )
    for endpoint in found:
        endpoint.tls()
    return found


def embedded_endpoint(url: str, client_id: str) -> MqttEndpoint:
    """The embedded broker: MQTT 5 if it is a Mosquitto, else 3.1.1."""
    version = MqttVersion.V311 if find_mosquitto() is None else MqttVersion.V5
    return MqttEndpoint(url, client_id, version)


def embedded_kind() -> str:
    """What the embedded broker would be on this machine."""
    return "amqtt, MQTT 3.1.1" if find_mosquitto() is None else "Mosquitto, MQTT 5"


def certificate_of(file: Path) -> tuple[Certificate, Standing, int]:
    """What a certificate says, where in its life it is, and how many days are left.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    found, now_s = certificates.read(file), SystemClock().now().utc_ns // NS_PER_S
    return found, found.life.standing(now_s), found.life.days_left(now_s)


def reach(endpoint: MqttEndpoint, keeps_session: bool = False) -> None:
    """Connect, log in and leave again; with what the broker keeps for that name as it was, where it is asked.

    Raises:
        BrokerError: the broker cannot be reached or refuses.
    """
    with MqttBroker(endpoint, None, ears=DeafEars() if keeps_session else None):
        pass


def route(
    endpoint: MqttEndpoint,
    vitals: Callable[[], Vitals] | None,
    receipts_topic: str,
    hears: tuple[str, ...] = (),
    ears: Ears | None = None,
    doubt: Callable[[ReceiptMessage], str] | None = None,
    outdated: Callable[[], bool] = lambda: False,
) -> Route:
    """A way to a broker: certificates that are exchanged are taken up, and a look beside disturbs nobody.

    `outdated` tells that what its vitals said is so no more.
    """
    watch = CertificateWatch(endpoint)

    def dial() -> MqttBroker:
        watch.taken()
        with _files_in_exchange():
            return MqttBroker(endpoint, vitals, receipts_topic, hears, ears, doubt)

    def probe() -> None:
        with _files_in_exchange():
            reach(_beside(endpoint), keeps_session=ears is not None)

    return Route(name=endpoint.url, dial=dial, probe=probe, outdated=lambda: watch.changed() or outdated())


def broker(port: int, folder: Path, supervised: bool, as_json: bool = False) -> None:
    """Run the embedded broker until told to stop.

    Raises:
        BrokerError: the port is taken, or the broker did not start or died.
    """
    configure("broker", LogSpec(as_json=as_json))
    lifeline = Lifeline(supervised)
    clock = SystemClock()
    with EmbeddedBroker.best(folder, port) as running:
        while running.is_alive:
            lifeline.tell(Pulse("broker", clock.now(), running.url, {}))
            if lifeline.stop.wait(BROKER_PULSE_S):
                return
        raise BrokerError(f"the embedded broker on {running.url} died")


def tail(node: NodeSpec, broker_url: str, topic: str, as_json: bool, most: int | None) -> Tail:
    """A readable subscriber to what this node, or whatever matches `topic`, publishes.

    Raises:
        ConfigError: configuration, secrets or certificates are wrong.
    """
    wanted = topic or f"safecity/v1/{node.region}/{node.node}/#"
    dials = [partial(MqttSubscriber, endpoint, wanted) for endpoint in endpoints(node, broker_url)]
    return Tail(dials, node.timezone, as_json, most)


def _told_url(node: NodeSpec) -> str:
    try:
        return url_file(node).read_text(encoding="utf-8").strip()
    except OSError as failure:
        raise ConfigError(
            "the embedded broker does not run: start the box with safecity-edge run, or give --broker"
        ) from failure


@contextmanager
def _files_in_exchange() -> Iterator[None]:
    """Certificate files that were good at the start and are not now are being replaced: try again later."""
    try:
        yield
    except ConfigError as failure:
        raise BrokerError(str(failure)) from failure


def _beside(endpoint: MqttEndpoint) -> MqttEndpoint:
    """The same endpoint for a look beside the connection that serves, whose name must not be taken over.

    A broker that goes by certificates (`use_username_as_clientid`) does not heed another client id.
    """
    return replace(endpoint, client_id=f"{endpoint.client_id}-probe")
