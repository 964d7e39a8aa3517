"""What of a recording goes into the vault: all of it, or only what a hold asks for.

Law: what a hold covers always goes in. Routine footage is refused while the disk has no room, and the
refusal is told. Where a camera records on hold alone, the last seconds wait in memory and are forgotten
there. What goes in whatever comes is not kept waiting for its end.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from edge.values.recorded import Recorded
from edge.values.segment import FootageClass

MOST_WAITING_BYTES = 48 << 20


class Mode(StrEnum):
    """When a camera's footage is kept."""

    ALWAYS = "always"
    ON_HOLD = "on-hold"  # the last seconds wait in memory until a hold asks for them


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a stretch: what goes into the vault now, oldest first; whether it was refused."""

    kept: tuple[Recorded, ...] = ()
    refused: bool = False


class Admission:
    """Judges one camera's stretches, in order; keeps what may still be asked for."""

    def __init__(self, mode: Mode, before_s: float, most_bytes: int = MOST_WAITING_BYTES) -> None:
        """Begin.

        Args:
            mode: when footage is kept.
            before_s: with `ON_HOLD`, how long a stretch waits for a hold, seconds.
            most_bytes: most that waits; the oldest goes first.
        """
        self._mode, self._before_s, self._most_bytes = mode, before_s, most_bytes
        self._waiting: deque[Recorded] = deque()

    def judge(self, stretch: Recorded, held: bool, room: bool) -> Verdict:
        """What becomes of a stretch.

        Args:
            stretch: just recorded.
            held: whether a hold covers it.
            room: whether the disk has room for footage that nobody holds.
        """
        if held:
            kept = (*self._waiting, stretch)
            self._waiting.clear()
            return Verdict(tuple(replace(each, footage_class=FootageClass.EVENT) for each in kept))
        if self._mode is Mode.ALWAYS:
            return Verdict((stretch,)) if room else Verdict(refused=True)
        self._wait(stretch)
        return Verdict()

    def passes(self, room: bool) -> bool:
        """Whether a stretch that begins now goes in whatever its end will be, and so piece by piece."""
        return self._mode is Mode.ALWAYS and room

    @property
    def waiting_bytes(self) -> int:
        """How much waits in memory."""
        return sum(len(each.container) for each in self._waiting)

    def _wait(self, stretch: Recorded) -> None:
        self._waiting.append(stretch)
        while self._waiting and (
            stretch.ended.seconds_since(self._waiting[0].ended) > self._before_s
            or self.waiting_bytes > self._most_bytes
        ):
            self._waiting.popleft()


def whole(pieces: Sequence[Recorded]) -> Recorded:
    """A stretch of which all pieces waited in memory."""
    first, last = pieces[0], pieces[-1]
    content = memoryview(b"".join(piece.container for piece in pieces))
    return replace(last, began=first.began, container=content, opens=first.opens)
