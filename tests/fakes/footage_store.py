"""A footage store in memory that can be told to fail, and a tape that plays what it is given."""

import threading
from collections.abc import Iterator, Sequence

from edge.footage.admission import whole
from edge.ports import Tape
from edge.values.errors import CameraError, StorageError
from edge.values.moment import Moment
from edge.values.recorded import Recorded
from edge.values.unrecorded import Unrecorded


class MemoryStore:
    def __init__(self) -> None:
        self.stretches: list[Recorded] = []
        self.gaps: dict[tuple[str, int], Unrecorded] = {}
        self.full = False
        self.tended: list[Moment] = []

    def put(self, what: Recorded | Unrecorded) -> None:
        if self.full:
            raise StorageError("No space left on device")
        if isinstance(what, Unrecorded):
            self.gaps[what.camera, what.began_ns] = what
        else:
            self.stretches.append(what)

    def tend(self, now: Moment) -> None:
        self.tended.append(now)


def stretches(tape: Tape) -> Iterator[Recorded]:
    """What a tape gives out, its pieces put together."""
    pieces: list[Recorded] = []
    while (piece := tape.read()) is not None:
        pieces.append(piece)
        if piece.closes:
            yield whole(pieces)
            pieces.clear()
    assert not pieces, "a stretch without its last piece"


class FakeTape:
    """Gives out stretches, then raises or ends; `hang` blocks until it is closed."""

    def __init__(
        self, stretches: Sequence[Recorded], end: CameraError | None = None, hang: bool = False
    ) -> None:
        self._left, self._end, self._hang = list(stretches), end, hang
        self.closed = threading.Event()
        self.packets = 0

    def read(self) -> Recorded | None:
        if self._left:
            self.packets += 1
            return self._left.pop(0)
        if self._hang:
            self.closed.wait(30)
        if self._end is not None and not self.closed.is_set():
            raise self._end
        return None

    def close(self) -> None:
        self.closed.set()
