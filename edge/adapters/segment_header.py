"""The header of a sealed segment: what anybody may read of it.

Law: it tells all that the catalogue knows, so that a lost catalogue can be made again; and nothing of it is
proven before a chunk was opened, because every chunk is bound to all of it. Format 1 was written when a
segment was over. Format 2 is written while it is recorded: its end and its class stand with its last chunk,
which is bound to them.
"""

import base64
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from edge.adapters.segment_frames import CLASSES, After, Frame, frames
from edge.values import json_text
from edge.values.errors import FootageError, StorageError
from edge.values.moment import ClockTrust
from edge.values.segment import FootageClass, SealedShare, SealedSlot, Segment, SegmentId, SlotId

MAGICS = {b"SCEDSEG1": 1, b"SCEDSEG2": 2}
MAGIC_BYTES = 8
VERSION = 2
MOST_HEADER_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Header:
    """What a sealed file says about itself.

    Attributes:
        id: slot and sequence.
        began_ns, ended_ns, clock, codec, footage_class: as in `Segment`.
        slot: the key's sealed shares.
        salt, prefix: random, of this segment alone.
        version: of the format.
        torn: whether its writer died, so that what came after `ended_ns` is missing.
    """

    id: SegmentId
    began_ns: int
    ended_ns: int
    clock: ClockTrust
    codec: str
    footage_class: FootageClass
    slot: SealedSlot
    salt: bytes
    prefix: bytes
    version: int = VERSION
    torn: bool = False

    def encoded(self) -> bytes:
        """Magic, length and canonical JSON: the bytes to which every chunk is bound."""
        body = json.dumps(self._body(), sort_keys=True, separators=(",", ":")).encode()
        magic = next(magic for magic, version in MAGICS.items() if version == self.version)
        return magic + len(body).to_bytes(4, "big") + body

    def _body(self) -> dict[str, object]:
        end = {"ended_ns": self.ended_ns, "class": self.footage_class.value} if self.version == 1 else {}
        return end | {
            "version": self.version,
            "slot": str(self.id.slot),
            "sequence": self.id.sequence,
            "began_ns": self.began_ns,
            "clock": self.clock.value,
            "codec": self.codec,
            "part": self.slot.part,
            "policy_sha256": self.slot.policy_sha256,
            "salt": self.salt.hex(),
            "prefix": self.prefix.hex(),
            "shares": [
                {"inner": s.inner, "outer": s.outer, "sealed": base64.b64encode(s.sealed).decode()}
                for s in self.slot.shares
            ],
        }

    def segment(self, size_bytes: int, sha256: str) -> Segment:
        """The row of the catalogue that belongs to it."""
        return Segment(
            self.id,
            self.began_ns,
            self.ended_ns,
            self.clock,
            self.codec,
            self.footage_class,
            size_bytes,
            sha256,
            self.slot.policy_sha256,
        )


def read_header(path: Path) -> Header:
    """What a sealed file says about itself; nothing of it is proven before a chunk was opened.

    Raises:
        FootageError: it is no sealed segment, damaged, or has no end.
        StorageError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            header = read_beginning(file, path)
            return header if header.version == 1 else _with_end(header, file, path)
    except OSError as failure:
        raise StorageError(f"{path}: {failure.strerror}") from failure


def read_beginning(file: BinaryIO, path: Path) -> Header:
    """The header at the beginning of a file, which is then read up to its first chunk.

    Of format 2 it knows no end yet.

    Raises:
        FootageError: it is no sealed segment, or damaged.
        OSError: it cannot be read.
    """
    said = file.read(MAGIC_BYTES + 4)
    version = MAGICS.get(said[:MAGIC_BYTES])
    length = int.from_bytes(said[MAGIC_BYTES:], "big")
    if version is None or length > MOST_HEADER_BYTES:
        raise FootageError(f"{path} is no sealed segment")
    try:
        return _decoded(file.read(length), version)
    except (ValueError, KeyError, TypeError) as failure:
        raise FootageError(f"the header of {path} is damaged") from failure


def _with_end(header: Header, file: BinaryIO, path: Path) -> Header:
    last: Frame | None = None
    for _, frame in frames(file, os.fstat(file.fileno()).st_size):
        last = frame
    if last is None or last.after is After.MORE:
        raise FootageError(f"{path} was cut off: it has no end")
    footage_class = CLASSES.get(last.after, FootageClass.ROUTINE)
    return replace(header, ended_ns=last.until_ns, footage_class=footage_class, torn=last.after is After.TORN)


def _decoded(body: bytes, version: int) -> Header:
    told: dict[str, Any] = json_text.read(body)
    if told["version"] != version:
        raise ValueError(f"wanted version {version}, got {told['version']}")
    slot = SlotId.parse(told["slot"])
    shares = tuple(
        SealedShare(each["inner"], each["outer"], base64.b64decode(each["sealed"])) for each in told["shares"]
    )
    return Header(
        SegmentId(slot, told["sequence"]),
        told["began_ns"],
        told["ended_ns"] if version == 1 else told["began_ns"],
        ClockTrust(told["clock"]),
        told["codec"],
        FootageClass(told["class"]) if version == 1 else FootageClass.ROUTINE,
        SealedSlot(slot, told["part"], told["policy_sha256"], shares),
        bytes.fromhex(told["salt"]),
        bytes.fromhex(told["prefix"]),
        version,
    )
