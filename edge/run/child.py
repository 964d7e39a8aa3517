"""One supervised process: started, watched by its progress, started again for ever.

Law: a child is alive while it writes to its standard output at least every `hang_s`; nothing else counts
as health. It dies when its standard input closes, so that no child outlives its parent. One that was given
an order lives again once its pulse says that it follows.
"""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from edge.run.backoff import Backoff
from edge.run.pulses import pulse_of
from edge.run.threads import ONE_THREAD
from edge.values.pulse import ORDERS, Pulse

log = logging.getLogger("supervise")

START_S = 60.0  # an accelerator's engine may take this long to build before the first sign of life
HEALTHY_S = 60.0  # a run this long forgives the failures before it
GRACE_S = 8.0  # time to finish on request before the process is killed
CHUNK_BYTES = 1 << 16
PULSES = 11  # kept of each process: about ten seconds


@dataclass(frozen=True, slots=True)
class Death:
    """How a run of a child ended: its exit status, negative for a signal, and how long it had run."""

    status: int
    uptime_s: float
    hung: bool

    def __str__(self) -> str:
        if self.hung:
            return f"hung and was killed after {self.uptime_s:.0f} s"
        if self.status < 0:
            return f"died of {signal.Signals(-self.status).name} after {self.uptime_s:.1f} s"
        return f"ended with status {self.status} after {self.uptime_s:.1f} s"


@dataclass(frozen=True, slots=True)
class Command:
    """What to run.

    Attributes:
        name: for logs.
        arguments: of the command `safecity-edge`.
        first: whether the others wait for its first sign of life.
        part: what the process reads of the configuration; while that stays the same, another command needs
            no other process. None means all of its arguments.
        order: a line that tells a running process what the arguments would tell a new one; "" where it
            need not know.
        hang_s: longest silence before the process counts as hung, seconds; None for one without a pulse,
            whose standard output is the terminal's.
    """

    name: str
    arguments: tuple[str, ...]
    hang_s: float | None = 15.0
    first: bool = False
    part: object = None
    order: str = ""

    def may_follow(self, other: "Command") -> bool:
        """Whether a process that was started by the other command can go on under this one."""
        mine, others = (each.part or each.arguments for each in (self, other))
        return mine == others

    @property
    def argv(self) -> tuple[str, ...]:
        """The whole command line; `-P` keeps the working folder off the module path."""
        return (sys.executable, "-P", "-m", "edge.cli", *self.arguments)


class Child:
    """Keeps one command running until told to stop.

    `on_life` gets its first sign of life, `on_death` every death, and says whether to start again.
    """

    def __init__(
        self,
        command: Command,
        backoff: Backoff,
        on_life: Callable[[], None],
        on_death: Callable[["Child", Death], bool],
    ) -> None:
        self.command = command
        self.pulses: deque[Pulse] = deque(maxlen=PULSES)
        self.lives = asyncio.Event()
        if command.hang_s is None:
            self.lives.set()
        self._backoff = backoff
        self._on_life = on_life
        self._on_death = on_death
        self._stopping = asyncio.Event()
        self._request = signal.SIGTERM
        self._process: Process | None = None
        self._orders = 0

    async def keep(self) -> None:
        """Run the command again and again until `stop` is called or `on_death` declines."""
        while not self._stopping.is_set():
            death = await self._run_once()
            if death.uptime_s >= HEALTHY_S:
                self._backoff.reset()
            if self._stopping.is_set() or not self._on_death(self, death):
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._backoff.next_s())

    def stop(self, retire: bool = False) -> None:
        """Ask the process to finish; `keep` returns once it has, or was killed because it did not.

        Args:
            retire: whether it makes way for another configuration.
        """
        self._request = signal.SIGHUP if retire else signal.SIGTERM
        self._stopping.set()

    def follow(self, command: Command) -> None:
        """Go on under another command that asks for the same process; it is told if it has to know."""
        self.command = command
        if command.order:
            self.lives.clear()
            self._send()

    @property
    def runs(self) -> bool:
        """Whether there is a process now."""
        return self._process is not None

    def _send(self) -> None:
        """Tell the process its order; one that does not run yet is started by the new command."""
        if self._process is not None and self._process.stdin is not None:
            self._orders += 1
            with suppress(ConnectionError):
                self._process.stdin.write(self.command.order.encode() + b"\n")

    async def _run_once(self) -> Death:
        loop = asyncio.get_running_loop()
        began, begun_by = loop.time(), self.command
        self._orders = 0
        self.pulses.clear()
        try:
            self._process = await self._start()
        except OSError as failure:
            log.error("%s cannot be started: %s", self.command.name, failure.strerror)
            return Death(os.EX_OSERR, loop.time() - began, hung=False)
        if self.command.order != begun_by.order:
            self._send()
        process, hung = self._process, await self._attend(self._process)
        self._process = None
        status = await _reaped(process, begun_by.name)
        return Death(status, loop.time() - began, hung)

    async def _start(self) -> Process:
        # Its own session keeps Ctrl-C of the terminal for the supervisor, which stops the children in order.
        return await asyncio.create_subprocess_exec(
            *self.command.argv,
            env={**os.environ, **ONE_THREAD},
            stdin=PIPE,
            stdout=None if self.command.hang_s is None else PIPE,
            start_new_session=True,
        )

    async def _attend(self, process: Process) -> bool:
        """Listen until the process ends, is to end or falls silent; True where it fell silent."""
        loop = asyncio.get_running_loop()
        listening = loop.create_task(self._listen(process))
        asked = loop.create_task(self._stopping.wait())
        await asyncio.wait({listening, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        hung = listening.done() and listening.result()
        with suppress(ProcessLookupError):
            if hung:
                process.kill()
            elif not listening.done():
                process.send_signal(
                    self._request
                )  # the listening goes on, so that a full pipe does not keep it from ending
        return hung

    async def _listen(self, process: Process) -> bool:
        """Take note of signs of life until the output ends; True if it fell silent first."""
        if process.stdout is None:
            await process.wait()
            return False
        patience: float | None = START_S
        unfinished = b""
        while True:
            try:
                heard = await asyncio.wait_for(process.stdout.read(CHUNK_BYTES), patience)
            except TimeoutError:
                return True
            if not heard:
                return False
            patience = self.command.hang_s
            *lines, unfinished = (unfinished + heard).split(b"\n")
            unfinished = unfinished[-CHUNK_BYTES:]
            self._heard(lines)

    def _heard(self, lines: list[bytes]) -> None:
        """Take note of the pulses in these lines; a sign of life, if its orders are followed."""
        self.pulses.extend(pulse for pulse in map(pulse_of, lines) if pulse is not None)
        followed = self.pulses[-1].counts.get(ORDERS, 0) if self.pulses else 0
        if not self.lives.is_set() and followed >= self._orders:
            self.lives.set()
            self._on_life()


async def _reaped(process: Process, name: str) -> int:
    """The exit status of a process that is about to end, and is killed if it does not, which is told."""
    try:
        return await asyncio.wait_for(process.wait(), GRACE_S)
    except TimeoutError:
        log.warning("%s did not end within %g s and is killed; last words may be missing", name, GRACE_S)
        with suppress(ProcessLookupError):
            process.kill()
        return await process.wait()
