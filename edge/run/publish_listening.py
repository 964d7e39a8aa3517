"""Who listens, found out anew on every connection, and for each lane by its own messages.

Law: after a broker's restart its subscribers come back one after the other. So a lane sends one message and
waits for the broker's word on it; while that word is that nobody listens, the lane rests and tries again, up
to `unheard_s` after the connection was made. What is heard of one lane says nothing of another. Then
everything goes, heard or not. No clock, socket or disk here.
"""

from edge.run.publish_pace import Pace
from edge.values.delivery import Pending
from edge.values.lanes import FREE, Passage, lane_of


class Listening:
    """What is known of one connection's listeners; all times are seconds on one monotonic clock."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._until_s = 0.0
        self._heard: set[str] = set()
        self._asked: dict[int, str] = {}
        self._rests: dict[str, float] = {}

    def connected(self, now_s: float) -> None:
        """A connection begins, of whose listeners nothing is known."""
        self._until_s = now_s + self._pace.unheard_s
        self._heard.clear()
        self._asked.clear()
        self._rests.clear()

    def asks(self, now_s: float) -> bool:
        """Whether a lane waits for the first word on it: then nothing more goes, to keep the order of all."""
        return now_s < self._until_s and not self._rests.keys() >= set(self._asked.values())

    def waits(self, now_s: float) -> bool:
        """Whether a lane rests because nobody listened to it yet."""
        return now_s < self._until_s and bool(self._rests)

    def passage(self, now_s: float) -> Passage:
        """Whose messages may go out now."""
        if now_s >= self._until_s:
            return FREE
        asked = set(self._asked.values())
        resting = (lane for lane, until_s in self._rests.items() if until_s > now_s or lane in asked)
        return Passage(frozenset(self._heard), frozenset(resting))

    def went_out(self, message: Pending) -> None:
        """A message was handed to the broker."""
        lane = lane_of(message.topic)
        if lane not in self._heard:
            self._asked[message.key] = lane

    def judged(self, message: Pending) -> None:
        """The broker said something of a message: its lane may send another."""
        self._asked.pop(message.key, None)

    def heard(self, message: Pending) -> None:
        """The broker took a message and somebody listens; of one that is retained that proves nothing."""
        if not message.retain:
            lane = lane_of(message.topic)
            self._heard.add(lane)
            self._rests.pop(lane, None)

    def may_wait(self, message: Pending, now_s: float) -> bool:
        """Whether a message that nobody listened to waits for a subscriber, and its lane with it."""
        lane = lane_of(message.topic)
        if message.retain or lane in self._heard or now_s >= self._until_s:
            return False
        self._rests[lane] = now_s + self._pace.retry_s
        return True
