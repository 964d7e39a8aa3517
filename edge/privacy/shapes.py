"""The words in which the allow-list is written: what a value must be to pass, and nothing else.

Law: exact types (a subclass may carry more than it shows), finite rounded numbers, anchored patterns,
closed key sets. A shape never mends a value; it passes or raises.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from edge.privacy import png
from edge.values import base64_text
from edge.values.errors import RedactionError

DECIMALS = 4
"""Numbers leave with this many decimals: a tenth of a pixel at 1080p, and canonical JSON stays short."""


class Shape(Protocol):
    """One sort of value that may leave."""

    def __call__(self, value: object, where: str) -> None:
        """Pass in silence, or raise `RedactionError` naming the field but never the value."""


def _refuse(where: str, wanted: str, value: object) -> RedactionError:
    return RedactionError(f"{where}: wanted {wanted}, got a {type(value).__name__} that is not")


@dataclass(frozen=True, slots=True)
class Text:
    """A string that matches the whole pattern (ASCII)."""

    pattern: str
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_compiled", re.compile(self.pattern, re.ASCII))

    def __call__(self, value: object, where: str) -> None:
        """Pass such a text, or raise."""
        if type(value) is not str or self._compiled.fullmatch(value) is None:
            raise _refuse(where, f"text like {self.pattern}", value)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a closed list of strings."""

    words: tuple[str, ...]

    def __call__(self, value: object, where: str) -> None:
        """Pass one of the words, or raise."""
        if type(value) is not str or value not in self.words:
            raise _refuse(where, f"one of {', '.join(self.words)}", value)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def __call__(self, value: object, where: str) -> None:
        """Pass a plain bool, or raise."""
        if type(value) is not bool:
            raise _refuse(where, "true or false", value)


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer within bounds."""

    low: int
    high: int

    def __call__(self, value: object, where: str) -> None:
        """Pass a plain int within bounds, or raise."""
        if type(value) is not int or not self.low <= value <= self.high:
            raise _refuse(where, f"a whole number {self.low}..{self.high}", value)


@dataclass(frozen=True, slots=True)
class Stepped:
    """A multiple of a step from 0 to a bound: an int where the step is one, else a float."""

    step: int | float
    high: int | float

    def __call__(self, value: object, where: str) -> None:
        """Pass such a number, or raise."""
        if type(value) is not type(self.step) or not self._holds(value):
            raise _refuse(where, f"a multiple of {self.step:g} from 0 to {self.high:g}", value)

    def _holds(self, value: float) -> bool:
        return 0 <= value <= self.high and value % self.step == 0


@dataclass(frozen=True, slots=True)
class Real:
    """A finite number within bounds that carries no more than four decimals."""

    low: float
    high: float

    def __call__(self, value: object, where: str) -> None:
        """Pass such a number, or raise."""
        if type(value) is not float or not self._holds(value):
            raise _refuse(where, f"a number {self.low:g}..{self.high:g} of {DECIMALS} decimals", value)

    def _holds(self, value: float) -> bool:
        return math.isfinite(value) and self.low <= value <= self.high and round(value, DECIMALS) == value


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of ours of at most so many bytes, in base64 as it is always written."""

    most_bytes: int

    def __call__(self, value: object, where: str) -> None:
        """Pass such a picture, or raise."""
        if type(value) is not str or not self._holds(value):
            raise _refuse(where, f"a PNG of few colours and at most {self.most_bytes} bytes", value)

    def _holds(self, value: str) -> bool:
        if len(value) > -(-self.most_bytes // 3) * 4:
            return False
        try:
            raw = base64_text.read(value)
            png.size_of(raw)
        except ValueError:
            return False
        return len(raw) <= self.most_bytes


@dataclass(frozen=True, slots=True)
class Items:
    """A list of so many items of one shape."""

    item: Shape
    least: int
    most: int

    def __call__(self, value: object, where: str) -> None:
        """Pass such a list, or raise."""
        if type(value) is not list or not self.least <= len(value) <= self.most:
            raise _refuse(where, f"a list of {self.least}..{self.most}", value)
        for index, item in enumerate(value):
            self.item(item, f"{where}[{index}]")


@dataclass(frozen=True, slots=True)
class Record:
    """An object with all of the required fields, perhaps some of the optional ones, and no other."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def __call__(self, value: object, where: str) -> None:
        """Pass such an object, or raise."""
        if type(value) is not dict:
            raise _refuse(where, "an object", value)
        if not self.required.keys() <= value.keys():
            missing = min(self.required.keys() - value.keys())
            raise RedactionError(f"{where}: wanted field {missing}, got none")
        for key, item in value.items():
            shape = self.required.get(key) or self.optional.get(key)
            if shape is None:
                raise RedactionError(f"{where}: a field that is not on the allow-list")
            shape(item, f"{where}.{key}")
