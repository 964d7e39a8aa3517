"""A clause of a rule over several sources, as the configuration writes it.

Law: a clause has one head word, which says what it is; keys that its head would never read are refused.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from edge.config.fields import Id, Strict
from edge.config.thresholds import SeverityWord
from edge.rules.spec import INSTANT_KINDS
from edge.values.event import Kind
from edge.values.sensor import RANGES, WORDS, SensorKind, SensorWord

HEADS = ("all_of", "any_of", "of", "not", "sensor", "event", "rule")

_READ = {
    "all_of": {"within_s"},
    "any_of": {"within_s"},
    "of": {"at_least", "within_s"},
    "not": set[str](),
    "rule": set[str](),
    "sensor": {"sensors", "measure", "above", "below", "is", "at_least", "within_s"},
    "event": {"cameras", "places", "rules", "severity", "objects", "times", "at_least", "within_s"},
}

Parts = Annotated[list["Clause"], Field(min_length=1, max_length=16)]


def _camera(name: str) -> str:
    node, slash, camera = name.partition("/")
    if not (node and slash and camera) or "/" in camera:
        raise ValueError(f"wanted NODE/CAMERA, got {name!r}")
    return name


class Clause(Strict):
    """What must hold. One head word: all_of, any_of, of, not, sensor, event, rule."""

    all_of: Parts | None = Field(None, description="head: every one of these clauses holds")
    any_of: Parts | None = Field(None, description="head: at least one of these clauses holds")
    of: Parts | None = Field(None, description="head: `at_least` so many of these clauses hold")
    not_: "Clause | None" = Field(None, alias="not", description="head: this clause is known not to hold")
    sensor: SensorKind | None = Field(None, description="head: sensors of this kind say something")
    event: Kind | None = Field(None, description="head: cameras see an event of this kind")
    rule: Id | None = Field(None, description="head: what that rule of this file wants holds")
    at_least: int = Field(
        1, description="of: clauses; sensor, event: sources that say so at once", ge=1, le=1000
    )
    within_s: float = Field(
        0.0,
        description="each part may have held at its own moment of the last so many seconds; now, if 0",
        ge=0,
        le=86_400,
    )
    sensors: list[Id] = Field(
        default_factory=list, description="sensor: these; all of its kind if empty", max_length=1000
    )
    measure: str | None = Field(
        None, description="sensor: gate: entered_per_min or left_per_min", max_length=32
    )
    above: float | None = Field(
        None, description="sensor: it measures more than this", ge=-1_000_000, le=1_000_000
    )
    below: float | None = Field(
        None, description="sensor: it measures less than this", ge=-1_000_000, le=1_000_000
    )
    is_: SensorWord | None = Field(None, alias="is", description="sensor: panic, door: it says this word")
    cameras: list[Annotated[str, AfterValidator(_camera)]] = Field(
        default_factory=list, description="event: these, as NODE/CAMERA; all if empty", max_length=1000
    )
    places: list[Id] = Field(
        default_factory=list, description="event: only at these zones or lines", max_length=64
    )
    rules: list[Id] = Field(
        default_factory=list, description="event: only by these rules of the box", max_length=64
    )
    severity: SeverityWord = Field("info", description="event: at least so serious")
    objects: int = Field(0, description="event: with at least so many objects", ge=0, le=100_000)
    times: int = Field(
        1,
        description="event: so many of them began within `within_s`, all cameras together",
        ge=1,
        le=10_000,
    )

    @property
    def head(self) -> str:
        """The word that says what it is."""
        return next(name for name in HEADS if getattr(self, "not_" if name == "not" else name) is not None)

    @property
    def parts(self) -> tuple["Clause", ...]:
        """The clauses in it."""
        several = self.all_of or self.any_of or self.of
        if several is not None:
            return tuple(several)
        return () if self.not_ is None else (self.not_,)

    @model_validator(mode="after")
    def _has_one_head(self) -> Self:
        written = {("is" if key == "is_" else key).rstrip("_") for key in self.model_fields_set}
        heads = [name for name in HEADS if name in written]
        if len(heads) != 1:
            got = " and ".join(heads) or "none"
            raise ValueError(f"a clause wants one of {', '.join(HEADS)}, got {got}")
        unread = sorted(written - _READ[heads[0]] - {heads[0]})
        if unread:
            readable = ", ".join(sorted(_READ[heads[0]])) or "nothing else"
            raise ValueError(f"a clause with {heads[0]} reads {readable}; got {', '.join(unread)}")
        return self

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.of is not None and self.at_least > len(self.of):
            raise ValueError(f"wanted at_least of at most {len(self.of)} clauses, got {self.at_least}")
        if self.sensor is not None:
            self._asks_a_sensor(self.sensor)
        if "objects" in self.model_fields_set and not self.objects:
            raise ValueError("objects: wanted at least 1, got 0; that nobody is there says not: {event: …}")
        if self.times > 1 and (self.at_least > 1 or not self.within_s):
            raise ValueError("times wants within_s, and no at_least")
        return self

    def _asks_a_sensor(self, kind: SensorKind) -> None:
        measures, words = tuple(RANGES[kind]), WORDS.get(kind, ())
        if words:
            if self.is_ not in words or (self.measure, self.above, self.below) != (None, None, None):
                raise ValueError(f"a {kind} sensor wants is: {' or '.join(words)}")
            return
        if self.is_ is not None or (self.above is None and self.below is None):
            raise ValueError(f"a {kind} sensor wants above or below, in {' or '.join(measures)}")
        if (self.measure or measures[0]) not in measures or (len(measures) > 1 and self.measure is None):
            got = self.measure or "nothing"
            raise ValueError(f"a {kind} sensor wants measure: {' or '.join(measures)}, got {got}")
        if self.above is not None and self.below is not None and self.above >= self.below:
            raise ValueError(f"nothing is above {self.above:g} and below {self.below:g}")

    @property
    def needs_span(self) -> bool:
        """Whether it is about what is over at once, so that nothing else can hold at the same moment."""
        return self.event in INSTANT_KINDS


Clause.model_rebuild()
