"""Sets of whole numbers as ranges: which sequence numbers are there, and which are missing between them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Span = tuple[int, int]
"""First and last number, both inside."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Numbers as ascending ranges that neither overlap nor touch; `of` makes them of any."""

    ranges: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        for first, last in self.ranges:
            if not 0 <= first <= last:
                raise ValueError(f"a range wants 0 <= first <= last, got {first}..{last}")
        for (_, last), (first, _) in zip(self.ranges, self.ranges[1:], strict=False):
            if first <= last + 1:
                raise ValueError(
                    f"ranges want a hole between them, got one that ends at {last} before {first}"
                )

    @classmethod
    def of(cls, ranges: Iterable[Span]) -> "Spans":
        """The numbers of all ranges, in whatever order they come and however they overlap."""
        merged: list[Span] = []
        for first, last in sorted(ranges):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = merged[-1][0], max(merged[-1][1], last)
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    @classmethod
    def numbers(cls, numbers: Iterable[int]) -> "Spans":
        """Those numbers."""
        return cls.of((number, number) for number in numbers)

    @property
    def upto(self) -> int:
        """The lowest number that is not in the set: everything below it is."""
        return self.ranges[0][1] + 1 if self.ranges and self.ranges[0][0] == 0 else 0

    @property
    def count(self) -> int:
        """How many numbers are in the set."""
        return sum(last - first + 1 for first, last in self.ranges)

    def holes(self) -> "Spans":
        """The numbers below the highest one that are not in the set."""
        ends = [-1, *(last for _, last in self.ranges)]
        begins = (first for first, _ in self.ranges)
        pairs = zip(ends, begins, strict=False)
        return Spans(tuple((end + 1, begin - 1) for end, begin in pairs if begin > end + 1))

    def within(self, first: int, last: int) -> "Spans":
        """The numbers that lie in `first`..`last`."""
        cut = ((max(first, low), min(last, high)) for low, high in self.ranges)
        return Spans(tuple((low, high) for low, high in cut if low <= high))

    def around(self, number: int) -> Span | None:
        """The range that holds this number; None if it is not in the set."""
        at = bisect_right(self.ranges, number, key=lambda span: span[0])
        return self.ranges[at - 1] if at and number <= self.ranges[at - 1][1] else None

    def __contains__(self, number: int) -> bool:
        return self.around(number) is not None

    def __or__(self, other: "Spans") -> "Spans":
        return Spans.of((*self.ranges, *other.ranges))

    def __iter__(self) -> Iterator[Span]:
        return iter(self.ranges)

    def __bool__(self) -> bool:
        return bool(self.ranges)
