"""Several brokers in order of preference: where to connect next, and when to go back to a better one.

Law: a better broker is returned to only after it was reached several times in a row, by connections of
its own beside the one that serves, so that a flapping broker does not take the events with it.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType

from edge.ports import Broker
from edge.values.errors import BrokerError


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a broker.

    Attributes:
        name: for people; no credentials in it.
        dial: a connection to be entered; entering raises `BrokerError` if there is none.
        probe: returns if the broker would have us, raises `BrokerError` if not.
        outdated: whether a connection that stands should be made anew: what it was made with has changed.
    """

    name: str
    dial: Callable[[], AbstractContextManager[Broker]]
    probe: Callable[[], None]
    outdated: Callable[[], bool] = lambda: False


class Routes:
    """Which route is next: the best first, the others in turn after failures."""

    def __init__(self, routes: Sequence[Route]) -> None:
        if not routes:
            raise ValueError("routes want one broker or more, got none")
        self._routes = tuple(routes)
        self._at = 0

    @property
    def current(self) -> Route:
        """The route to try or in use."""
        return self._routes[self._at]

    @property
    def better(self) -> tuple[Route, ...]:
        """Routes preferred to the current one."""
        return self._routes[: self._at]

    def failed(self) -> bool:
        """Go to the next route; True when that begins a new round."""
        self._at = (self._at + 1) % len(self._routes)
        return self._at == 0

    def restart(self) -> None:
        """Begin with the best again."""
        self._at = 0


class WayBack:
    """Looks whether a better broker is there for good, in a thread of its own, while entered."""

    def __init__(self, better: Sequence[Route], every_s: float, successes: int) -> None:
        self._better = better
        self._every_s = every_s
        self._successes = successes
        self._open = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="way-back", daemon=True)

    @property
    def is_open(self) -> bool:
        """Whether a better broker has proved itself."""
        return self._open.is_set()

    def __enter__(self) -> "WayBack":
        if self._better:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    def _look(self) -> None:
        proofs = 0
        while proofs < self._successes:
            if self._over.wait(self._every_s):
                return
            proofs = proofs + 1 if any(map(_answers, self._better)) else 0
        self._open.set()


def _answers(route: Route) -> bool:
    try:
        route.probe()
    except BrokerError:
        return False
    return True
