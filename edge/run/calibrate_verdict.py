"""What `calibrate` says of each mark: whether it fits the others, and which one does not."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from rich.console import Console

from edge.config.disagreeing import SUSPECT, Disagreement
from edge.ground.agreement import Agreement

WRONG, SUSPECTED, OFF, UNCHECKED, GOOD = (
    "does not fit the others",
    "perhaps this one",
    "off by more than expected",
    "nothing to check it by",
    "good",
)
COLOURS = {WRONG: "red", SUSPECTED: "yellow", OFF: "yellow", UNCHECKED: "dim", GOOD: "green"}


def verdicts(agreement: Agreement, off_sd: Sequence[float]) -> list[str]:
    """A verdict on each mark that is off by so many of its standard deviations."""
    return [_verdict(agreement, i, off) for i, off in enumerate(off_sd)]


def _verdict(agreement: Agreement, i: int, off_sd: float) -> str:
    if i in agreement.wrong:
        return WRONG
    if i in agreement.suspects:
        return SUSPECTED
    if agreement.free == 0:
        return UNCHECKED
    return OFF if off_sd > SUSPECT and not agreement.wrong else GOOD


def coloured(verdict: str) -> str:
    """The same for a terminal."""
    return f"[{COLOURS[verdict]}]{verdict}[/]"


def of_agreement(agreement: Agreement) -> dict[str, Any]:
    """For scripts: marks are counted from 1."""
    return {
        "worse_by": round(agreement.factor, 2) if isfinite(agreement.factor) else None,
        "wrong": [i + 1 for i in agreement.wrong],
        "suspects": [i + 1 for i in agreement.suspects],
    }


def print_doubts(console: Console, told: Sequence[Disagreement]) -> None:
    """In words, what does not fit; what is grave is told by the refusal itself."""
    for each in told:
        if not each.grave:
            console.print(f"[yellow]{each.text}[/]")
