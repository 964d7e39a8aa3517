"""What must always be so, how that is tried, and what small breaks of the program each trial must notice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Mutant:
    """The program with one function or value replaced.

    Attributes:
        title: what is wrong with it, in words.
        owner: module, class or mapping that has what is replaced.
        name: of what is replaced.
        instead: what takes its place.
        wants_image: whether only the raw image of a mounted disk shows it.
    """

    title: str
    owner: Any = field(repr=False)
    name: str
    instead: Any = field(repr=False)
    wants_image: bool = False


@dataclass(frozen=True)
class Invariant:
    """One sentence of the promise.

    Attributes:
        sentence: what must always be so.
        holds: tries it in an empty folder; an AssertionError, or a missing refusal, says that it is not so.
        mutants: breaks, each of which `holds` must notice.
    """

    sentence: str
    holds: Callable[[Path], None]
    mutants: tuple[Mutant, ...]
