"""The supervisor: starts the box's processes, restarts only what failed, reloads and stops in order.

Law: it holds no state that a restart would lose, and touches neither pictures nor messages.
"""

import asyncio
import logging
import os
import random
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from edge.run.assign import Group, halves, spread
from edge.run.backoff import Backoff
from edge.run.child import Child, Command, Death
from edge.values.errors import ConfigError, ModelError

log = logging.getLogger("supervise")

HOPELESS = frozenset({ConfigError.exit_code, ModelError.exit_code})
DEATHS_BEFORE_SPLIT = 2
FIRST_S = 15.0
"""Longest wait for a process that others wait for; they cope without it, if noisily."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run, worked out from one configuration.

    Attributes:
        fixed: processes that run once each, in the order of their start.
        cameras: ids in order.
        alone: cameras that get a worker of their own.
        workers: how many workers share the others.
        watch: the command that watches a group of cameras.
    """

    fixed: tuple[Command, ...]
    cameras: tuple[str, ...]
    alone: frozenset[str]
    workers: int
    watch: Callable[[Group], Command]


@dataclass(slots=True)
class _Kept:
    child: Child
    task: asyncio.Task[None]
    group: Group = ()
    deaths: int = 0


@dataclass(slots=True, eq=False)
class Supervisor:
    """Runs a plan until it is told to stop.

    Attributes:
        plan: what to run.
        replan: reads the configuration again; raises `ConfigError` if it is broken.
        on_line: gets every progress line with the child's name.
        jitter: of the waits before a restart.
    """

    plan: Plan
    replan: Callable[[], Plan]
    on_line: Callable[[str, bytes], None]
    jitter: random.Random = field(default_factory=random.SystemRandom)
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _status: int = 0

    async def run(self, for_s: float | None = None) -> int:
        """Run until a signal, a hopeless child or the end of `for_s` seconds; the exit status."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        await self._start_all()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), for_s)
        await self._stop_all()
        return self._status

    async def _start_all(self) -> None:
        for command in self.plan.fixed:
            child = self._start(command)
            if command.first:
                with suppress(TimeoutError):
                    await asyncio.wait_for(child.lives.wait(), FIRST_S)
        for group in spread(self.plan.cameras, self.plan.alone, self.plan.workers):
            self._start(self.plan.watch(group), group)

    def _start(self, command: Command, group: Group = ()) -> Child:
        child = Child(command, Backoff(self.jitter), self._on_line, self._on_death)
        task = asyncio.get_running_loop().create_task(child.keep(), name=command.name)
        self._kept[command.name] = _Kept(child, task, group)
        return child

    async def _stop_all(self) -> None:
        """Watchers first, so that their last words still leave; then the rest, last started first."""
        watchers = [kept for kept in self._kept.values() if kept.group]
        others = [kept for kept in self._kept.values() if not kept.group]
        await self._end(watchers)
        for kept in reversed(others):
            await self._end([kept])
        self._kept.clear()

    async def _end(self, kept: Iterable[_Kept]) -> None:
        chosen = list(kept)
        await asyncio.gather(*(each.child.stop() for each in chosen))
        await asyncio.gather(*(each.task for each in chosen))

    def _on_line(self, child: Child, line: bytes) -> None:
        self.on_line(child.command.name, line)

    def _on_death(self, child: Child, death: Death) -> bool:
        """Judge a death: start again, split a worker that died twice, or give up on a hopeless start."""
        kept = self._kept[child.command.name]
        if death.status in HOPELESS and child.starts == 1:
            self._status = death.status
            self._stop.set()
            return False
        kept.deaths += 1
        if len(kept.group) > 1 and kept.deaths >= DEATHS_BEFORE_SPLIT:
            log.warning("%s %s; its cameras get separate workers", child.command.name, death)
            del self._kept[child.command.name]
            for part in halves(kept.group):
                self._start(self.plan.watch(part), part)
            return False
        log.warning("%s %s; starting it again", child.command.name, death)
        return True

    def _reload(self) -> None:
        """Read the configuration again; a broken one changes nothing."""
        try:
            plan = self.replan()
        except (ConfigError, ModelError) as failure:
            log.error("the new configuration is broken, the old one goes on serving:\n%s", failure)
            return
        asyncio.get_running_loop().create_task(self._change(plan))

    async def _change(self, plan: Plan) -> None:
        """Stop what is no longer planned, start what is new, leave the rest alone."""
        wanted: dict[str, tuple[Command, Group]] = {command.name: (command, ()) for command in plan.fixed}
        for group in spread(plan.cameras, plan.alone, plan.workers):
            command = plan.watch(group)
            wanted[command.name] = (command, group)
        commands = [command for command, _ in wanted.values()]
        stale = [kept for kept in self._kept.values() if kept.child.command not in commands]
        await self._end(stale)
        for kept in stale:
            del self._kept[kept.child.command.name]
        self.plan = plan
        for name, (command, group) in wanted.items():
            if name not in self._kept:
                self._start(command, group)
        log.info("configuration reloaded: %d of %d processes restarted", len(stale), len(wanted))


def own_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0))
