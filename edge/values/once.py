"""A value of an object that is reckoned when somebody first asks for it, and then kept.

Law: it is kept in the object's dictionary under its own name, where the next who ask find it at once. Nobody
is kept waiting: Python 3.11's `cached_property` takes a lock first, which costs more than many a value. Who
asks from two threads at once may reckon twice, and gets the same.
"""

from collections.abc import Callable
from typing import Generic, TypeVar, overload

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class once(Generic[Owner, Value]):  # noqa: N801 - a decorator, as `property` is
    """Makes a method without arguments an attribute; of a class whose objects have a dictionary."""

    def __init__(self, reckon: Callable[[Owner], Value]) -> None:
        self._reckon, self._name = reckon, reckon.__name__
        self.__doc__ = reckon.__doc__

    @overload
    def __get__(self, owner: None, kind: type[Owner]) -> "once[Owner, Value]": ...
    @overload
    def __get__(self, owner: Owner, kind: type[Owner]) -> Value: ...
    def __get__(self, owner: Owner | None, kind: type[Owner]) -> "Value | once[Owner, Value]":
        """The value, of an object that does not have it yet."""
        if owner is None:
            return self
        value = owner.__dict__[self._name] = self._reckon(owner)
        return value
