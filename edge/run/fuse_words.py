"""What an operator sees of a fusion: a banner, then a line for each thing that happens.

Law: lines go to standard output where a person looks at it, in the form of `tail`. Elsewhere what is wrong
goes to the log as a warning, and the rest only where the log is asked for it.
"""

import logging
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.console import Console

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


class FusionWords:
    """Tells one operator."""

    def __init__(self, node: FusionNode) -> None:
        self._node = node
        self._publisher = ""
        self._console = Console(highlight=False, soft_wrap=True)
        self._to_people = sys.stdout.isatty() and not node.log.as_json

    def pulse(self, pulse: Pulse) -> None:
        """How the publisher is doing: when it reached a broker is told here, when it lost it in the log."""
        news, self._publisher = pulse.state != self._publisher, pulse.state
        if news and self._to_people and pulse.state.startswith(CONNECTED):
            self.line("broker", pulse.state)

    def line(self, word: str, what: str) -> None:
        """Something happened."""
        if not self._to_people:
            log.log(logging.WARNING if word in WRONG else logging.INFO, "%s: %s", word, what)
            return
        time = datetime.now(UTC).astimezone(self._node.timezone).strftime("%H:%M:%S")
        severity = "moderate" if word in WRONG else ""
        self._console.print(coloured(Line(time, self._node.name, "", word.upper(), severity, what)))

    def event(self, message: bytes) -> None:
        """A rule told something."""
        if not self._to_people and not log.isEnabledFor(logging.INFO):
            return
        line = readable(ANY_MESSAGE.validate_json(message), self._node.timezone)
        if self._to_people:
            self._console.print(coloured(line))
        else:
            log.info("%s %s: %s", line.word.lower(), line.severity, line.what)


def banner(node: FusionNode, broker: str, calm: FusionSpec, urgent: FusionSpec | None) -> None:
    """Say what is listened to, and how; in JSON as one entry of the log."""
    if node.log.as_json:
        log.info("safecity-edge %s, fusion %s/%s", __version__, node.region, node.name)
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
    if any(isinstance(each, SensorSource) and each.urgent for each in node.spec.sources):
        return "not apart: a flood of other sensors can hold a button's word up; see `ears`"
    return "no sensor is"


def _sorts(sources: Sequence[object]) -> str:
    kinds: dict[str, int] = {}
    for each in sources:
        if isinstance(each, SensorSource):
            kinds[each.kind.value] = kinds.get(each.kind.value, 0) + 1
    return ", ".join(f"{number} {kind}" for kind, number in kinds.items())


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
