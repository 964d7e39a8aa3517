"""What ties a worker process to whoever started it: a stop request in, pulses out.

Law: a worker stops on SIGTERM or SIGINT, on SIGHUP because another configuration takes its place, and when
its supervisor is gone, which it learns from the end of its standard input. Lines on it are orders. Its pulses
go to standard output, one JSON object a line, and nothing else does.
"""

import os
import queue
import signal
import sys
import threading
import time

from edge.run.pulses import line_of
from edge.values.pulse import Pulse

EXIT_ORPHANED_S = 10.0


class Lifeline:
    """One per process; made on the main thread.

    Attributes:
        stop: set when the process is to finish.
        retired: whether it finishes because another configuration takes its place.
        orders: lines that the supervisor sent, in order.
    """

    def __init__(self, supervised: bool) -> None:
        """Begin to listen for requests to stop.

        Args:
            supervised: whether a supervisor holds the other ends of standard input and output.
        """
        self.stop = threading.Event()
        self.retired = False
        self.orders: queue.SimpleQueue[str] = queue.SimpleQueue()
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
            sys.stdout.write(line_of(pulse))
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
        unfinished = b""
        while heard := os.read(sys.stdin.fileno(), 4096):
            *lines, unfinished = (unfinished + heard).split(b"\n")
            for line in lines:
                self.orders.put(line.decode())
        self.stop.set()
        # Whatever hangs must not outlive the box: a second supervisor may already start anew.
        time.sleep(EXIT_ORPHANED_S)
        os._exit(1)
