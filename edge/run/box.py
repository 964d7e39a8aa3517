"""The verb `run`: one edge box, from its configuration to its last event."""

import asyncio
import fcntl
import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge import __version__
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.run.banner import banner
from edge.run.logs import configure
from edge.run.places import url_file
from edge.run.planner import ACTIVE, Planner
from edge.run.supervise import Plan, Supervisor
from edge.run.term import Term
from edge.run.told import told
from edge.run.wiring import auditing, governing, switching
from edge.values.audit import Action
from edge.values.errors import ConfigError, SafecityError, StorageError
from edge.values.log_spec import LogSpec

log = logging.getLogger("supervise")

LOOK_S = 5.0
"""Seconds between two looks whether the policy is over."""


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
            term = Term(governing.clock().now)
            planner = Planner(config, node.data_dir, boot, tail, verbose, journal, node.metrics, term)
            plan = planner.plan()
            banner(node, node.broker.urls[0] if node.broker else planner.broker_url, plan)
            return _served(node, planner, plan, for_s)


def _served(node: NodeSpec, planner: Planner, plan: Plan, for_s: float | None) -> int:
    """Run the plan to its end, with an entry before and after."""
    journal, box = planner.journal, f"{node.region}/{node.node}"
    journal.note(Action.STARTED, box, f"safecity-edge {__version__}, boot {planner.boot}")
    try:
        supervisor = Supervisor(plan, planner.plan)
        status = asyncio.run(_supervised(supervisor, node, planner, for_s))
        journal.note(Action.STOPPED, box, f"boot {planner.boot}, status {status}")
        return status
    finally:
        url_file(node).unlink(missing_ok=True)


async def _supervised(supervisor: Supervisor, node: NodeSpec, planner: Planner, for_s: float | None) -> int:
    """Run the supervisor, watch the policy's end, and tell how the box is doing to whoever asks."""
    async with told(supervisor, node, planner.boot, planner.policy):
        watching = asyncio.create_task(_watched(supervisor, planner))
        try:
            return await supervisor.run(for_s)
        finally:
            watching.cancel()


async def _watched(supervisor: Supervisor, planner: Planner) -> None:
    """Look at the policy again and again: on the day when it is over the box obeys at once."""
    while True:
        await asyncio.sleep(LOOK_S)
        try:
            planner.look(supervisor.impose, supervisor.reload)
        except (SafecityError, OSError) as failure:
            log.error("whether the policy still holds cannot be looked at, and is again soon: %s", failure)


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
