"""What an ingester shows of itself: a line now and then, and one for each thing that a person should know.

Law: bounded, however much comes; what did not fit is counted. Ordinary events are counted, not listed: that
is what `centre events` and any subscriber are for.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo

from rich.console import Console
from rich.text import Text

from edge.messages.arrival import Arrival, Committed, Unfit
from edge.messages.event import EventMessage
from edge.messages.footage import AlarmMessage
from edge.messages.fused import FusedMessage
from edge.messages.line import readable
from edge.messages.node import GapMessage, StatusData, StatusMessage
from edge.messages.parse import Message
from edge.privacy.reports import NodeState
from edge.values.gap import GapCause
from edge.values.policy_term import PolicyStanding

EVERY_S = 10.0
MOST_LINES = 20
"""Notable things shown between two lines of figures."""

STYLES = {"severe": "bold red", "extreme": "bold white on red"}


class Glance:
    """Counts, and shows; `boxes` tells how many boxes there are by state, when it is asked."""

    def __init__(self, zone: tzinfo, boxes: Callable[[], str], clock: Callable[[], str]) -> None:
        self._zone = zone
        self._boxes = boxes
        self._clock = clock
        self._console = Console(highlight=False, soft_wrap=True)
        self._next_s = 0.0
        self._shown_s = 0.0
        self._lines = 0
        self._hidden = 0
        self._away = ""
        self._states: dict[str, NodeState] = {}
        self._policies: dict[str, PolicyStanding] = {}
        self._stored = self._again = self._bad = self._receipts = 0
        self._since = 0

    def took(self, came: Sequence[Arrival | Unfit], committed: Committed) -> None:
        """A batch was stored."""
        if self._away:
            self._away = ""
            self._say("database is back", "green")
        self._stored += committed.fresh
        self._since += committed.fresh
        self._again += committed.again
        self._bad += committed.unfit
        for each in came:
            if isinstance(each, Unfit):
                self._say(f"set aside, {each.topic}: {each.why}", "red")
            elif self._is_news(each.message, committed):
                line = readable(each.message, self._zone)
                self._say(str(line), STYLES.get(line.severity, "yellow"))

    def _is_news(self, message: Message, committed: Committed) -> bool:
        """Whether a person should see it: a box that comes or goes, a policy's end, a notable new message."""
        if not isinstance(message, StatusMessage):
            return committed.fresh > 0 and notable(message)
        node, state = f"{message.data.region}/{message.data.node}", message.data.state
        known = self._states.get(node, NodeState.ONLINE)
        self._states[node] = state
        return self._is_an_end(node, message.data) or state is not known

    def _is_an_end(self, node: str, said: StatusData) -> bool:
        """Whether a box that is there says for the first time that its policy ends soon, or is over."""
        if said.state is not NodeState.ONLINE:
            return False
        standing = PolicyStanding.HOLDS if said.policy is None else said.policy.standing
        known, self._policies[node] = self._policies.get(node, PolicyStanding.HOLDS), standing
        return standing is not known and standing is not PolicyStanding.HOLDS

    def receipted(self, count: int) -> None:
        """So many receipts went out."""
        self._receipts += count

    def away(self, why: str) -> None:
        """The database does not answer."""
        if not self._away:
            self._say(f"{why}; the brokers wait", "red")
        self._away = why

    def broker(self, words: str, good: bool) -> None:
        """Something about a connection to a broker."""
        self._say(words, "green" if good else "red")

    def show(self, now_s: float) -> None:
        """A line of figures, when it is time and something has come."""
        if now_s < self._next_s:
            return
        if self._hidden:
            self._console.print(Text(f"{'':8}  … and {self._hidden} more lines", style="dim"))
        if self._since or self._hidden or not self._shown_s:
            per_s = self._since / (now_s - self._shown_s) if self._shown_s else 0.0
            self._console.print(self._figures(per_s))
        self._lines = self._hidden = self._since = 0
        self._next_s, self._shown_s = now_s + EVERY_S, now_s

    def _figures(self, per_s: float) -> str:
        parts = (
            f"{per_s:,.1f}/s",
            f"{self._stored:,} stored",
            f"{self._again:,} came again",
            f"{self._bad:,} set aside",
            f"{self._receipts:,} receipts",
        )
        return f"{self._clock()}  {self._boxes()}  ·  {'  ·  '.join(parts)}"

    def _say(self, words: str, style: str) -> None:
        self._lines += 1
        if self._lines > MOST_LINES:
            self._hidden += 1
            return
        self._console.print(Text(words, style=style))


def notable(message: Message) -> bool:
    """Whether a person in the centre should see it now: alarms that begin, and losses."""
    match message:
        case EventMessage(data=event) | FusedMessage(data=event):
            return event.severity in STYLES and event.revision == 0
        case GapMessage(data=lost):
            return lost.unknown or any(each.cause is not GapCause.SUPERSEDED for each in lost.ranges)
        case AlarmMessage():
            return True
        case _:
            return False


def told(states: Iterable[tuple[str | None, int]]) -> str:
    """How many boxes there are, in words, from their numbers by state."""
    counts = {state or "never said": count for state, count in states}
    whole = sum(counts.values())
    others = [f"{count} {state}" for state, count in sorted(counts.items()) if state != "online"]
    return f"{whole} box{'' if whole == 1 else 'es'}" + (f" ({', '.join(others)})" if others else "")
