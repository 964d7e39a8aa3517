"""Keyholders: the three people of whom any two together can open sealed footage, and no one alone.

Law: three different offices and three different roles, so that every pair is of different ones. Whoever is
not named here cannot open footage, and the box is never named here.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

THRESHOLD = 2
HOLDERS = 3
RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


class Role(StrEnum):
    """What somebody is to the footage; a policy gives each party one."""

    STATE_OFFICER = "state-officer"
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    OPERATOR = "operator"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """One of the three.

    Attributes:
        id: name in files and records, 1 to 40 lower-case letters, digits and hyphens.
        role: what this person is.
        office: where this person serves, in words; two keyholders never share one.
        seal_recipient: age X25519 public key to which shares are sealed, `age1…`.
    """

    id: str
    role: Role
    office: str
    seal_recipient: str

    def __post_init__(self) -> None:
        if NAME.fullmatch(self.id) is None:
            raise ValueError(
                f"a keyholder wants an id of 1 to 40 letters, digits and hyphens, got {self.id!r}"
            )
        if not self.office:
            raise ValueError(f"keyholder {self.id} wants an office, got none")
        if RECIPIENT.fullmatch(self.seal_recipient) is None:
            raise ValueError(
                f"keyholder {self.id} wants an age public key, age1 and 58 characters, "
                f"got {self.seal_recipient!r}"
            )


@dataclass(frozen=True, slots=True)
class KeyHolders:
    """All three, in the order of the policy; any two of them open footage."""

    holders: tuple[KeyHolder, ...]
    threshold: int = THRESHOLD

    def __post_init__(self) -> None:
        if len(self.holders) != HOLDERS or self.threshold != THRESHOLD:
            raise ValueError(
                f"footage wants {THRESHOLD} of {HOLDERS} keyholders, "
                f"got {self.threshold} of {len(self.holders)}"
            )
        for what in ("id", "role", "office", "seal_recipient"):
            said = [getattr(holder, what) for holder in self.holders]
            if len(set(said)) != HOLDERS:
                raise ValueError(f"keyholders want three different values of {what}, got {', '.join(said)}")

    def pairs(self) -> tuple[tuple[KeyHolder, KeyHolder], ...]:
        """Every pair that may open footage: who is sealed to first, and who around that."""
        a, b, c = self.holders
        return (a, b), (a, c), (b, c)
