"""Keeps a connection that only hears: dials brokers best first, and again whenever it breaks.

Law: it holds no message; what is heard goes to the ears of the connection. It never gives up.
"""

import logging
import random
import threading
from collections.abc import Sequence

from edge.run.backoff import Backoff
from edge.run.publish import Habits
from edge.run.publish_routes import Route, Routes, WayBack
from edge.values.errors import BrokerError

log = logging.getLogger("fuse")

LOOK_S = 0.5
MOST_S = 10.0
"""Longest wait between two tries."""


class Listener:
    """Serves one connection; `what` says in the log whose it is."""

    def __init__(self, routes: Sequence[Route], what: str) -> None:
        self._routes = Routes(routes)
        self._what = what
        self._habits = Habits()
        self._backoff = Backoff(random.SystemRandom(), first_s=0.5, most_s=MOST_S)

    def serve(self, stop: threading.Event) -> None:
        """Hear until `stop` is set."""
        while not stop.is_set():
            try:
                self._hear(self._routes.current, stop)
                self._routes.restart()
            except BrokerError as error:
                log.warning("broker lost for %s: %s", self._what, error)
                if self._backoff.failures:
                    self._routes.failed()
                else:
                    self._routes.restart()
                stop.wait(self._backoff.next_s())

    def _hear(self, route: Route, stop: threading.Event) -> None:
        habits = self._habits
        with (
            route.dial() as broker,
            WayBack(self._routes.better, habits.probe_s, habits.proofs) as way_back,
        ):
            log.info("connected to %s for %s", route.name, self._what)
            self._backoff.reset()
            while not (stop.is_set() or way_back.is_open or route.outdated()):
                broker.replies(LOOK_S)
