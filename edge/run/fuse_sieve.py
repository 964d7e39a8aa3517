"""What a fusion passes over before it reads it: strangers' readings, and floods; by topic and second alone.

Law: to read a message costs far more than to see that nobody needs it, and whoever says the most must not
decide how late all the others are heard. Words are never thinned, only floods of them are cut; measurements
are thinned to one a second while more comes than can be judged. What is passed over of known sensors is
counted.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from edge.fusion.sensors import MOST_WORDS
from edge.run.fuse_facts import Sensors
from edge.values.sensor import WORDS

_SECOND = re.compile(rb'"utc"\s*:\s*"([0-9T:-]{19})')
FLOOD_WORDS = 2 * MOST_WORDS
"""Words of ten seconds from which on a sensor floods so much that it is left alone."""
_TEN_SECONDS = 18
"""Characters of a time that all readings of ten seconds share."""


@dataclass(slots=True)
class _Told:
    span: bytes = b""
    words: int = 0
    second: bytes = b""


class Sieve:
    """Whether a message is worth reading; asked by one thread, counted by another."""

    def __init__(
        self, region: str, sensors: Sensors, now_s: Callable[[], float], elsewhere: Collection[str] = ()
    ) -> None:
        """A sieve through which nothing went yet.

        Args:
            region: whose readings they are.
            sensors: all that are known.
            now_s: a clock for messages that name no time, seconds.
            elsewhere: those of them that are heard on another connection.
        """
        self._now_s = now_s
        self._kinds = {sensor: kind for sensor, (_, kind) in sensors.items()}
        topics = {
            sensor: f"safecity/v1/{region}/{gateway}/reading/{sensor}"
            for sensor, (gateway, _) in sensors.items()
        }
        self._elsewhere = {topics[sensor] for sensor in elsewhere}
        self._told = {topic: _Told() for topic in topics.values()}
        self._impostors = _Told()
        self._turn = threading.Lock()
        self._dropped: Counter[str] = Counter()

    def lets(self, topic: str, payload: bytes, *, again: bool, crowded: bool) -> bool:
        """Whether it is to be read.

        Args:
            topic: on which it came.
            payload: what it says.
            again: the broker sends it once more, because it was not confirmed.
            crowded: whether more comes than can be judged.
        """
        _, reading, sensor = topic.partition("/reading/")
        if not reading:
            return True
        kind = self._kinds.get(sensor)
        if kind is None or topic in self._elsewhere:
            return False
        if again or self._has_room(
            self._told.get(topic, self._impostors), payload, crowded and kind not in WORDS
        ):
            return True
        with self._turn:
            self._dropped[sensor] += 1
        return False

    def floods(self, topic: str) -> bool:
        """Whether so much more was said there than is read that it is better not listened to for a while."""
        told = self._told.get(topic)
        return told is not None and told.words > FLOOD_WORDS

    def dropped(self) -> Mapping[str, int]:
        """How many were passed over since the last call, by sensor."""
        with self._turn:
            dropped, self._dropped = self._dropped, Counter()
        return dropped

    def _has_room(self, told: _Told, payload: bytes, thin: bool) -> bool:
        found = _SECOND.search(payload)
        second = found[1] if found else b"%d" % (self._now_s() // 10)
        span = second[:_TEN_SECONDS]
        if span != told.span:
            told.span, told.words = span, 0
        told.words += 1
        if told.words > MOST_WORDS or (thin and second == told.second):
            return False
        told.second = second
        return True
