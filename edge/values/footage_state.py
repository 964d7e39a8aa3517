"""How a box's footage is doing, and what an alarm put under hold: what the monitoring centre is told."""

from dataclasses import dataclass
from enum import StrEnum

from edge.values.hold import Hold
from edge.values.moment import Moment


class FootageState(StrEnum):
    """Whether footage is kept as it should be."""

    KEEPING = "keeping"
    CROWDED = "crowded"  # holds fill the disk: routine footage is not taken any more
    BROKEN = "broken"  # the disk does not let footage be looked after


class Trigger(StrEnum):
    """How an alarm was raised by hand."""

    COMMAND = "command"  # also a wired button that runs it
    HTTP = "http"
    MQTT = "mqtt"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How the footage is doing.

    Attributes:
        state: whether it is kept as it should be.
        slots, size_bytes: all footage on the disk.
        held_slots, held_bytes: what holds keep of it.
        free_bytes: free on the file system.
        short_bytes: what is missing and cannot be made, because holds keep the rest.
        oldest_ns: UTC of the first picture that is left, ns since the Unix epoch; None where there is none.
    """

    state: FootageState = FootageState.KEEPING
    slots: int = 0
    size_bytes: int = 0
    held_slots: int = 0
    held_bytes: int = 0
    free_bytes: int = 0
    short_bytes: int = 0
    oldest_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm raised by hand.

    Attributes:
        moment: when.
        trigger: how.
        cameras: those it is about.
        held: those of them that are recorded, so that the hold keeps footage of them.
        hold: what it placed.
    """

    moment: Moment
    trigger: Trigger
    cameras: tuple[str, ...]
    held: tuple[str, ...]
    hold: Hold
