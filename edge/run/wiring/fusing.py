"""Wiring of a fusion: a lane for what is urgent and one for the rest, each with ears and a memory."""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from edge.adapters import fact_journal
from edge.adapters.clock import SystemClock
from edge.adapters.fact_journal import FactJournal
from edge.adapters.mqtt_ears import Ears
from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.config.fusion import FusionNode, load
from edge.fusion.fusion import Fusion
from edge.fusion.lanes import LATENESS_NS, lanes
from edge.fusion.spec import FusionSpec, SensorSource
from edge.messages.receipt import topic_of
from edge.privacy.reports import gap
from edge.privacy.spec import Origin
from edge.run import access
from edge.run.fuse import Fuse, Setting
from edge.run.fuse_herald import FusionHerald
from edge.run.fuse_sieve import Sieve
from edge.run.fuse_words import FusionWords, banner
from edge.run.lifeline import Lifeline
from edge.run.listen import Listener
from edge.run.logs import configure
from edge.run.publish import Publisher
from edge.run.publish_pace import Pace
from edge.run.publish_receipts import ReceiptDelivery
from edge.run.started import all_started
from edge.run.tidy import Tidy
from edge.run.wiring.brokers import endpoints_of, route
from edge.run.wiring.ears import EARS, prove
from edge.run.wiring.outbox import fresh_boot
from edge.run.wiring.publishing import vitals_of
from edge.run.wiring.signing import signer_in
from edge.run.wiring.trusting import doubt_of
from edge.values.errors import StorageError

OUTBOX = "outbox.db"
JOURNAL = "facts.db"
URGENT_JOURNAL = "urgent.db"
REST_S = 0.05
"""Pause of what is not urgent: a commit costs as much as to read ten messages, so several share one."""

SWITCH_S = 0.001
"""How long a busy thread keeps the others waiting: what is urgent must not queue behind a flood in here."""

Work = Callable[[threading.Event], None]
"""What a thread does until it is told to stop."""


def fuse(config: Path, broker: str, verbose: bool) -> None:
    """Hear boxes and gateways, and tell what they mean together, until told to stop.

    Raises:
        ConfigError: configuration, secrets or certificates are wrong.
        StorageError: the memory or the outbox cannot be used, or another process uses them.
    """
    lifeline, node = Lifeline(supervised=False), load(config)
    configure("fuse", node.log, verbose)
    prove(node)
    sys.setswitchinterval(SWITCH_S)
    with ExitStack() as stack:
        house = _House(node, stack)
        calm, *urgent = house.lanes()
        works: list[Work] = [house.publisher(broker, (urgent or [calm])[0].ears).serve]
        for lane in urgent:
            works += [house.listener(broker, calm.ears).serve, lane.fuse.serve]
        all_started()
        banner(node, broker, calm.spec, urgent[0].spec if urgent else None)
        with _Threads(works, lifeline.stop):
            calm.fuse.serve(lifeline.stop)
        house.herald.over()


def told(node: FusionNode, event_id: str) -> list[bytes]:
    """Every message of an event that a fusion remembers, the first first.

    Raises:
        StorageError: there is no memory, or it cannot be read.
    """
    urgent = node.data_dir / URGENT_JOURNAL
    first = fact_journal.told(urgent, event_id) if urgent.exists() else []
    return first or fact_journal.told(node.data_dir / JOURNAL, event_id)


@dataclass(frozen=True, slots=True)
class _Lane:
    spec: FusionSpec
    ears: Ears
    fuse: Fuse


