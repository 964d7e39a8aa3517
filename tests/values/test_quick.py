"""A quick dataclass is the same value as a plain one, and only made faster."""

from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from edge.values import event, fact
from edge.values.dynamics import Dynamics, Unit
from edge.values.quick import quick


@dataclass(frozen=True)
class Plain:
    a: int
    b: str
    c: float | None = None
    d: int = 4

    def __post_init__(self) -> None:
        if self.a < 0:
            raise ValueError("a plain one wants a of 0 or more")


@quick
@dataclass(frozen=True)
class Quick(Plain):
    pass


def test_it_takes_the_same_arguments_and_has_the_same_defaults() -> None:
    for made in (Plain, Quick):
        one = made(1, b="x", d=3)
        assert [getattr(one, each.name) for each in fields(one)] == [1, "x", None, 3]
        assert (one, hash(one)) == (made(1, "x", None, 3), hash(made(1, "x", None, 3)))
        assert replace(one, a=2) == made(2, "x", d=3)
        assert repr(one) == f"{made.__name__}(a=1, b='x', c=None, d=3)"
        for wrong in ({}, {"a": 1}, {"a": 1, "b": "x", "e": 5}):
            with pytest.raises(TypeError, match="argument"):
                made(**wrong)


def test_it_is_valid_from_birth_and_stays_as_it_is() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        Quick(-1, "x")
    with pytest.raises(FrozenInstanceError):
        Quick(1, "x").a = 2  # type: ignore[misc]
    with pytest.raises(ValueError, match="low <= value"):
        Dynamics(1.0, 2.0, 3.0, Unit.SHARE, 1, 0.5, 1.0)


def test_what_it_cannot_do_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Slotted:
        a: int

    @dataclass(frozen=True)
    class Made:
        a: list[int] = field(default_factory=list)

    for each in (Slotted, Made):
        with pytest.raises(ValueError, match="plain fields and no slots"):
            quick(each)


@pytest.mark.parametrize("made", [event.Event, Dynamics, fact.Sighting, fact.Speeds, fact.LineCrossed])
def test_what_is_made_for_each_picture_is_quick(made: type[object]) -> None:
    assert "__setattr__" in Plain.__init__.__code__.co_names, "a call for each field"
    assert "__setattr__" not in made.__init__.__code__.co_names
