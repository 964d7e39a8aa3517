"""The verb `run`: one edge box, from its configuration to its last event."""

import asyncio
import fcntl
import logging
import os
import shutil
import socket
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from edge import __version__
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.run.assign import Group
from edge.run.child import Command
from edge.run.logs import configure
from edge.run.places import url_file
from edge.run.supervise import Plan, Supervisor, own_cores
from edge.values.errors import ConfigError, StorageError

log = logging.getLogger("box")

MQTT_PORT = 1883


def run(config: Path, *, tail: bool, for_s: float | None, verbose: bool) -> int:
    """Run the box until it is told to stop; the exit status.

    Raises:
        ConfigError: the configuration is wrong.
        StorageError: its data folder cannot be used, or another box uses it.
    """
    configure("run", verbose)
    node = load(config)
    with _sole_use(node.data_dir):
        planner = _Planner(config, uuid.uuid4().hex[:12], _broker_port(node), tail, verbose)
        plan = planner.plan()
        _banner(node, planner, plan)
        if planner.broker_url is not None:
            url_file(node).write_text(planner.broker_url + "\n", encoding="utf-8")
        supervisor = Supervisor(plan, planner.plan, _relay)
        return asyncio.run(supervisor.run(for_s))


@dataclass(slots=True)
class _Planner:
    """Works out what is to run from the configuration as it is on the disk now."""

    config: Path
    boot: str
    port: int | None
    tail: bool
    verbose: bool

    def plan(self) -> Plan:
        node = load(self.config)
        active = self._snapshot(node)
        alone = frozenset(camera.id for camera in node.cameras if camera.isolate)
        return Plan(
            fixed=self._fixed(active),
            cameras=tuple(camera.id for camera in node.cameras),
            alone=alone,
            workers=node.workers or own_cores(),
            watch=lambda group: self._watch(active, group),
        )

    @property
    def broker_url(self) -> str | None:
        """Where the embedded broker listens; None if the box has none."""
        return None if self.port is None else f"mqtt://127.0.0.1:{self.port}"

    def _snapshot(self, node: NodeSpec) -> Path:
        """A copy that the workers read, so that a later broken edit cannot stop one from starting again."""
        active = node.data_dir / f"active-{node.sha256[:12]}.yaml"
        shutil.copyfile(self.config, active)
        active.chmod(0o600)
        for old in node.data_dir.glob("active-*.yaml"):
            if old != active:
                old.unlink()
        return active

    def _fixed(self, active: Path) -> tuple[Command, ...]:
        commands = [Command("publish", self._arguments("publish", active, *self._to_embedded()))]
        if self.port is not None:
            folder = str(active.parent / "broker")
            served = ("broker", "--port", str(self.port), "--folder", folder, "--supervised")
            commands.insert(0, Command("broker", served, first=True))
        if self.tail:
            where = self._to_embedded()
            commands.append(Command("tail", ("tail", str(active), *where, "--supervised"), hang_s=None))
        return tuple(commands)

    def _watch(self, active: Path, group: Group) -> Command:
        cameras = [word for camera in group for word in ("--camera", camera)]
        return Command(f"watch[{','.join(group)}]", self._arguments("watch", active, *cameras))

    def _arguments(self, verb: str, active: Path, *more: str) -> tuple[str, ...]:
        base = str(self.config.parent.resolve())
        verbose = ("--verbose",) if self.verbose else ()
        return (verb, str(active), "--base", base, "--boot", self.boot, "--supervised", *more, *verbose)

    def _to_embedded(self) -> tuple[str, ...]:
        return () if self.broker_url is None else ("--broker", self.broker_url)


@contextmanager
def _sole_use(folder: Path) -> Iterator[None]:
    """Hold the data folder for this box alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as failure:
        raise StorageError(f"data_dir: {folder} cannot be used: {failure.strerror}") from failure
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as failure:
        raise ConfigError(f"data_dir: {folder} is in use by another safecity-edge run") from failure
    finally:
        os.close(lock)


def _broker_port(node: NodeSpec) -> int | None:
    """A port for the embedded broker: the usual one if it is free, else any; None for a broker elsewhere."""
    if node.broker is not None:
        return None
    for wanted in (MQTT_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StorageError("no free port on the loopback interface for the embedded broker")


def _banner(node: NodeSpec, planner: _Planner, plan: Plan) -> None:
    """Say what runs, where its events go, and how to see them."""
    url = planner.broker_url or (node.broker.urls[0] if node.broker else "")
    host, _, port = url.partition("://")[2].partition(":")
    topic = f"safecity/v1/{node.region}/{node.node}/#"
    cameras = ", ".join(camera.id for camera in node.cameras)
    rows = (
        ("cameras", f"{cameras} in {plan.workers} worker{'s' if plan.workers > 1 else ''}"),
        ("model", node.detector.model),
        ("broker", f"{'embedded, ' if node.broker is None else ''}{url}"),
        ("subscribe", f"mosquitto_sub -h {host} -p {port or MQTT_PORT} -t '{topic}' -v"),
        ("stop", "Ctrl-C"),
    )
    print(f"safecity-edge {__version__} · node {node.node} in region {node.region}")
    print("\n".join(f"  {name:10} {text}" for name, text in rows), flush=True)


def _relay(name: str, line: bytes) -> None:
    """What children say on their standard output: the subscriber's lines are for the terminal."""
    if name == "tail":
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