class _House:
    """What both lanes share, and how each is made; closed by `stack`."""

    def __init__(self, node: FusionNode, stack: ExitStack) -> None:
        self._node, self._stack, self._clock, self._boot = node, stack, SystemClock(), fresh_boot()
        self._origin = Origin(node.region, node.name)
        self._signer = signer_in(node.data_dir, node.region, node.name)
        self._outbox = _outbox(node, self._boot)
        stack.callback(self._outbox.close)
        sources = [each.source for each in node.spec.sources]
        self._words = FusionWords(node)
        stack.callback(self._words.close)
        self.herald = FusionHerald(self._origin, sources, self._outbox, self._clock, self._words)

    def lanes(self) -> tuple[_Lane, ...]:
        """The one for most, and the one for what is urgent if another connection can hear the rest."""
        node, name = self._node, self._node.name
        calm, urgent = (
            lanes(node.spec) if node.ears is not None else (node.spec, replace(node.spec, rules=()))
        )
        if not urgent.rules:
            ears = access.heard_by_fusion(node.region, name)
            return (self._lane(calm, name, ears, (), node.lateness_ns, JOURNAL),)
        most = access.heard_by_fusion(node.region, f"{name}{EARS}")
        first = access.heard_urgently(node.region, name, _gateways(node, urgent))
        lateness_ns = min(node.lateness_ns, LATENESS_NS)
        return (
            self._lane(calm, f"{name}{EARS}", most, (), node.lateness_ns, JOURNAL),
            self._lane(urgent, name, first, most, lateness_ns, URGENT_JOURNAL),
        )

    def publisher(self, broker: str, ears: Ears) -> Publisher:
        """Who sends what is in the outbox, on the connection that hears what is urgent if there are two."""
        node, origin = self._node, self._origin
        backlog = SqliteBacklog(
            self._outbox,
            lambda report: gap(origin, report),
            self._clock,
            overtaking=node.broker.receipts,
            seal=self._signer.signed,
        )
        self._stack.callback(backlog.close)
        vitals = vitals_of(origin, self._boot, self._clock.now, (), self._signer)
        receipts, doubt = topic_of(origin) if node.broker.receipts else "", doubt_of(node.broker)
        return Publisher(
            backlog,
            [
                route(each, vitals, receipts, ears=ears, doubt=doubt)
                for each in endpoints_of(node.broker, broker)
            ],
            self._clock,
            stock=backlog.stock,
            on_pulse=Tidy(self._words.pulse).tell,
            delivery=ReceiptDelivery(Pace()) if node.broker.receipts else None,
        )

    def listener(self, broker: str, ears: Ears) -> Listener:
        """The second connection, which only hears."""
        assert self._node.ears is not None
        endpoints = endpoints_of(self._node.ears, broker)
        return Listener([route(each, None, "", ears=ears) for each in endpoints], "what is not urgent")

    def _lane(
        self,
        spec: FusionSpec,
        name: str,
        heard: Sequence[str],
        leaves: Sequence[str],
        lateness_ns: int,
        file: str,
    ) -> _Lane:
        node, clock = self._node, self._clock
        self.herald.expects(name)
        journal = FactJournal(node.data_dir / file)
        self._stack.callback(journal.close)
        mine = {each.id for each in spec.sources if isinstance(each, SensorSource)}
        sieve = Sieve(node.region, node.sensors, time.monotonic, node.sensors.keys() - mine)
        ears = Ears(heard, sieve, [each for each in leaves if each not in heard])
        rest_s = 0.0 if file == URGENT_JOURNAL else REST_S
        setting = Setting(self._origin, lateness_ns, node.sensors, name, rest_s, sieve.dropped)
        fusion = _fusion(spec, journal)
        if spec == node.spec:
            _end_urgent(node, fusion, journal)
        return _Lane(spec, ears, Fuse(setting, fusion, ears, self._outbox, journal, self.herald, clock))


class _Threads:
    """Works in threads of their own while entered; one that fails stops the whole process."""

    def __init__(self, works: Sequence[Work], stop: threading.Event) -> None:
        self._works, self._stop = works, stop
        self._pool = ThreadPoolExecutor(len(works))
        self._futures: list[Future[None]] = []

    def __enter__(self) -> None:
        self._futures = [self._pool.submit(work, self._stop) for work in self._works]
        for each in self._futures:
            each.add_done_callback(lambda _: self._stop.set())

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown()
        for each in self._futures:
            each.result()


def _gateways(node: FusionNode, spec: FusionSpec) -> list[tuple[str, str]]:
    """Each sensor with the gateway that speaks for it."""
    sensors = [each.id for each in spec.sources if isinstance(each, SensorSource)]
    return [(node.sensors[each][0], each) for each in sensors]


def _fusion(spec: FusionSpec, journal: FactJournal) -> Fusion:
    fusion = Fusion(spec)
    remembered = journal.load()
    if remembered is not None:
        fusion.restore(*remembered)
    return fusion


def _end_urgent(node: FusionNode, fusion: Fusion, journal: FactJournal) -> None:
    """Take over the events of an urgent lane that is no more: those rules are judged here now."""
    path = node.data_dir / URGENT_JOURNAL
    if not path.exists():
        return
    with closing(FactJournal(path)) as left:
        remembered = left.load()
        if remembered is None or not remembered[0].standings:
            return
        fusion.take_over(remembered[0].standings)
        journal.compact(fusion.saved(), fusion.facts())
        left.compact(replace(remembered[0], standings=()), ())


def _outbox(node: FusionNode, boot: str) -> SqliteOutbox:
    try:
        node.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as failure:
        raise StorageError(f"data_dir: {node.data_dir} cannot be made: {failure.strerror}") from failure
    limits = OutboxLimits(size_bytes=node.outbox_bytes, payload_bytes=node.message_bytes)
    return SqliteOutbox(node.data_dir / OUTBOX, boot, limits)
