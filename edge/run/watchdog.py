"""The thread that checks on captures and itself touches no camera, so that it cannot get stuck with one."""

import threading
from collections.abc import Iterable

from edge.run.capture import Capture

EVERY_S = 0.5


class Watchdog:
    """Checks all captures of one worker until it is stopped."""

    def __init__(self, captures: Iterable[Capture], every_s: float = EVERY_S) -> None:
        self._captures = tuple(captures)
        self._every_s = every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to check."""
        self._thread.start()

    def stop(self) -> None:
        """Check no more; returns once the thread is gone."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._every_s):
            for capture in self._captures:
                capture.check()
