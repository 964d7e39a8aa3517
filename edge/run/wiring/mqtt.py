"""Wiring of all that speaks MQTT; apart from `wiring`, so that these processes load no video or model."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from edge import __version__
from edge.adapters import certificates
from edge.adapters.audit_log import read_head
from edge.adapters.certificate_watch import CertificateWatch
from edge.adapters.clock import SystemClock
from edge.adapters.embedded_broker import EmbeddedBroker, find_mosquitto
from edge.adapters.mqtt_broker import MqttBroker, Vitals
from edge.adapters.mqtt_ears import Ears
from edge.adapters.mqtt_endpoint import MqttEndpoint, MqttVersion
from edge.adapters.mqtt_subscriber import MqttSubscriber
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.adapters.press_box import PressBox
from edge.audit.batch import BatchSigner
from edge.config.load import load
from edge.config.spec import BrokerSpec, NodeSpec
from edge.messages.receipt import topic_of
from edge.privacy.reports import NodeState, gap, status
from edge.privacy.spec import Origin
from edge.run.commands import Desk
from edge.run.expiry import ExpiryWatch
from edge.run.herald import ClockWatch, Herald
from edge.run.lifeline import Lifeline
from edge.run.logs import configure
from edge.run.panic_listener import PanicListener
from edge.run.places import press_folder, url_file
from edge.run.publish import Publisher
from edge.run.publish_pace import Pace
from edge.run.publish_receipts import ReceiptDelivery
from edge.run.publish_routes import Route
from edge.run.tail import Tail
from edge.run.wiring import auditing, governing
from edge.run.wiring.commanding import desk_of
from edge.run.wiring.outbox import fresh_boot, outbox_of
from edge.run.wiring.signing import signed, signer_of
from edge.values.certificate import Certificate, Standing
from edge.values.delivery import Word
from edge.values.errors import BrokerError, ConfigError
from edge.values.log_spec import LogSpec
from edge.values.moment import NS_PER_S, Moment
from edge.values.pulse import Pulse

log = logging.getLogger("publish")

BROKER_PULSE_S = 1.0

Endpoint = MqttEndpoint


def publish(config: Path, base: Path | None, boot: str, broker: str, supervised: bool, verbose: bool) -> None:
    """Deliver what the outbox holds until told to stop.

    Raises:
        ConfigError: configuration, secrets or certificates are wrong.
        StorageError: the outbox cannot be used, or another process reads from it.
    """
    lifeline = Lifeline(supervised)
    node = load(config, base)
    configure("publish", node.log, verbose)
    governing.admit(node)
    clock = SystemClock()
    boot = boot or fresh_boot()
    outbox = outbox_of(node, boot)
    origin = Origin(node.region, node.node)
    receipts = node.broker is not None and node.broker.receipts
    audit = auditing.audit_of(node)
    signer = signer_of(node)
    hears = _hears(node, desk_of(node, audit, outbox, supervised), lifeline.stop)
    backlog = SqliteBacklog(
        outbox, lambda report: gap(origin, report), clock, overtaking=receipts, seal=signer.signed
    )
    herald = Herald(partial(read_head, audit.folder), auditing.public_key(node), outbox, origin, clock)
    try:
        publisher = Publisher(
            backlog,
            [
                route(each, _vitals(node, boot, clock.now, signer), _receipts_topic(node), tuple(hears))
                for each in endpoints(node, broker)
            ],
            clock,
            stock=backlog.stock,
            on_pulse=_pulse(ClockWatch(audit, clock), _expiry(node, clock), herald, lifeline),
            on_word=_hearing(hears),
            delivery=ReceiptDelivery(Pace()) if receipts else None,
        )
        publisher.serve(lifeline.stop)
    finally:
        backlog.close()
        outbox.close()
        audit.close()


def _pulse(
    watch: ClockWatch, expiry: ExpiryWatch, herald: Herald, lifeline: Lifeline
) -> Callable[[Pulse], None]:
    """What happens at each pulse of the publisher."""

    def pulse(told: Pulse) -> None:
        watch.look()
        expiry.look()
        herald.tell()
        lifeline.tell(told)

    return pulse


def _hears(node: NodeSpec, desk: Desk | None, stop: threading.Event) -> dict[str, Callable[[bytes], None]]:
    """The topics that the publisher listens to for others, on its own connection, and who hears them.

    A second connection would need a second name at the broker, which lets each name in once.
    """
    origin = Origin(node.region, node.node)
    heard: dict[str, Callable[[bytes], None]] = {}
    if desk is not None:
        desk.start(stop)
        heard[origin.topic("command")] = desk.hear
    if node.footage is not None and node.footage.panic.mqtt:
        button = PanicListener(PressBox(press_folder(node)).drop, SystemClock())
        heard[origin.topic("command", "panic")] = button.heard
    return heard


def _hearing(heard: dict[str, Callable[[bytes], None]]) -> Callable[[Word], None]:
    """Hands each word to who hears its topic; what the broker had kept is no order of now."""

    def hear(word: Word) -> None:
        if word.retained:
            log.warning("%s: a retained message is no order", word.topic)
        elif word.topic in heard:
            heard[word.topic](word.payload)

    return hear


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


def certificate_of(file: Path) -> tuple[Certificate, Standing, int]:
    """What a certificate says, where in its life it is, and how many days are left.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    found, now_s = certificates.read(file), SystemClock().now().utc_ns // NS_PER_S
    return found, found.life.standing(now_s), found.life.days_left(now_s)


