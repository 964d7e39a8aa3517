"""How a process writes its log."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogSpec:
    """How the log is written: as JSON or for people, and whether what is no warning is written too."""

    as_json: bool = False
    verbose: bool = False
