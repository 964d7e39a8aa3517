"""How long footage is kept, by law and by disk, and what is to be deleted now.

Law: arithmetic on values; what a plan says is carried out elsewhere, by one process.
"""

from dataclasses import dataclass
from enum import StrEnum

from edge.values.keyholders import KeyHolders
from edge.values.segment import SHA256, FootageClass, SlotId


@dataclass(frozen=True, slots=True)
class Keep:
    """How long one class of footage is kept.

    Attributes:
        footage_class: which.
        keep_s: seconds after its last picture when it expires.
        basis: the legal basis, in words.
    """

    footage_class: FootageClass
    keep_s: int
    basis: str

    def __post_init__(self) -> None:
        if self.keep_s <= 0 or not self.basis:
            raise ValueError(
                f"footage of class {self.footage_class} wants keep_s > 0 and a legal basis, "
                f"got {self.keep_s} and {self.basis!r}"
            )


@dataclass(frozen=True, slots=True)
class FootagePolicy:
    """What a signed policy says about footage; without one nothing is recorded.

    Attributes:
        sha256: of the policy, for every header and record.
        holders: who can open footage.
        keeps: one for every class.
    """

    sha256: str
    holders: KeyHolders
    keeps: tuple[Keep, ...]

    def __post_init__(self) -> None:
        if SHA256.fullmatch(self.sha256) is None:
            raise ValueError(f"a policy wants its SHA-256 in 64 hexadecimal digits, got {self.sha256!r}")
        named = [keep.footage_class for keep in self.keeps]
        if sorted(named) != sorted(FootageClass):
            raise ValueError(
                f"a policy wants one retention for each of {', '.join(FootageClass)}, got {', '.join(named)}"
            )

    def keep(self, footage_class: FootageClass) -> Keep:
        """What it says about a class."""
        return next(keep for keep in self.keeps if keep.footage_class is footage_class)


class Rule(StrEnum):
    """Why footage is deleted."""

    EXPIRED = "expired"  # its time by policy is over
    DISK = "disk"  # the oldest of the lowest class went to make room


@dataclass(frozen=True, slots=True)
class Kept:
    """One slot's footage as it lies on the disk.

    Attributes:
        slot: which.
        began_ns, ended_ns: UTC of its first and the end of its last picture, ns since the Unix epoch.
        size_bytes: of all its segments.
        segments: how many.
        footage_class: the highest of its segments.
        held: ids of the holds that keep it.
        off_ns: how far its own times run ahead of trusted time, where they do not fit it; negative: behind.
    """

    slot: SlotId
    began_ns: int
    ended_ns: int
    size_bytes: int
    segments: int
    footage_class: FootageClass
    held: tuple[str, ...] = ()
    off_ns: int = 0

    @property
    def aged_from_ns(self) -> int:
        """Trusted UTC from which on it ages, ns since the Unix epoch: the end of its last picture."""
        return self.ended_ns - self.off_ns


@dataclass(frozen=True, slots=True)
class Doom:
    """One slot that is to be deleted, with what is in it, and why."""

    kept: Kept
    rule: Rule

    @property
    def slot(self) -> SlotId:
        """Which."""
        return self.kept.slot


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be deleted now, in this order.

    Attributes:
        dooms: slots, each once.
        short_bytes: what is missing on the disk even after that, because holds keep the rest.
    """

    dooms: tuple[Doom, ...]
    short_bytes: int = 0
