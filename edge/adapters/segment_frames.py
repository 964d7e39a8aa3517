"""The chunks of a sealed segment of format 2 as they lie in its file, each behind a few bytes in the clear.

Law: what stands in the clear says where a chunk ends and until when there are pictures, so that a file whose
writer died can be cut to its last whole chunk by a box that cannot open it. The chunk is bound to it. A file
without an end was cut off, and does not open.

    length of the sealed chunk, 4 bytes · until, UTC ns, 8 · what comes after it, 1 · the sealed chunk
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

from edge.adapters.sealing import CHUNK_BYTES, TAG_BYTES
from edge.values.segment import FootageClass

LAYOUT = struct.Struct(">IQB")


class After(IntEnum):
    """What comes after a chunk: a closed list."""

    MORE = 0
    END_ROUTINE = 1  # the end of a segment of this class
    END_EVENT = 2
    TORN = 3  # a mark without a chunk: its writer died here, and the rest was never written


AFTERS = frozenset(After)
CLASSES = {After.END_ROUTINE: FootageClass.ROUTINE, After.END_EVENT: FootageClass.EVENT}
ENDS = {footage_class: after for after, footage_class in CLASSES.items()}


@dataclass(frozen=True, slots=True)
class Frame:
    """What is said about a chunk in the clear.

    Attributes:
        length: of the sealed chunk, bytes.
        until_ns: UTC until which there are pictures, with this chunk and those before it.
        after: what comes after it.
    """

    length: int
    until_ns: int
    after: After

    def encoded(self) -> bytes:
        """The bytes to which the chunk is bound."""
        return LAYOUT.pack(self.length, self.until_ns, self.after)

    @property
    def is_last(self) -> bool:
        """Whether the segment was sealed to its end."""
        return self.after in CLASSES


def read_frame(file: BinaryIO) -> Frame | None:
    """The frame that begins here; None where there is no whole one.

    Raises:
        OSError: the file cannot be read.
    """
    said = file.read(LAYOUT.size)
    if len(said) < LAYOUT.size:
        return None
    length, until_ns, after = LAYOUT.unpack(said)
    least, most = (0, 0) if after == After.TORN else (TAG_BYTES, CHUNK_BYTES + TAG_BYTES)
    return Frame(length, until_ns, After(after)) if after in AFTERS and least <= length <= most else None


def frames(file: BinaryIO, size: int) -> Iterator[tuple[int, Frame]]:
    """The frames from here on whose chunks are there, each with where it ends; to an end, if it has one.

    Args:
        file: at its first frame.
        size: of the file, bytes.

    Raises:
        OSError: the file cannot be read.
    """
    end = file.tell()
    while (frame := read_frame(file)) is not None:
        end += LAYOUT.size + frame.length
        if end > size:
            return
        yield end, frame
        if frame.after is not After.MORE:
            return
        file.seek(end)
