"""A readable subscriber: one line a message, as anybody who may read the topics would get it."""

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import tzinfo
from itertools import cycle
from typing import Protocol

from rich.console import Console
from rich.text import Text

from edge.messages.audit import AuditMessage
from edge.messages.line import Line, readable
from edge.messages.node import GapMessage
from edge.messages.parse import Message, parse
from edge.run.backoff import Backoff
from edge.run.lifeline import Lifeline
from edge.values.errors import BrokerError, MessageError
from edge.values.gap import GapCause

COLOURS = {
    "info": "white",
    "minor": "cyan",
    "moderate": "yellow",
    "severe": "bold red",
    "extreme": "bold white on red",
}
LISTEN_S = 0.2


class Subscription(Protocol):
    """Messages of one connection."""

    def messages(self, wait_s: float) -> Iterator[tuple[str, bytes]]:
        """Topic and payload of each message that comes within `wait_s` of the one before."""


class Tail:
    """Prints what is heard until it is told to stop; reconnects for ever."""

    def __init__(
        self,
        dials: Sequence[Callable[[], AbstractContextManager[Subscription]]],
        zone: tzinfo,
        as_json: bool,
        most: int | None = None,
    ) -> None:
        """A subscriber that has not begun.

        Args:
            dials: ways to a broker, best first; each is a connection to be entered.
            zone: times are told in it.
            as_json: print messages as they came.
            most: stop after so many.
        """
        self._dials = cycle(dials)
        self._zone = zone
        self._as_json = as_json
        self._left = most
        self._console = Console(highlight=False, soft_wrap=True)

    def follow(self, lifeline: Lifeline, for_s: float | None) -> None:
        """Print messages until `for_s` is over, the wanted number has come, or the lifeline says stop."""
        deadline_s = None if for_s is None else time.monotonic() + for_s
        backoff = Backoff(random.SystemRandom(), first_s=0.25, most_s=5.0)
        while not self._done(lifeline, deadline_s):
            try:
                with next(self._dials)() as subscription:
                    while not self._done(lifeline, deadline_s):
                        for topic, payload in subscription.messages(LISTEN_S):
                            backoff.reset()
                            self._show(topic, payload)
                            if self._done(lifeline, deadline_s):
                                return
            except BrokerError as error:
                if backoff.failures == 1:
                    print(f"safecity-edge: {error}; trying again", file=sys.stderr)
                lifeline.stop.wait(backoff.next_s())

    def _done(self, lifeline: Lifeline, deadline_s: float | None) -> bool:
        late = deadline_s is not None and time.monotonic() >= deadline_s
        return late or self._left == 0 or lifeline.stop.is_set()

    def _show(self, topic: str, payload: bytes) -> None:
        shown = payload.decode("utf-8", "replace") if self._as_json else self._readable(topic, payload)
        if shown is None:
            return
        if self._left is not None:
            self._left -= 1
        if isinstance(shown, str):
            print(shown, flush=True)
        else:
            self._console.print(shown)

    def _readable(self, topic: str, payload: bytes) -> Text | None:
        """The message for a person; None where it would tell them nothing."""
        if topic.endswith("/receipt"):
            return None
        try:
            message = parse(topic, payload)
        except MessageError as error:
            return Text(f"not understood: {error}", style="red")
        return None if housekeeping(message) else coloured(readable(message, self._zone))


def housekeeping(message: Message) -> bool:
    """Whether a message is for programs and tells a person nothing: holes in the sequence, heads of a log."""
    if isinstance(message, AuditMessage):
        return True
    if not isinstance(message, GapMessage) or message.data.unknown:
        return False
    return all(lost.cause is GapCause.SUPERSEDED for lost in message.data.ranges)


def coloured(line: Line) -> Text:
    """A line in the colour of its severity."""
    return Text(str(line), style=COLOURS.get(line.severity, "dim"))
