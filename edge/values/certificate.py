"""A certificate as a value: whose it is, and how much of its life is left.

Law: whole seconds of UTC. A certificate is due for rotation when two thirds of its life are over, so that
a third is left to find out that nobody did it.
"""

from dataclasses import dataclass
from enum import StrEnum

DAY_S = 86_400


class Standing(StrEnum):
    """Where in its life a certificate is."""

    EARLY = "early"
    GOOD = "good"
    DUE = "due"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Life:
    """From when until when a certificate is good, seconds of UTC.

    Raises:
        ValueError: it ends before it begins.
    """

    begins_s: int
    ends_s: int

    def __post_init__(self) -> None:
        if self.begins_s >= self.ends_s:
            raise ValueError(f"a life wants to end after {self.begins_s}, got {self.ends_s}")

    @property
    def due_s(self) -> int:
        """When two thirds of it are over."""
        return self.begins_s + (self.ends_s - self.begins_s) * 2 // 3

    def standing(self, now_s: int) -> Standing:
        """Where in it a moment lies."""
        if now_s < self.begins_s:
            return Standing.EARLY
        if now_s >= self.ends_s:
            return Standing.EXPIRED
        return Standing.DUE if now_s >= self.due_s else Standing.GOOD

    def days_left(self, now_s: int) -> int:
        """Whole days until its end; negative after it."""
        return (self.ends_s - now_s) // DAY_S


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says.

    Attributes:
        name: its common name: a client's name at the broker.
        serial: its number at its authority.
        hosts: names and addresses that a broker with it may have; none for a client.
        life: from when until when it is good.
        events_key: Ed25519 public key with which the client signs what it sends; b"" where it names none.
    """

    name: str
    serial: int
    hosts: tuple[str, ...]
    life: Life
    events_key: bytes = b""
