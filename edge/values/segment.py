"""Segments of sealed footage, and the slots whose key they share.

Law: a slot is ten minutes of one camera and the unit of forgetting: its key is destroyed as a whole. A name
sorts by camera, slot and sequence, and can be typed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from edge.values.moment import NS_PER_S, ClockTrust

SLOT_S = 600
SLOT_NAME = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?)\.([0-9]{8}T[0-9]{6}Z)")
STAMP = "%Y%m%dT%H%M%SZ"
MOST_SEQUENCE = 9999
SHA256 = re.compile(r"[0-9a-f]{64}")


class FootageClass(StrEnum):
    """Why footage is kept at all; a policy gives each class its time and legal basis."""

    ROUTINE = "routine"
    EVENT = "event"  # an event or an alarm fell into its slot


@dataclass(frozen=True, slots=True, order=True)
class SlotId:
    """Ten minutes of one camera: `camera`, and UTC seconds of the slot's start since the Unix epoch."""

    camera: str
    start_s: int

    def __post_init__(self) -> None:
        if self.start_s < 0 or self.start_s % SLOT_S:
            raise ValueError(f"a slot wants a start that is a multiple of {SLOT_S} s, got {self.start_s}")

    @classmethod
    def of(cls, camera: str, utc_ns: int) -> "SlotId":
        """The slot of a camera in which a moment lies."""
        return cls(camera, utc_ns // NS_PER_S // SLOT_S * SLOT_S)

    @classmethod
    def parse(cls, name: str) -> "SlotId":
        """The slot of that name.

        Raises:
            ValueError: it is no name of a slot.
        """
        match = SLOT_NAME.fullmatch(name)
        if match is None:
            raise ValueError(f"a slot is called like plaza.20260131T080000Z, got {name!r}")
        start = datetime.strptime(match[2], STAMP).replace(tzinfo=UTC)
        return cls(match[1], int(start.timestamp()))

    @property
    def stamp(self) -> str:
        """Start of the slot, such as `20260131T080000Z`."""
        return datetime.fromtimestamp(self.start_s, UTC).strftime(STAMP)

    @property
    def end_ns(self) -> int:
        """Where the next slot begins, ns since the Unix epoch."""
        return (self.start_s + SLOT_S) * NS_PER_S

    def __str__(self) -> str:
        return f"{self.camera}.{self.stamp}"


@dataclass(frozen=True, slots=True, order=True)
class SegmentId:
    """One segment: its slot, and its number there, counting from 0 over all restarts of the recorder."""

    slot: SlotId
    sequence: int

    def __post_init__(self) -> None:
        if not 0 <= self.sequence <= MOST_SEQUENCE:
            raise ValueError(f"a segment wants a sequence of 0 to {MOST_SEQUENCE}, got {self.sequence}")

    @classmethod
    def parse(cls, name: str) -> "SegmentId":
        """The segment of that name.

        Raises:
            ValueError: it is no name of a segment.
        """
        slot, _, number = name.rpartition(".")
        if len(number) != len(str(MOST_SEQUENCE)) or not (number.isascii() and number.isdigit()):
            raise ValueError(f"a segment is called like plaza.20260131T080000Z.0007, got {name!r}")
        return cls(SlotId.parse(slot), int(number))

    def __str__(self) -> str:
        return f"{self.slot}.{self.sequence:04d}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as the catalogue knows it: what is in its file, without a byte of it.

    Attributes:
        id: slot and sequence.
        began_ns, ended_ns: UTC of its first picture and of the end of its last, ns since the Unix epoch.
        clock: what stood behind these times.
        codec: `h264` or `hevc`.
        footage_class: why it is kept.
        size_bytes, sha256: of the sealed file.
        policy_sha256: policy under which it was sealed.
    """

    id: SegmentId
    began_ns: int
    ended_ns: int
    clock: ClockTrust
    codec: str
    footage_class: FootageClass
    size_bytes: int
    sha256: str
    policy_sha256: str

    def __post_init__(self) -> None:
        if not 0 <= self.began_ns <= self.ended_ns or self.size_bytes <= 0:
            raise ValueError(
                f"a segment wants 0 <= began <= ended and a size, got {self.began_ns}, {self.ended_ns} and "
                f"{self.size_bytes}"
            )
        for sha256 in (self.sha256, self.policy_sha256):
            if SHA256.fullmatch(sha256) is None:
                raise ValueError(f"a segment wants SHA-256 in 64 hexadecimal digits, got {sha256!r}")


@dataclass(frozen=True, slots=True)
class SealedShare:
    """The state's share of a slot's key, sealed to one pair of keyholders.

    Attributes:
        inner: keyholder to whom the share itself is sealed.
        outer: keyholder to whom that is sealed once more, and who therefore opens first.
        sealed: an age file within an age file.
    """

    inner: str
    outer: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class SealedSlot:
    """Everything about a slot's key that anybody but the keyholders may see.

    Attributes:
        slot: whose key it is.
        part: hexadecimal name of this key; a recorder that starts again within a slot begins a new one.
        policy_sha256: policy that named the keyholders.
        shares: one for every pair.
    """

    slot: SlotId
    part: str
    policy_sha256: str
    shares: tuple[SealedShare, ...]
