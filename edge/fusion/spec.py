"""Rules over several sources, ready to be judged: which sources there are, and expressions over them.

Law: a few words carry the whole language. `AtLeast` is all of, any of and so many of; with a span, each of
its parts may have held at its own moment of the last `within_ns`. Everything is frozen and valid from birth;
`clause` is the way to the clause as it was written, so that a reason can be told in its words.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from edge.values.event import Severity
from edge.values.sensor import SensorKind

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SensorSource:
    """A sensor.

    Attributes:
        id: its id; a fact's source is `sensor/<id>`.
        kind: what sort it is.
        stale_ns: a reading is believed for so long.
        ranges: bounds between which each measurement can be true, by name.
        stuck_ns: whoever says the very same number for so long is broken; 0 for never.
        urgent: whether its words wait for nobody, and count when they came if its clock is wrong.
    """

    id: str
    kind: SensorKind
    stale_ns: int
    ranges: tuple[tuple[str, float, float], ...] = ()
    stuck_ns: int = 0
    urgent: bool = False

    @property
    def source(self) -> str:
        """As facts name it."""
        return f"sensor/{self.id}"


@dataclass(frozen=True, slots=True)
class CameraSource:
    """A camera of some box: its id is `<node>/<camera>`; what it said is believed for `stale_ns`."""

    id: str
    stale_ns: int

    @property
    def source(self) -> str:
        """As facts name it."""
        return f"camera/{self.id}"


Source = SensorSource | CameraSource


@dataclass(frozen=True, slots=True)
class Measured:
    """What a sensor must say: one of the words, or a measure strictly above and below bounds."""

    measure: str = ""
    above: float | None = None
    below: float | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """What a camera must see: an event of a kind, perhaps only somewhere, by some rules, or so serious."""

    kind: str
    places: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    severity: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Signal:
    """One source says so."""

    clause: Path
    source: str
    test: Measured | Happening


@dataclass(frozen=True, slots=True)
class Times:
    """So many events began at these cameras, all together, within the last `within_ns`."""

    clause: Path
    sources: tuple[str, ...]
    test: Happening
    times: int
    within_ns: int


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    clause: Path
    part: "Expression"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `wanted` of the parts hold: now, or each at its own moment within the last `within_ns`."""

    clause: Path
    wanted: int
    parts: tuple["Expression", ...]
    within_ns: int = 0


Expression = Signal | Times | Not | AtLeast


@dataclass(frozen=True, slots=True)
class FusionRule:
    """A rule, perhaps at several spots.

    Attributes:
        id, severity, sha256: its name, how serious it is, and the hash of how it was written.
        spots: what must hold, by the source around which that is; the one key is "" without nearness.
        for_ns: how long it must hold before it starts.
        clear_ns: how long it must not hold before it ends.
        unknown_ns: how long it may be unknown before it ends.
        update_ns: least time between two updates.
        cooldown_ns: how long after an end no other begins.
    """

    id: str
    severity: Severity
    sha256: str
    spots: tuple[tuple[str, Expression], ...]
    for_ns: int = 0
    clear_ns: int = 1_000_000_000
    unknown_ns: int = 30_000_000_000
    update_ns: int = 5_000_000_000
    cooldown_ns: int = 0


@dataclass(frozen=True, slots=True)
class FusionSpec:
    """Everything that is judged by one fusion, whose name `node` makes its events' ids its own."""

    node: str
    sources: tuple[Source, ...]
    rules: tuple[FusionRule, ...]

    @property
    def horizon_ns(self) -> int:
        """How far back any rule looks."""
        looks = (look_back(each) for rule in self.rules for _, each in rule.spots)
        return max(looks, default=0)


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """The expressions of which it is made."""
    match expression:
        case AtLeast(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case Signal() | Times():
            return ()


def leaves(expression: Expression) -> Iterator[Signal | Times]:
    """What is asked of sources, in order."""
    if isinstance(expression, Signal | Times):
        yield expression
    for part in parts_of(expression):
        yield from leaves(part)


def sources_of(expression: Expression) -> tuple[str, ...]:
    """The sources it asks, each once, in order."""
    asked = (leaf.sources if isinstance(leaf, Times) else (leaf.source,) for leaf in leaves(expression))
    return tuple(dict.fromkeys(source for several in asked for source in several))


def look_back(expression: Expression) -> int:
    """How many ns before a moment a fact may lie that matters at it."""
    own = expression.within_ns if isinstance(expression, AtLeast | Times) else 0
    return own + max((look_back(part) for part in parts_of(expression)), default=0)
