"""Whether a rule can ever hold, and ever not hold: found by trying what its sources could say.

Law: what is called impossible is impossible. Where there are too many ways to try, or where parts look back
and so need not speak of the same moment, the benefit of the doubt is given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from edge.fusion.sensors import says
from edge.fusion.spec import (
    AtLeast,
    Expression,
    Measured,
    Not,
    SensorSource,
    Signal,
    Times,
    parts_of,
)

MOST_WAYS = 4096

Case = Mapping[object, object]
"""One way the sources could be: what each says, by what was asked of it."""


@dataclass(frozen=True, slots=True)
class Possible:
    """Whether an expression can hold, and whether it can not hold."""

    true: bool
    false: bool


def possible(expression: Expression, sensors: Mapping[str, SensorSource]) -> Possible:
    """What can become of an expression, for sensors by their source."""
    choices: dict[object, list[object]] = {}
    for part in _at_this_moment(expression):
        _choose(part, sensors, choices)
    ways = 1
    for choice in choices.values():
        ways *= len(choice)
    if ways > MOST_WAYS:
        return Possible(True, True)
    results = {_holds(expression, dict(zip(choices, way, strict=True))) for way in product(*choices.values())}
    return Possible(True in results, False in results)


def _at_this_moment(expression: Expression) -> Iterator[Expression]:
    """The parts that speak of the same moment as the whole; one that looks back speaks for itself."""
    if isinstance(expression, Signal | Times) or (isinstance(expression, AtLeast) and expression.within_ns):
        yield expression
        return
    for part in parts_of(expression):
        yield from _at_this_moment(part)


def _choose(
    part: Expression, sensors: Mapping[str, SensorSource], choices: dict[object, list[object]]
) -> None:
    """Enter what a part could say."""
    if isinstance(part, Signal) and isinstance(part.test, Measured):
        asked = (part.source, part.test.measure)
        cases = _words(part) if part.test.words else _values(part, sensors[part.source])
        choices[asked] = list(dict.fromkeys([*choices.get(asked, []), *cases]))
    elif isinstance(part, AtLeast):
        choices[part] = _looking_back(part, sensors)
    else:
        choices[_name(part)] = [False, True]


def _words(signal: Signal) -> list[object]:
    """The words that it asks for, and another one, which all sensors with words have."""
    assert isinstance(signal.test, Measured)
    return [*signal.test.words, ""]


def _values(signal: Signal, sensor: SensorSource) -> list[object]:
    """A number on each side of each bound, and on it, as far as the sensor can measure it."""
    assert isinstance(signal.test, Measured)
    low, high = next((low, high) for name, low, high in sensor.ranges if name == signal.test.measure)
    bounds = {bound for bound in (signal.test.above, signal.test.below) if bound is not None}
    step = (high - low) * 1e-9
    tried = {low, high, *(each for bound in bounds for each in (bound - step, bound, bound + step))}
    return [each for each in sorted(tried) if low <= each <= high]


def _looking_back(part: AtLeast, sensors: Mapping[str, SensorSource]) -> list[object]:
    each = [possible(inner, sensors) for inner in part.parts]
    found: list[object] = []
    if sum(not inner.true or inner.false for inner in each) > len(each) - part.wanted:
        found.append(False)
    if sum(inner.true for inner in each) >= part.wanted:
        found.append(True)
    return found


def _holds(expression: Expression, case: Case) -> bool:
    match expression:
        case Signal(test=Measured() as test, source=source):
            said = case[source, test.measure]
            return said in test.words if test.words else isinstance(said, float) and says(test, said)
        case AtLeast() if expression.within_ns:
            return case[expression] is True
        case AtLeast():
            return sum(_holds(part, case) for part in expression.parts) >= expression.wanted
        case Not():
            return not _holds(expression.part, case)
        case _:
            return case[_name(expression)] is True


def _name(part: Expression) -> object:
    """What is asked, wherever in the rule: the same question has the same answer."""
    match part:
        case Signal():
            return part.source, part.test
        case Times():
            return part.sources, part.test, part.times, part.within_ns
        case _:
            return part
