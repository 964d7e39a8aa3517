"""Times that were not recorded: a hole in the footage is a fact, never an absence."""

from dataclasses import dataclass
from enum import StrEnum


class UnrecordedCause(StrEnum):
    """Why nothing was recorded."""

    CAMERA = "camera"  # it could not be reached, hung, or ended its stream
    FORMAT = "format"  # it sends what cannot be recorded without decoding, or damaged times
    STOPPED = "stopped"  # the process that records was not running
    DISK = "disk"  # the disk would not take it
    HELD = "held"  # holds fill the disk, so that routine footage is not taken


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """One such time of one camera, UTC ns since the Unix epoch."""

    camera: str
    began_ns: int
    ended_ns: int
    cause: UnrecordedCause

    def __post_init__(self) -> None:
        if not 0 <= self.began_ns <= self.ended_ns:
            raise ValueError(f"a gap wants 0 <= began <= ended, got {self.began_ns} and {self.ended_ns}")
