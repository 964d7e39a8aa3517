"""Wiring of a fusion: one connection that hears and speaks, one memory, one outbox."""

import queue
import threading
from contextlib import ExitStack
from pathlib import Path

from edge.adapters import fact_journal
from edge.adapters.clock import SystemClock
from edge.adapters.fact_journal import FactJournal
from edge.adapters.mqtt_ears import EarHeard, Ears
from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.config.fusion import FusionNode, load
from edge.fusion.fusion import Fusion
from edge.messages.receipt import topic_of
from edge.privacy.reports import gap
from edge.privacy.spec import Origin
from edge.run import access
from edge.run.fuse import Fuse, Setting
from edge.run.lifeline import Lifeline
from edge.run.logs import configure
from edge.run.publish import Publisher
from edge.run.publish_pace import Pace
from edge.run.publish_receipts import ReceiptDelivery
from edge.run.started import all_started
from edge.run.tidy import Tidy
from edge.run.wiring.brokers import endpoints_of, route
from edge.run.wiring.outbox import fresh_boot
from edge.run.wiring.publishing import vitals_of
from edge.run.wiring.signing import signer_in
from edge.run.wiring.trusting import doubt_of
from edge.values.errors import StorageError

OUTBOX = "outbox.db"
JOURNAL = "facts.db"


def fuse(config: Path, broker: str, verbose: bool) -> None:
    """Hear boxes and gateways, and tell what they mean together, until told to stop.

    Raises:
        ConfigError: configuration, secrets or certificates are wrong.
        StorageError: the memory or the outbox cannot be used, or another process uses them.
    """
    lifeline = Lifeline(supervised=False)
    node, clock, boot = load(config), SystemClock(), fresh_boot()
    configure("fuse", node.log, verbose)
    signer = signer_in(node.data_dir, node.region, node.name)
    origin, doubt = Origin(node.region, node.name), doubt_of(node.broker)
    inbox = _Inbox(Ears(access.heard_by_fusion(node.region, node.name)))
    with ExitStack() as stack:
        outbox = _outbox(node, boot)
        stack.callback(outbox.close)
        backlog = SqliteBacklog(
            outbox,
            lambda report: gap(origin, report),
            clock,
            overtaking=node.broker.receipts,
            seal=signer.signed,
        )
        stack.callback(backlog.close)
        journal = FactJournal(node.data_dir / JOURNAL)
        stack.callback(journal.close)
        publisher = Publisher(
            backlog,
            [
                route(
                    each,
                    vitals_of(origin, boot, clock.now, (), signer),
                    topic_of(origin) if node.broker.receipts else "",
                    ears=inbox.ears,
                    doubt=doubt,
                )
                for each in endpoints_of(node.broker, broker)
            ],
            clock,
            stock=backlog.stock,
            on_pulse=Tidy(lambda _: None).tell,
            delivery=ReceiptDelivery(Pace()) if node.broker.receipts else None,
        )
        setting = Setting(origin, node.lateness_ns, node.sensors)
        fusing = Fuse(setting, _fusion(node, journal), inbox, outbox, journal, clock)
        all_started()
        with _Voice(publisher, lifeline.stop):
            fusing.serve(lifeline.stop)


def told(node: FusionNode, event_id: str) -> list[bytes]:
    """Every message of an event that a fusion remembers, the first first.

    Raises:
        StorageError: there is no memory, or it cannot be read.
    """
    return fact_journal.told(node.data_dir / JOURNAL, event_id)


class _Inbox:
    """What the ears heard, one by one."""

    def __init__(self, ears: Ears) -> None:
        self.ears = ears

    def next(self, wait_s: float) -> EarHeard | None:
        try:
            return self.ears.heard.get(timeout=wait_s) if wait_s > 0 else self.ears.heard.get_nowait()
        except queue.Empty:
            return None

    def say(self, topic: str, payload: bytes) -> bool:
        return self.ears.say(topic, payload)


class _Voice:
    """Publishes in a thread of its own; a disk that fails it stops the whole process."""

    def __init__(self, publisher: Publisher, stop: threading.Event) -> None:
        self._publisher = publisher
        self._stop = stop
        self._failures: list[StorageError] = []
        self._thread = threading.Thread(target=self._serve, name="voice")

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if self._failures:
            raise self._failures[0]

    def _serve(self) -> None:
        try:
            self._publisher.serve(self._stop)
        except StorageError as failure:
            self._failures.append(failure)
            self._stop.set()


def _fusion(node: FusionNode, journal: FactJournal) -> Fusion:
    fusion = Fusion(node.spec)
    remembered = journal.load()
    if remembered is not None:
        fusion.restore(*remembered)
    return fusion


def _outbox(node: FusionNode, boot: str) -> SqliteOutbox:
    try:
        node.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as failure:
        raise StorageError(f"data_dir: {node.data_dir} cannot be made: {failure.strerror}") from failure
    limits = OutboxLimits(size_bytes=node.outbox_bytes, payload_bytes=node.message_bytes)
    return SqliteOutbox(node.data_dir / OUTBOX, boot, limits)
