"""A value is reckoned when it is first asked for, once, and belongs to its object."""

from dataclasses import dataclass

import pytest

from edge.values.once import once


@dataclass(frozen=True)
class Square:
    side: float
    asked: list[float]

    @once
    def area(self) -> float:
        """Its area."""
        self.asked.append(self.side)
        if self.side < 0:
            raise ValueError("no square")
        return self.side**2


def test_it_is_reckoned_when_somebody_asks_and_once() -> None:
    asked: list[float] = []
    two, three = Square(2, asked), Square(3, asked)
    assert asked == []
    assert (two.area, three.area, two.area, three.area) == (4, 9, 4, 9)
    assert asked == [2, 3]


def test_what_fails_is_tried_again() -> None:
    asked: list[float] = []
    wrong = Square(-1, asked)
    for _ in range(2):
        with pytest.raises(ValueError, match="no square"):
            _ = wrong.area
    assert asked == [-1, -1]


def test_the_class_tells_what_it_is() -> None:
    assert Square.area.__doc__ == "Its area."


def test_it_is_no_part_of_what_makes_two_equal() -> None:
    one, other = Square(2, []), Square(2, [])
    assert one.area == 4
    other.asked.append(2)
    assert one == other
