"""A release of this program as a city hands it to its boxes."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto


@dataclass(frozen=True, slots=True)
class Release:
    """What the holders of the release keys sign.

    Attributes:
        version: what the program calls itself.
        sequence: grows with every release; a box takes no lower one.
        issued, expires: first day, and the day from which it is not taken any more.
        share: percent of the boxes whose turn it is.
        archive: name of the file beside it.
        size: of that file, bytes.
        sha256: of that file, 64 hex digits.
    """

    version: str
    sequence: int
    issued: date
    expires: date
    share: int
    archive: str
    size: int
    sha256: str

    def __post_init__(self) -> None:
        if self.expires <= self.issued:
            raise ValueError(f"a release wants to expire after {self.issued}, got {self.expires}")


class Took(Enum):
    """What a box did with a release that it may take."""

    HERE = auto()  # it has it already
    NOT_YET = auto()  # it is for a share of the boxes
    PASSED = auto()
    FAILED = auto()  # the one before runs again


@dataclass(frozen=True, slots=True)
class Installed:
    """What a machine remembers of its updates.

    Attributes:
        sequence: of the last release that passed its probation, 0 for none.
        refused: sequences that did not pass.
        trial: release folder that is on trial, and the one to go back to; None while there is no trial.
    """

    sequence: int = 0
    refused: tuple[int, ...] = ()
    trial: tuple[str, str] | None = None
