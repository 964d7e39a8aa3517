"""One supervised process: started, watched by its progress, started again for ever.

Law: a child is alive while it writes a line to its standard output at least every `hang_s`; nothing else
counts as health. It dies when its standard input closes, so that no child outlives its parent.
"""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from edge.run.backoff import Backoff

START_S = 60.0  # an accelerator's engine may take this long to build before the first sign of life
HEALTHY_S = 60.0  # a run this long forgives the failures before it
GRACE_S = 8.0  # time to finish on request before the process is killed
MAX_LINE = 1 << 20


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
        name: for logs and the status screen.
        arguments: of the command `safecity-edge`.
        first: whether the others wait for its first sign of life.
        hang_s: longest silence before the process counts as hung, seconds; None where silence is no sign.
    """

    name: str
    arguments: tuple[str, ...]
    hang_s: float | None = 15.0
    first: bool = False

    @property
    def argv(self) -> tuple[str, ...]:
        """The whole command line; `-P` keeps the working folder off the module path."""
        return (sys.executable, "-P", "-m", "edge.cli", *self.arguments)


class Child:
    """Keeps one command running until told to stop.

    `on_line` gets every line of the child's standard output; `on_death` gets every death and says whether
    to start again. `lives` is set by its first sign of life.
    """

    def __init__(
        self,
        command: Command,
        backoff: Backoff,
        on_line: Callable[["Child", bytes], None],
        on_death: Callable[["Child", Death], bool],
    ) -> None:
        self.command = command
        self.starts = 0
        self.lives = asyncio.Event()
        self._backoff = backoff
        self._on_line = on_line
        self._on_death = on_death
        self._process: Process | None = None
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None else None

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

    async def stop(self) -> None:
        """Ask the process to finish, and kill it if it does not."""
        self._stopping.set()
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), GRACE_S)
            except TimeoutError:
                process.kill()
                await process.wait()

    async def _run_once(self) -> Death:
        loop = asyncio.get_running_loop()
        began = loop.time()
        self.starts += 1
        # Its own session keeps Ctrl-C of the terminal for the supervisor, which stops the children in order.
        process = await asyncio.create_subprocess_exec(
            *self.command.argv, stdin=PIPE, stdout=PIPE, limit=MAX_LINE, start_new_session=True
        )
        self._process = process
        hung = await self._listen(process)
        if hung:
            with suppress(ProcessLookupError):
                process.kill()
        status = await process.wait()
        self._process = None
        return Death(status, loop.time() - began, hung)

    async def _listen(self, process: Process) -> bool:
        """Hand on lines until the output ends; True if it fell silent first."""
        assert process.stdout is not None
        patience = START_S if self.command.hang_s else None
        while True:
            try:
                line = await asyncio.wait_for(process.stdout.readline(), patience)
            except TimeoutError:
                return not self._stopping.is_set()
            if not line:
                return False
            patience = self.command.hang_s
            self.lives.set()
            self._on_line(self, line)
