"""The header of a sealed segment: what anybody may read of it.

Law: it tells all that the catalogue knows, so that a lost catalogue can be made again; and nothing of it is
proven before a chunk was opened, because every chunk is bound to all of it.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.values.errors import FootageError, StorageError
from edge.values.moment import ClockTrust
from edge.values.segment import FootageClass, SealedShare, SealedSlot, Segment, SegmentId, SlotId

MAGIC = b"SCEDSEG1"
VERSION = 1
MOST_HEADER_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Header:
    """What a sealed file says about itself.

    Attributes:
        id: slot and sequence.
        began_ns, ended_ns, clock, codec, footage_class: as in `Segment`.
        slot: the key's sealed shares.
        salt, prefix: random, of this segment alone.
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

    def encoded(self) -> bytes:
        """Magic, length and canonical JSON: the bytes to which every chunk is bound."""
        body = json.dumps(self._body(), sort_keys=True, separators=(",", ":")).encode()
        return MAGIC + len(body).to_bytes(4, "big") + body

    def _body(self) -> dict[str, object]:
        return {
            "version": VERSION,
            "slot": str(self.id.slot),
            "sequence": self.id.sequence,
            "began_ns": self.began_ns,
            "ended_ns": self.ended_ns,
            "clock": self.clock.value,
            "codec": self.codec,
            "class": self.footage_class.value,
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
        FootageError: it is no sealed segment, or damaged.
        StorageError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            said = file.read(len(MAGIC) + 4)
            length = int.from_bytes(said[len(MAGIC) :], "big")
            if said[: len(MAGIC)] != MAGIC or length > MOST_HEADER_BYTES:
                raise FootageError(f"{path} is no sealed segment")
            return _decoded(file.read(length))
    except OSError as failure:
        raise StorageError(f"{path}: {failure.strerror}") from failure
    except (ValueError, KeyError, TypeError) as failure:
        raise FootageError(f"the header of {path} is damaged") from failure


def _decoded(body: bytes) -> Header:
    told: dict[str, Any] = json.loads(body)
    slot = SlotId.parse(told["slot"])
    shares = tuple(
        SealedShare(each["inner"], each["outer"], base64.b64decode(each["sealed"])) for each in told["shares"]
    )
    return Header(
        SegmentId(slot, told["sequence"]),
        told["began_ns"],
        told["ended_ns"],
        ClockTrust(told["clock"]),
        told["codec"],
        FootageClass(told["class"]),
        SealedSlot(slot, told["part"], told["policy_sha256"], shares),
        bytes.fromhex(told["salt"]),
        bytes.fromhex(told["prefix"]),
    )
