"""The verb `run`: one edge box, from its configuration to its last event."""

import asyncio
import fcntl
import hashlib
import os
import shutil
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from edge import __version__
from edge.config.load import load, policy_beside
from edge.config.policy import signatures_path
from edge.config.spec import MetricsSpec, NodeSpec
from edge.run.assign import Group
from edge.run.banner import MQTT_PORT, banner
from edge.run.child import Command
from edge.run.footage_commands import footage_commands
from edge.run.logs import configure
from edge.run.order import Order
from edge.run.places import url_file
from edge.run.portions import published, tailed, watched
from edge.run.supervise import Plan, Supervisor, own_cores
from edge.run.told import told
from edge.run.wiring import auditing, governing, switching
from edge.values.audit import Action
from edge.values.errors import ConfigError, PolicyError, StorageError
from edge.values.log_spec import LogSpec

ACTIVE = "active-{}"


def run(config: Path, *, tail: bool, for_s: float | None, verbose: bool) -> int:
    """Run the box until it is told to stop; the exit status.

    Raises:
        ConfigError: the configuration is wrong.
        StorageError: its data folder cannot be used, or another box uses it.
    """
    configure("run", LogSpec(), verbose)
    node = load(config)
    configure("run", node.log, verbose)
    with _sole_use(node.data_dir):
        for left in node.data_dir.glob(ACTIVE.format("*")):
            left.unlink()
        switching.end_trial(node.data_dir)
        node = load(config)
        with auditing.journal(node, "run") as journal:
            boot = uuid.uuid4().hex[:12]
            planner = _Planner(config, node.data_dir, boot, tail, verbose, journal, node.metrics)
            plan = planner.plan()
            banner(node, node.broker.urls[0] if node.broker else planner.broker_url, plan)
            return _served(node, planner, plan, for_s)


def _served(node: NodeSpec, planner: "_Planner", plan: Plan, for_s: float | None) -> int:
    """Run the plan to its end, with an entry before and after."""
    journal, box = planner.journal, f"{node.region}/{node.node}"
    journal.note(Action.STARTED, box, f"safecity-edge {__version__}, boot {planner.boot}")
    try:
        supervisor = Supervisor(plan, planner.plan)
        status = asyncio.run(_supervised(supervisor, node, planner.boot, for_s))
        journal.note(Action.STOPPED, box, f"boot {planner.boot}, status {status}")
        return status
    finally:
        url_file(node).unlink(missing_ok=True)


async def _supervised(supervisor: Supervisor, node: NodeSpec, boot: str, for_s: float | None) -> int:
    """Run the supervisor, and tell how the box is doing to whoever asks."""
    async with told(supervisor, node, boot):
        return await supervisor.run(for_s)


