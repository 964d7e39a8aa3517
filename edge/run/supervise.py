"""The supervisor: starts the box's processes, restarts only what failed, reloads and stops in order.

Law: it holds no state that a restart would lose, and touches neither pictures nor messages. A plan under
which every process came alive is good; one that turns out hopeless gives way to the last good one. Under a
new plan a process goes on if nothing changed that it reads; a worker goes on with those of its cameras.
"""

import asyncio
import logging
import os
import random
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from edge.run.assign import Group, Move, halves, regroup, spread
from edge.run.backoff import Backoff
from edge.run.child import Child, Command, Death
from edge.run.heard import Heard
from edge.values.errors import ConfigError, ModelError, StorageError

log = logging.getLogger("supervise")

HOPELESS = frozenset({ConfigError.exit_code, ModelError.exit_code})
DEATHS_BEFORE_SPLIT = 2
FORGIVEN_S = 3600.0
"""A worker that lived so long is not brought down by one of its cameras."""
FIRST_S = 15.0
"""Longest wait for a process that others wait for; they cope without it, if noisily."""
FOLLOW_S = 10.0
"""Longest wait for workers to let go of cameras that others are to watch."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run, worked out from one configuration.

    Attributes:
        fixed: processes that run once each, in the order of their start.
        cameras: ids in order.
        alone: cameras that get a worker of their own.
        workers: how many workers share the others.
        watch: the command that watches a group of cameras.
        settled: is told once whether the plan proved good; None where nobody waits for that. A plan that
            somebody waits for is given up as soon as a worker dies before all came alive.
    """

    fixed: tuple[Command, ...]
    cameras: tuple[str, ...]
    alone: frozenset[str]
    workers: int
    watch: Callable[[Group], Command]
    settled: Callable[[bool], None] | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """The cameras of each worker where nobody watches any yet."""
        return spread(self.cameras, self.alone, self.workers)


@dataclass(slots=True)
class _Kept:
    child: Child
    task: asyncio.Task[None]
    group: Group
    deaths: int = 0
    died: int = 0


