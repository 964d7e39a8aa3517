"""What ties a worker process to whoever started it: a stop request in, pulses out.

Law: a worker stops on SIGTERM or SIGINT, on SIGHUP because another configuration takes its place, and when
its supervisor is gone, which it learns from the end of its standard input. Its pulses go to standard output,
one JSON object a line, and nothing else does.
"""

import json
import os
import signal
import sys
import threading
import time
from dataclasses import asdict

from edge.values.pulse import Pulse

EXIT_ORPHANED_S = 10.0


class Lifeline:
    """One per process; made on the main thread.

    Attributes:
        stop: set when the process is to finish.
        retired: whether it finishes because another configuration takes its place.
    """

    def __init__(self, supervised: bool) -> None:
        """Begin to listen for requests to stop.

        Args:
            supervised: whether a supervisor holds the other ends of standard input and output.
        """
        self.stop = threading.Event()
        self.retired = False
        self._supervised = supervised
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked)
        if supervised:
            threading.Thread(target=self._await_orphanhood, name="lifeline", daemon=True).start()

    def tell(self, pulse: Pulse) -> None:
        """Send one pulse, if anybody holds the other end; from the loop whose progress it tells."""
        if not self._supervised:
            return
        try:
            sys.stdout.write(json.dumps(asdict(pulse)) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:  # the supervisor is gone: an orderly end, not a second failure on the way out
            self._supervised = False
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.stop.set()

    def _asked(self, number: int, _: object) -> None:
        self.retired = number == signal.SIGHUP
        # Not from here: the interrupted thread may hold the event's own lock.
        threading.Thread(target=self.stop.set, name="stop").start()

    def _await_orphanhood(self) -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        self.stop.set()
        # Whatever hangs must not outlive the box: a second supervisor may already start anew.
        time.sleep(EXIT_ORPHANED_S)
        os._exit(1)
