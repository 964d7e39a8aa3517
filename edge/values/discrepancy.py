"""What does not fit between catalogue, files and key ring."""

from dataclasses import dataclass
from enum import StrEnum


class Misfit(StrEnum):
    """How something does not fit: a closed list."""

    LOST = "lost"  # a row without its file
    CHANGED = "changed"  # a file of another size or hash than its row says
    UNKNOWN = "unknown"  # a file without a row
    UNFINISHED = "unfinished"  # the rest of a file that was being written
    ROW = "damaged-row"  # a row whose own hash does not fit
    KEYLESS = "keyless"  # footage whose key was destroyed, and which nobody can open
    KEY = "damaged-key"  # a place of the key ring whose hash does not fit


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One of them: how, what it is about, and what that means in words."""

    misfit: Misfit
    subject: str
    words: str