@dataclass(slots=True, eq=False)
class Supervisor:
    """Runs a plan until it is told to stop.

    Attributes:
        plan: what to run.
        replan: reads the configuration again; raises `ConfigError` if it is broken.
        jitter: of the waits before a restart.
    """

    plan: Plan
    replan: Callable[[], Plan]
    jitter: random.Random = field(default_factory=random.SystemRandom)
    _good: Plan | None = None
    _complete: bool = False
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _apart: set[str] = field(default_factory=set)
    _spread_over: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _anew: bool = False
    _status: int = 0

    async def run(self, for_s: float | None = None) -> int:
        """Run until a signal, a hopeless child or the end of `for_s` seconds; the exit status."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._hung_up, os.isatty(sys.stdout.fileno()))
        loop.add_signal_handler(signal.SIGUSR1, self._restart)
        serving = loop.create_task(self._serve())
        stopping = loop.create_task(self._stop.wait())
        await asyncio.wait({serving, stopping}, timeout=for_s, return_when=asyncio.FIRST_COMPLETED)
        serving.cancel()
        stopping.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        await self._stop_all()
        return self._status

    def heard(self) -> tuple[Heard, ...]:
        """What is known of each process, in the order of the plan's start."""
        return tuple(
            Heard(name, kept.group, kept.child.lives.is_set(), kept.died, tuple(kept.child.pulses))
            for name, kept in self._kept.items()
        )

    async def _serve(self) -> None:
        while True:
            await self._adopt()
            await self._changed.wait()
            self._changed.clear()
            if self._anew:
                self._anew = False
                await self._stop_all()

    async def _adopt(self) -> None:
        """Stop what has nothing left to do, let go on what can, start what is new."""
        wanted = [*((command, Move((), ())) for command in self.plan.fixed), *self._moves()]
        going_on = {name: (command, move.after) for command, move, name in self._matched(wanted)}
        await self._end([kept for name, kept in self._kept.items() if name not in going_on], retire=True)
        await self._go_on(going_on)
        for command, move in wanted:
            if command.name not in self._kept:
                child = self._start(command, move.after)
                if command.first:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(child.lives.wait(), FIRST_S)
        self._complete = True
        self._weigh()

    def _moves(self) -> list[tuple[Command, Move]]:
        """What each worker is to do, as little as possible of it new."""
        plan, served = self.plan, [kept.group for kept in self._kept.values() if kept.group]
        if plan.workers != self._spread_over:
            served = [group for group in plan.groups if group in served]
        self._spread_over = plan.workers
        moves = regroup(served, plan.cameras, plan.alone | self._apart, plan.workers)
        return [(plan.watch(move.after), move) for move in moves]

    def _matched(self, wanted: Iterable[tuple[Command, Move]]) -> Iterable[tuple[Command, Move, str]]:
        """Those that a process can do that runs already, and its name."""
        by_group = {kept.group: name for name, kept in self._kept.items() if kept.group}
        for command, move in wanted:
            name = by_group.get(move.before, "") if move.after else command.name
            kept = self._kept.get(name)
            if kept is not None and not kept.task.done() and command.may_follow(kept.child.command):
                yield command, move, name

    async def _go_on(self, going_on: dict[str, tuple[Command, Group]]) -> None:
        """Let processes go on under their new commands, and wait until they do."""
        for name, (command, group) in going_on.items():
            kept = self._kept.pop(name)
            self._kept[command.name] = kept
            kept.group = group
            if command != kept.child.command:
                kept.child.follow(command)
        told = [kept.child.lives.wait() for kept in self._kept.values() if kept.group and kept.child.runs]
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*told), FOLLOW_S)

    def _start(self, command: Command, group: Group) -> Child:
        child = Child(command, Backoff(self.jitter), self._weigh, self._on_death)
        task = asyncio.get_running_loop().create_task(child.keep(), name=command.name)
        self._kept[command.name] = _Kept(child, task, group)
        return child

    async def _stop_all(self) -> None:
        """Watchers first, so that their last words still leave; then the rest, last started first."""
        await self._end([kept for kept in self._kept.values() if kept.group])
        for kept in reversed(list(self._kept.values())):
            await self._end([kept])

    async def _end(self, ending: Iterable[_Kept], retire: bool = False) -> None:
        chosen = list(ending)
        for kept in chosen:
            kept.child.stop(retire)
        await asyncio.gather(*(kept.task for kept in chosen))
        for kept in chosen:
            del self._kept[kept.child.command.name]

    def _weigh(self) -> None:
        """A plan is good once all of it was started and came alive."""
        if self._complete and all(kept.child.lives.is_set() for kept in self._kept.values()):
            self._prove()

    def _prove(self) -> None:
        if self._good is not self.plan:
            self._good = self.plan
            if self.plan.settled is not None:
                self.plan.settled(True)

    def _on_death(self, child: Child, death: Death) -> bool:
        """Judge a death: start again, split a worker that died twice, or give up what is hopeless."""
        name, kept = child.command.name, self._kept[child.command.name]
        if child.command.hang_s is None and death.status == 0:
            self._stop.set()  # nobody reads the terminal's end of the pipe any more
            return False
        waited_for = self.plan.settled is not None and bool(kept.group)
        waited_for &= death.status != StorageError.exit_code  # a full disk is no plan's fault
        if self._good is not self.plan and (death.status in HOPELESS or waited_for):
            self._give_up(death.status)
            return False
        kept.died += 1
        if death.uptime_s >= FORGIVEN_S:
            kept.deaths = 0
        kept.deaths += death.status != StorageError.exit_code  # a full disk is no camera's fault
        if len(kept.group) > 1 and kept.deaths >= DEATHS_BEFORE_SPLIT:
            log.warning("%s %s; its cameras get separate workers", name, death)
            del self._kept[name]
            for part in halves(kept.group):
                self._apart |= set(part if len(part) == 1 else ())
                self._start(self.plan.watch(part), part)
            return False
        log.warning("%s %s; starting it again", name, death)
        return True

    def _give_up(self, status: int) -> None:
        """The plan is hopeless: back to the last good one, or the end where there is none."""
        if self._good is None:
            self._status = status
            self._stop.set()
        else:
            log.error("the new configuration does not work, the old one serves again")
            if self.plan.settled is not None:
                self.plan.settled(False)
            self._change(self._good)

    def _hung_up(self, on_terminal: bool) -> None:
        """SIGHUP asks for a reload, unless it tells that the terminal was closed."""
        if on_terminal and not os.isatty(sys.stdout.fileno()):
            self._stop.set()
        else:
            self.reload()

    def reload(self) -> None:
        """Read the configuration again; a broken one changes nothing."""
        try:
            plan = self.replan()
        except ConfigError as failure:
            log.error("the new configuration is broken, the old one goes on serving:\n%s", failure)
            return
        log.info("configuration read again")
        self._change(plan)

    def impose(self, plan: Plan) -> None:
        """Change to a plan from which there is no way back but by reading the configuration again."""
        self._good = plan
        self._change(plan)

    def _restart(self) -> None:
        """SIGUSR1 asks for all processes to be stopped and started again, under the same plan."""
        log.warning("all processes are started anew")
        self._anew = True
        self._change(self.plan)

    def _change(self, plan: Plan) -> None:
        self.plan, self._complete = plan, False
        self._changed.set()


def own_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0))
