"""What an operator sees of a fusion: a banner, then a line for each thing that happens.

Law: lines go to standard output where a person looks at it, in the form of `tail`. Elsewhere what is wrong
goes to the log as a warning, and the rest only where the log is asked for it.
"""

import logging
import queue
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from edge import __version__
from edge.config.fusion import FusionNode
from edge.fusion.spec import CameraSource, FusionSpec, SensorSource
from edge.messages.line import Line, readable
from edge.messages.parse import ANY_MESSAGE
from edge.run.publish import CONNECTED
from edge.run.tail import coloured
from edge.values.moment import NS_PER_S
from edge.values.pulse import Pulse

log = logging.getLogger("fuse")

WRONG = ("silent", "distrust", "unheard")
MOST_NAMES = 6
MOST_LINES = 1_000
PATIENCE_S = 2.0
TOGETHER = "not apart: a flood of other sensors can hold a button's word up; see `ears`"


class _Printer:
    """Prints in a thread of its own: a terminal that is held must not hold up a panic button."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._lines: queue.Queue[Text | None] = queue.Queue(MOST_LINES)
        self._thread = threading.Thread(target=self._print, name="printer", daemon=True)
        self._thread.start()

    def say(self, line: Text | None) -> None:
        """Print a line soon; None is the last. What a terminal does not take for too long is not printed."""
        with suppress(queue.Full):
            self._lines.put_nowait(line)

    def close(self) -> None:
        """Let everything be printed, if the terminal takes it."""
        self.say(None)
        self._thread.join(PATIENCE_S)

    def _print(self) -> None:
        while (line := self._lines.get()) is not None:
            self._console.print(line)


class FusionWords:
    """Tells one operator."""

    def __init__(self, node: FusionNode) -> None:
        self._node = node
        self._publisher = ""
        self._printer = _Printer() if sys.stdout.isatty() and not node.log.as_json else None

    def pulse(self, pulse: Pulse) -> None:
        """How the publisher is doing: when it reached a broker is told here, when it lost it in the log."""
        news, self._publisher = pulse.state != self._publisher, pulse.state
        if news and pulse.state.startswith(CONNECTED):
            self.line("broker", pulse.state)

    def line(self, word: str, what: str) -> None:
        """Something happened."""
        if self._printer is None:
            log.log(logging.WARNING if word in WRONG else logging.INFO, "%s: %s", word, what)
            return
        time = datetime.now(UTC).astimezone(self._node.timezone).strftime("%H:%M:%S")
        severity = "moderate" if word in WRONG else ""
        self._printer.say(coloured(Line(time, self._node.name, "", word.upper(), severity, what)))

    def event(self, message: bytes) -> None:
        """A rule told something."""
        if self._printer is None and not log.isEnabledFor(logging.INFO):
            return
        line = readable(ANY_MESSAGE.validate_json(message), self._node.timezone)
        if self._printer is None:
            log.info("%s %s: %s", line.word.lower(), line.severity, line.what)
        else:
            self._printer.say(coloured(line))

    def close(self) -> None:
        """Nothing more is told."""
        if self._printer is not None:
            self._printer.close()


def banner(node: FusionNode, broker: str, calm: FusionSpec, urgent: FusionSpec | None) -> None:
    """Say what is listened to, and how; in JSON as one entry of the log."""
    if node.log.as_json:
        log.info("safecity-edge %s, fusion %s/%s", __version__, node.region, node.name)
        if urgent is None and _has_urgent(node):
            log.warning("urgent: %s", TOGETHER)
        return
    print(f"safecity-edge {__version__} · fusion {node.name} in region {node.region}")
    rows = _rows(node, broker, calm, urgent)
    print("\n".join(f"  {name:10} {text}" for name, text in rows), flush=True)


def _rows(
    node: FusionNode, broker: str, calm: FusionSpec, urgent: FusionSpec | None
) -> Iterator[tuple[str, str]]:
    yield (
        "cameras",
        _named([each.id for each in node.spec.sources if isinstance(each, CameraSource)]) or "none",
    )
    yield "sensors", _sorts(node.spec.sources) or "none"
    if calm.rules:
        yield (
            "rules",
            f"{_named([rule.id for rule in calm.rules])}; told {node.lateness_ns / NS_PER_S:g} s late",
        )
    yield "urgent", _urgent(node, urgent)
    yield "broker", broker or ", ".join(node.broker.urls)
    yield "subscribe", f"safecity/v1/{node.region}/{node.name}/#"
    yield "times", f"of {node.timezone.key}"
    yield "stop", "Ctrl-C"


def _urgent(node: FusionNode, urgent: FusionSpec | None) -> str:
    if urgent is not None:
        asked = f"{_named([rule.id for rule in urgent.rules])}, asking {_sorts(urgent.sources)}"
        return f"{asked}, apart from all others"
    return TOGETHER if _has_urgent(node) else "no sensor is"


def _has_urgent(node: FusionNode) -> bool:
    return any(isinstance(each, SensorSource) and each.urgent for each in node.spec.sources)


def _sorts(sources: Sequence[object]) -> str:
    kinds: dict[str, int] = {}
    for each in sources:
        if isinstance(each, SensorSource):
            kinds[each.kind.value] = kinds.get(each.kind.value, 0) + 1
    return ", ".join(f"{number} {kind}" for kind, number in kinds.items())


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
