"""Topics that a connection does not listen to for a while, because whoever speaks there floods.

Law: to take a message and pass it over costs time that everybody else waits on the same connection; only what
the broker does not send costs nothing. The longer a flood lasts, the more seldom it is looked at; who stopped
flooding is heard like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

FIRST_S, MOST_S = 10.0, 60.0
"""A topic is left alone for so long at first, and at most."""
AGAIN_S = 10.0
"""Who floods again so soon after being heard again is left alone for twice as long."""


@dataclass(slots=True)
class _Muted:
    until_s: float
    for_s: float
    is_over: bool = False


class Mute:
    """Which of some topics are muted; time is passed in, seconds of one clock."""

    def __init__(self, topics: Iterable[str]) -> None:
        """Nothing is muted; filters that stand for many topics never are."""
        self._topics = frozenset(each for each in topics if "+" not in each)
        self._muted: dict[str, _Muted] = {}
        self._next_s = float("inf")

    def begins(self, topic: str, now_s: float) -> bool:
        """Whether a topic is to be left alone from now on, and was listened to until now."""
        if topic not in self._topics:
            return False
        before = self._muted.get(topic)
        if before is not None and not before.is_over:
            return False
        soon = before is not None and now_s < before.until_s + AGAIN_S
        for_s = min(MOST_S, 2 * before.for_s) if before is not None and soon else FIRST_S
        self._muted[topic] = _Muted(now_s + for_s, for_s)
        self._next_s = min(self._next_s, now_s + for_s)
        return True

    def over(self, now_s: float) -> list[str]:
        """Topics that are to be listened to again."""
        if now_s < self._next_s:
            return []
        over = [each for each, muted in self._muted.items() if not muted.is_over and now_s >= muted.until_s]
        for each in over:
            self._muted[each].is_over = True
        left = (muted.until_s for muted in self._muted.values() if not muted.is_over)
        self._next_s = min(left, default=float("inf"))
        return over

    def all_over(self) -> None:
        """A new connection listens to all."""
        for muted in self._muted.values():
            muted.is_over = True
        self._next_s = float("inf")
