"""A legal hold: footage that may not be deleted, whose case it is for, and when somebody must look again.

Law: a hold beats retention and disk pressure. It ends only by being released, with a reason.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from edge.values.moment import Moment
from edge.values.segment import SlotId

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HOLD_ID = re.compile(r"[0-9a-f]{12}")
MOST_WORDS = 200


class HoldOrigin(StrEnum):
    """Who or what asked for a hold."""

    AUTHORITY = "authority"  # a person, with a case number
    PANIC = "panic"  # a button or another trigger; the case number comes later


@dataclass(frozen=True, slots=True)
class Release:
    """The end of a hold."""

    moment: Moment
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold on some cameras' footage over a time.

    Attributes:
        id: 12 hexadecimal digits.
        origin: who or what asked.
        case: number of the case it is kept for.
        authority: who ordered it.
        review: date by which somebody must decide again, `yyyy-mm-dd`.
        cameras: ids, at least one.
        began_ns, ended_ns: footage from when to when, UTC ns since the Unix epoch; may lie ahead.
        placed: when it was placed.
        by: who placed it.
        released: its end; None while it holds.
    """

    id: str
    origin: HoldOrigin
    case: str
    authority: str
    review: str
    cameras: tuple[str, ...]
    began_ns: int
    ended_ns: int
    placed: Moment
    by: str
    released: Release | None = None

    def __post_init__(self) -> None:
        if HOLD_ID.fullmatch(self.id) is None or DATE.fullmatch(self.review) is None:
            raise ValueError(
                f"a hold wants an id of 12 hexadecimal digits and a review date, got {self.id!r} and "
                f"{self.review!r}"
            )
        for what, words in (("case", self.case), ("authority", self.authority), ("by", self.by)):
            if not 0 < len(words) <= MOST_WORDS:
                raise ValueError(f"a hold wants {what} in 1 to {MOST_WORDS} characters, got {len(words)}")
        if not self.cameras or not 0 <= self.began_ns < self.ended_ns:
            raise ValueError(
                f"a hold wants cameras and a time from..until, got {self.cameras} and {self.began_ns}.."
                f"{self.ended_ns}"
            )

    def touches(self, camera: str, began_ns: int, ended_ns: int) -> bool:
        """Whether it keeps any of a camera's footage between these moments, UTC ns since the Unix epoch."""
        overlaps = began_ns < self.ended_ns and self.began_ns < ended_ns
        return self.released is None and camera in self.cameras and overlaps

    def covers(self, slot: SlotId, began_ns: int, ended_ns: int) -> bool:
        """Whether it keeps a slot whose footage lies between these moments; a slot is kept as a whole."""
        return self.touches(slot.camera, began_ns, ended_ns)
