"""Facts: what one source said of one moment, by its own clock. A closed union.

Law: facts are values and know their order; two that are equal are one. What a fact does not say, nobody
knows: there is no default.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """A sensor said a number, or a word.

    Attributes:
        utc_ns: when, by the sensor's clock.
        sensor: its id.
        boot: run of the sensor; `sequence` counts within it.
        sequence: number of the reading.
        numbers: what it measured, in the order of its kind; a gate's are its two totals.
        word: what it said; "" for one that measures.
    """

    utc_ns: int
    sensor: str
    boot: str
    sequence: int
    numbers: tuple[float, ...] = ()
    word: str = ""

    @property
    def source(self) -> str:
        """Who said it."""
        return f"sensor/{self.sensor}"

    @property
    def id(self) -> str:
        """Which message said it."""
        return f"{self.boot}.{self.sequence}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A camera's event as one of its messages told it.

    Attributes:
        utc_ns: when it was judged on the box.
        camera: `<node>/<camera>`.
        event_id: stable over the event's revisions.
        revision: counting up.
        lasts: whether it goes on after this; False for its end.
        instant: whether it had no duration.
        blind: whether it ended because nobody saw any more.
        kind, place, rule: of the event.
        severity: its rank, 0..4.
        count: objects that take part.
    """

    utc_ns: int
    camera: str
    event_id: str
    revision: int
    lasts: bool
    instant: bool
    blind: bool
    kind: str
    place: str
    rule: str
    severity: int
    count: int

    @property
    def source(self) -> str:
        """Who saw it."""
        return f"camera/{self.camera}"

    @property
    def id(self) -> str:
        """Which message said it."""
        return f"{self.event_id}.{self.revision}"


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a camera sees.

    Attributes:
        utc_ns: when that was judged on the box.
        camera: `<node>/<camera>`.
        well: whether somebody watches there.
    """

    utc_ns: int
    camera: str
    well: bool

    @property
    def source(self) -> str:
        """Whose health it is."""
        return f"camera/{self.camera}"

    @property
    def id(self) -> str:
        """Which message said it."""
        return f"state.{self.utc_ns}"


Fact = Reading | Seen | Health


def order(fact: Fact) -> tuple[object, ...]:
    """Facts are judged in this order, in whatever order they came; total, so that it is always the same."""
    match fact:
        case Health():
            return (fact.utc_ns, fact.source, 0, "", 0, fact.well)
        case Seen():
            return (fact.utc_ns, fact.source, 1, fact.event_id, fact.revision, fact.lasts)
        case Reading():
            return (fact.utc_ns, fact.source, 2, fact.boot, fact.sequence, fact.numbers, fact.word)