def _expiry(node: NodeSpec, clock: SystemClock) -> ExpiryWatch:
    """Says in the log when this box's certificate wants to be rotated."""
    file = None if node.broker is None else node.broker.cert_file
    return ExpiryWatch(None if file is None else partial(certificates.read, file), clock)


def embedded_endpoint(url: str, client_id: str) -> MqttEndpoint:
    """The embedded broker: MQTT 5 if it is a Mosquitto, else 3.1.1."""
    version = MqttVersion.V311 if find_mosquitto() is None else MqttVersion.V5
    return MqttEndpoint(url, client_id, version)


def embedded_kind() -> str:
    """What the embedded broker would be on this machine."""
    return "amqtt, MQTT 3.1.1" if find_mosquitto() is None else "Mosquitto, MQTT 5"


def reach(endpoint: MqttEndpoint) -> None:
    """Connect, log in and leave again.

    Raises:
        BrokerError: the broker cannot be reached or refuses.
    """
    with MqttBroker(endpoint, None):
        pass


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


def route(
    endpoint: MqttEndpoint,
    vitals: Callable[[], Vitals],
    receipts_topic: str,
    hears: tuple[str, ...] = (),
    ears: Ears | None = None,
) -> Route:
    """A way to a broker: certificates that are exchanged are taken up, and a look beside disturbs nobody."""
    watch = CertificateWatch(endpoint)

    def dial() -> MqttBroker:
        watch.taken()
        with _files_in_exchange():
            return MqttBroker(endpoint, vitals, receipts_topic, hears, ears)

    def probe() -> None:
        with _files_in_exchange():
            reach(_beside(endpoint))

    return Route(name=endpoint.url, dial=dial, probe=probe, outdated=watch.changed)


def _receipts_topic(node: NodeSpec) -> str:
    receipts = node.broker is not None and node.broker.receipts
    return topic_of(Origin(node.region, node.node)) if receipts else ""


@contextmanager
def _files_in_exchange() -> Iterator[None]:
    """Certificate files that were good at the start and are not now are being replaced: try again later."""
    try:
        yield
    except ConfigError as failure:
        raise BrokerError(str(failure)) from failure


def _beside(endpoint: MqttEndpoint) -> MqttEndpoint:
    """The same endpoint for a look beside the connection that serves, whose name must not be taken over."""
    return replace(endpoint, client_id=f"{endpoint.client_id}-probe")


def _vitals(
    node: NodeSpec, boot: str, now: Callable[[], Moment], signer: BatchSigner
) -> Callable[[], Vitals]:
    cameras = tuple(camera.id for camera in node.cameras)
    return vitals_of(Origin(node.region, node.node), boot, now, cameras, signer)


def vitals_of(
    origin: Origin, boot: str, now: Callable[[], Moment], cameras: tuple[str, ...], signer: BatchSigner
) -> Callable[[], Vitals]:
    """Makes birth, farewell and will of a connection."""

    def made() -> Vitals:
        told = {
            state: status(origin, state, boot=boot, connected=now(), version=__version__, cameras=cameras)
            for state in NodeState
        }
        birth, farewell, will = (
            signed(told[state], signer) for state in (NodeState.ONLINE, NodeState.STOPPED, NodeState.LOST)
        )
        return Vitals(birth, farewell, will)

    return made
