"""Lanes: which messages keep their order among themselves, and whose may go out now.

Law: all that a camera says is one lane, whatever its kind; every other topic is a lane of its own. Lanes
owe each other no order, so one that has to wait holds up none of the others.
"""

from dataclasses import dataclass

OF_CAMERAS = frozenset({"event", "state", "heat", "background"})
"""Levels of a topic below the node that the name of a camera follows."""

_NODE_LEVELS = 4


def lane_of(topic: str) -> str:
    """The lane of a topic: `camera/<id>`, or the topic itself where it is about no camera."""
    levels = topic.split("/", _NODE_LEVELS + 2)
    if len(levels) > _NODE_LEVELS + 1 and levels[_NODE_LEVELS] in OF_CAMERAS:
        return f"camera/{levels[_NODE_LEVELS + 1]}"
    return topic


@dataclass(frozen=True, slots=True)
class Passage:
    """Whose messages may go out now.

    A lane that neither is heard nor rests may send one message, to find out whether somebody listens; nothing
    that was committed after the next message of that lane goes with it.

    Attributes:
        heard: lanes that somebody listens to, which any number of messages may take; None for all lanes.
        resting: lanes that wait; the messages of the others pass theirs.
    """

    heard: frozenset[str] | None = None
    resting: frozenset[str] = frozenset()

    def is_heard(self, lane: str) -> bool:
        """Whether more than one message may take this lane."""
        return self.heard is None or lane in self.heard


FREE = Passage()
"""Everything may go, in the order of commits."""
