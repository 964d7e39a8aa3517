"""Wiring of the publisher: outbox in, broker out, and what it hears on the way."""

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from edge import __version__
from edge.adapters import certificates
from edge.adapters.audit_log import AuditLog, read_head
from edge.adapters.clock import SystemClock
from edge.adapters.mqtt_broker import Vitals
from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.adapters.press_box import PressBox
from edge.audit.batch import BatchSigner
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.governance.policy import StatePolicy
from edge.messages.receipt import topic_of
from edge.ports import Outbox
from edge.privacy.reports import NodeState, gap, status
from edge.privacy.spec import Origin
from edge.run.commands import Desk
from edge.run.expiry import ExpiryWatch
from edge.run.herald import ClockWatch, Herald
from edge.run.lifeline import Lifeline
from edge.run.logs import configure
from edge.run.panic_listener import PanicListener
from edge.run.places import press_folder
from edge.run.policy_told import PolicyTold
from edge.run.publish import Publisher
from edge.run.publish_pace import Pace
from edge.run.publish_receipts import ReceiptDelivery
from edge.run.publish_routes import Route
from edge.run.started import all_started
from edge.run.suspension import Suspension
from edge.run.term import Term
from edge.run.tidy import Tidy
from edge.run.wiring import auditing, governing
from edge.run.wiring.brokers import endpoints, route
from edge.run.wiring.commanding import desk_of
from edge.run.wiring.outbox import fresh_boot, outbox_of
from edge.run.wiring.signing import signed, signer_of
from edge.run.wiring.trusting import doubt_of
from edge.values.delivery import Word
from edge.values.moment import Moment
from edge.values.policy_term import PolicyTerm
from edge.values.pulse import Pulse

log = logging.getLogger("publish")


def publish(
    config: Path,
    base: Path | None,
    boot: str,
    broker: str,
    supervised: bool,
    verbose: bool,
    *,
    policy_over: bool = False,
) -> None:
    """Deliver what the outbox holds until told to stop; say that nobody looks where the policy is over.

    Raises:
        ConfigError: configuration, secrets or certificates are wrong.
        StorageError: the outbox cannot be used, or another process reads from it.
    """
    lifeline = Lifeline(supervised)
    node = load(config, base)
    configure("publish", node.log, verbose)
    governing.admit(node, expired_too=supervised)  # of a running box the supervisor judges the end
    clock = SystemClock()
    boot = boot or fresh_boot()
    outbox = outbox_of(node, boot)
    audit = auditing.audit_of(node)
    signer = signer_of(node)
    hears = _hears(node, desk_of(node, (config, base), audit, outbox, supervised), lifeline.stop)
    backlog = _backlog(node, outbox, clock, signer)
    ends = PolicyTold(_policy_of(node), Term(clock.now), policy_over)
    vitals = _vitals(node, boot, clock.now, signer, ends.tell)
    try:
        publisher = Publisher(
            backlog,
            _routes(node, broker, vitals, tuple(hears), ends.changed),
            clock,
            stock=backlog.stock,
            on_pulse=_pulse(
                Tidy(lifeline.tell).tell,
                ClockWatch(audit, clock).look,
                _expiry(node, clock).look,
                ends.look,
                _herald(node, audit, outbox, clock).tell,
                _blind(node, outbox, clock) if policy_over else _nothing,
            ),
            on_word=_hearing(hears),
            delivery=ReceiptDelivery(Pace()) if _by_receipt(node) else None,
        )
        all_started()
        publisher.serve(lifeline.stop)
    finally:
        backlog.close()
        outbox.close()
        audit.close()


def _by_receipt(node: NodeSpec) -> bool:
    """Whether the centre answers with receipts, and nothing is forgotten before."""
    return node.broker is not None and node.broker.receipts


def _backlog(node: NodeSpec, outbox: SqliteOutbox, clock: SystemClock, signer: BatchSigner) -> SqliteBacklog:
    """What waits to be sent, live alarms first where receipts tell what came."""
    origin = Origin(node.region, node.node)
    return SqliteBacklog(
        outbox, lambda report: gap(origin, report), clock, overtaking=_by_receipt(node), seal=signer.signed
    )


def _herald(node: NodeSpec, audit: AuditLog, outbox: Outbox, clock: SystemClock) -> Herald:
    """Tells the head of the audit log, so that nobody can cut it short unseen."""
    origin = Origin(node.region, node.node)
    return Herald(partial(read_head, audit.folder), auditing.public_key(node), outbox, origin, clock)


def _routes(
    node: NodeSpec,
    broker: str,
    vitals: Callable[[], Vitals],
    hears: tuple[str, ...],
    outdated: Callable[[], bool],
) -> list[Route]:
    """A way to each of the node's brokers."""
    receipts = topic_of(Origin(node.region, node.node)) if _by_receipt(node) else ""
    doubt = doubt_of(node.broker)
    return [
        route(each, vitals, receipts, hears, doubt=doubt, outdated=outdated)
        for each in endpoints(node, broker)
    ]


def _pulse(tell: Callable[[Pulse], None], *others: Callable[[], None]) -> Callable[[Pulse], None]:
    """What happens at each pulse of the publisher."""

    def pulse(told: Pulse) -> None:
        for each in others:
            each()
        tell(told)

    return pulse


def _blind(node: NodeSpec, outbox: Outbox, clock: SystemClock) -> Callable[[], None]:
    """Says of every camera that nobody looks."""
    cameras = tuple(camera.id for camera in node.cameras)
    return Suspension(cameras, outbox, Origin(node.region, node.node), clock).tell


def _nothing() -> None:
    """There is nothing more to say."""


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


def _expiry(node: NodeSpec, clock: SystemClock) -> ExpiryWatch:
    """Says in the log when this box's certificate wants to be rotated."""
    file = None if node.broker is None else node.broker.cert_file
    return ExpiryWatch(None if file is None else partial(certificates.read, file), clock)


def _policy_of(node: NodeSpec) -> StatePolicy | None:
    return None if node.policy_ref is None else node.policy


def _vitals(
    node: NodeSpec,
    boot: str,
    now: Callable[[], Moment],
    signer: BatchSigner,
    ends: Callable[[], PolicyTerm | None],
) -> Callable[[], Vitals]:
    cameras = tuple(camera.id for camera in node.cameras)
    return vitals_of(Origin(node.region, node.node), boot, now, cameras, signer, ends)


def vitals_of(
    origin: Origin,
    boot: str,
    now: Callable[[], Moment],
    cameras: tuple[str, ...],
    signer: BatchSigner,
    ends: Callable[[], PolicyTerm | None] = lambda: None,
) -> Callable[[], Vitals]:
    """Makes birth, farewell and will of a connection; `ends` tells of the policy."""

    def made() -> Vitals:
        says = partial(status, origin, boot=boot, version=__version__, cameras=cameras, policy=ends())
        told = {state: says(state, connected=now()) for state in NodeState}
        birth, farewell, will = (
            signed(told[state], signer) for state in (NodeState.ONLINE, NodeState.STOPPED, NodeState.LOST)
        )
        return Vitals(birth, farewell, will)

    return made