@dataclass(slots=True)
class _Planner:
    """Works out what is to run from the configuration as it is on the disk now."""

    config: Path
    data_dir: Path
    boot: str
    tail: bool
    verbose: bool
    journal: auditing.Journal
    metrics: MetricsSpec | None
    port: int | None = None

    def plan(self) -> Plan:
        """Raises `ConfigError` where this cannot be run; that is recorded, and so is what is accepted."""
        try:
            return self._plan()
        except PolicyError as failure:
            self.journal.note(Action.POLICY_REFUSED, str(self.config.name), failure.fault)
            raise
        except ConfigError as failure:
            self.journal.note(Action.CONFIG_REFUSED, str(self.config.name), type(failure).__name__)
            raise

    def _plan(self) -> Plan:
        node = load(self.config)
        if node.data_dir != self.data_dir:
            raise ConfigError("data_dir cannot change while the box runs: stop it, and start it again")
        if node.metrics != self.metrics:
            raise ConfigError("metrics cannot change while the box runs: stop it, and start it again")
        governing.admit_and_remember(node, self.journal.audit)
        self.journal.note(Action.CONFIG_ACCEPTED, node.sha256, f"{len(node.cameras)} cameras")
        active = self._snapshot(node)
        return Plan(
            fixed=self._fixed(node, active),
            cameras=tuple(camera.id for camera in node.cameras),
            alone=frozenset(camera.id for camera in node.cameras if camera.isolate),
            workers=node.workers or own_cores(),
            watch=lambda group: self._watch(node, active, group),
            settled=self._settled(node),
        )

    def _settled(self, node: NodeSpec) -> Callable[[bool], None] | None:
        """Ends the trial of a model that was ordered; None where none is on trial."""
        order = node.ordered_model
        if order is None or not switching.on_trial(node):
            switching.end_trial(node.data_dir)
            return None

        def settled(well: bool) -> None:
            action = Action.MODEL_ACCEPTED if well else Action.MODEL_REFUSED
            self.journal.note(action, order.sha256, f"model {order.model}, ordered by {order.signer}")
            switching.settle(node, well)

        return settled

    @property
    def broker_url(self) -> str:
        """Where the embedded broker listens; the same for as long as the box runs."""
        if self.port is None:
            self.port = _free_port()
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def _base(self) -> str:
        """Folder from which relative paths count: that of the operator's file, not of its copy."""
        return str(self.config.parent.resolve())

    def _snapshot(self, node: NodeSpec) -> Path:
        """A copy that the workers read, so that a later broken edit cannot stop one from starting again.

        It is named by what it and its policy say: another policy makes all workers start anew.
        """
        said = hashlib.sha256(f"{node.sha256}{node.policy_sha256}".encode()).hexdigest()
        active = self.data_dir / f"{ACTIVE.format(said[:12])}.yaml"
        if node.policy_ref is not None:
            copy = policy_beside(active)
            _copied(signatures_path(node.policy_ref.file), signatures_path(copy))
            _copied(node.policy_ref.file, copy)
        switching.copied(node, active)
        _copied(self.config, active)
        return active

    def _fixed(self, node: NodeSpec, active: Path) -> tuple[Command, ...]:
        embedded = node.broker is None
        where = ("--broker", self.broker_url) if embedded else ()
        # A dial may wait half a minute for a name server that does not answer.
        sent = self._arguments("publish", active, *where)
        commands = [Command("publish", sent, hang_s=45.0, part=published(node))]
        commands += footage_commands(node, lambda verb, *more: self._arguments(verb, active, *more))
        if embedded:
            url_file(node).write_text(self.broker_url + "\n", encoding="utf-8")
            folder = str(self.data_dir / "broker")
            served: tuple[str, ...] = ("broker", "--port", str(self.port), "--folder", folder, "--supervised")
            served += ("--json-log",) if node.log.as_json else ()
            commands.insert(0, Command("broker", served, first=True))
        if self.tail:
            shown = ("tail", str(active), "--base", self._base, "--supervised", *where)
            commands.append(Command("tail", shown, hang_s=None, part=tailed(node)))
        return tuple(commands)

    def _watch(self, node: NodeSpec, active: Path, group: Group) -> Command:
        cameras = [word for camera in group for word in ("--camera", camera)]
        return Command(
            f"watch[{','.join(group)}]",
            self._arguments("watch", active, *cameras),
            part=watched(node),
            order=Order(active, group).line(),
        )

    def _arguments(self, verb: str, active: Path, *more: str) -> tuple[str, ...]:
        verbose = ("--verbose",) if self.verbose else ()
        return (verb, str(active), "--base", self._base, "--boot", self.boot, "--supervised", *more, *verbose)


def _copied(source: Path, target: Path) -> None:
    """Copy a file, for this user alone; nobody sees half of it."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.copyfile(source, fresh)
    fresh.chmod(0o600)
    fresh.replace(target)


@contextmanager
def _sole_use(folder: Path) -> Iterator[None]:
    """Hold the data folder for this box alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as failure:
        raise StorageError(f"data_dir: {folder} cannot be used: {failure.strerror}") from failure
    try:
        _lock(lock, folder)
        yield
    finally:
        os.close(lock)


def _lock(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as failure:
        raise ConfigError(f"data_dir: {folder} is in use by another safecity-edge run") from failure


def _free_port() -> int:
    """The usual port for MQTT if it is free, else any."""
    for wanted in (MQTT_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StorageError("no free port on the loopback interface for the embedded broker")
