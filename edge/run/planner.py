"""What a box is to run, worked out from its configuration as it is on the disk now, and from its policy.

Law: only what the policy of the state allows is planned. One that is over lets nothing be looked at or
recorded; what was kept is looked after, and the box can still be reached.
"""

import hashlib
import logging
import shutil
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from edge.config.load import load, policy_beside
from edge.config.policy import signatures_path
from edge.config.spec import MetricsSpec, NodeSpec
from edge.governance.term import SOON_DAYS
from edge.messages.words import plural
from edge.run.assign import Group
from edge.run.banner import MQTT_PORT
from edge.run.child import Command
from edge.run.footage_commands import footage_commands
from edge.run.order import Order
from edge.run.places import url_file
from edge.run.portions import published, tailed, watched
from edge.run.status import PolicyStatus
from edge.run.supervise import Plan, own_cores
from edge.run.term import Term, ended
from edge.run.wiring import auditing, governing, modelling, switching
from edge.values.audit import Action
from edge.values.errors import ConfigError, PolicyError, StorageError

log = logging.getLogger("supervise")

ACTIVE = "active-{}"
SOON = "the policy of the state, version {}, expires on {}, in {}: ask the authority for the next one"


@dataclass(slots=True)
class Planner:
    """Works out what is to run from the configuration as it is on the disk now."""

    config: Path
    data_dir: Path
    boot: str
    tail: bool
    verbose: bool
    journal: auditing.Journal
    metrics: MetricsSpec | None
    term: Term
    port: int | None = None
    _planned: tuple[NodeSpec, Path] | None = None
    _over: bool = False
    _warned: int | None = None

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
        if node.ordered_model is None:  # one that was ordered proves itself on trial
            modelling.check_counted(self.config, node)
        held = self.term.judge(node.policy, governing.ran_out(node))
        if held.over:
            governing.admit(node, expired_too=True)
            governing.note_end(node, self.journal)
        else:
            governing.admit_and_remember(node, self.journal.audit)
        self.journal.note(Action.CONFIG_ACCEPTED, node.sha256, f"{len(node.cameras)} cameras")
        self._planned, self._over = (node, self._snapshot(node)), held.over
        if node.broker is None:
            url_file(node).write_text(self.broker_url + "\n", encoding="utf-8")
        return self._blind() if held.over else self._seeing()

    def policy(self) -> PolicyStatus | None:
        """How the policy stands by which the box runs; None for the built-in one."""
        if self._planned is None or self._planned[0].policy_ref is None:
            return None
        return self.term.judge(self._planned[0].policy, self._over)

    def look(self, end: Callable[[Plan], None], again: Callable[[], None]) -> None:
        """Look whether the policy is over now, or holds again after a clock was set right.

        Args:
            end: is told what is to run from now on.
            again: reads everything again.
        """
        held = self.policy()
        if held is None or self._planned is None:
            return
        if held.over and not self._over:
            self._over = True
            log.error("%s", ended(held))
            end(self._blind())
            with suppress(StorageError):
                governing.note_end(self._planned[0], self.journal)
        elif self._over and not held.over:
            again()
        elif not held.over and held.days_left <= SOON_DAYS and held.days_left != self._warned:
            self._warned = held.days_left
            left = f"{held.days_left} {plural('day', held.days_left)}"
            log.warning("%s", SOON.format(held.version, held.expires, left))

    def _seeing(self) -> Plan:
        """All that the configuration wants."""
        assert self._planned is not None
        node, _ = self._planned
        cameras = tuple(camera.id for camera in node.cameras)
        alone = frozenset(camera.id for camera in node.cameras if camera.isolate)
        return replace(self._blind(), cameras=cameras, alone=alone, settled=self._settled(node))

    def _blind(self) -> Plan:
        """What is left of it when the policy is over: who can be reached, and who deletes.

        Nothing is read or written for that, so that no disk keeps the box looking.
        """
        assert self._planned is not None
        node, active = self._planned
        return Plan(
            fixed=self._fixed(node, active),
            cameras=(),
            alone=frozenset(),
            workers=node.workers or own_cores(),
            watch=lambda group: self._watch(node, active, group),
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
        over = ("--policy-over",) if self._over else ()
        sent = self._arguments("publish", active, *where, *over)
        commands = [Command("publish", sent, hang_s=45.0, part=(self._over, published(node)))]
        commands += footage_commands(
            node, lambda verb, *more: self._arguments(verb, active, *more), recording=not self._over
        )
        if embedded:
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
