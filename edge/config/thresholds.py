"""From how much on a rule tells: thresholds as they are written, each within the bounds of its kind."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from edge.config.fields import Strict
from edge.rules.spec import HEAT, INSTANT_KINDS, MEASURES, MOVERS, THINGS, UNITS
from edge.strictyaml.document import Loc
from edge.values.event import Kind

MOST_OBJECTS = 10_000
SeverityWord = Literal["info", "minor", "moderate", "severe", "extreme"]
_LEAST = min(least for least, _ in MEASURES.values())
_MOST = max(most for _, most in MEASURES.values())
Level = (
    Annotated[int, Field(json_schema_extra={"minimum": 1, "maximum": MOST_OBJECTS})]
    | Annotated[float, Field(json_schema_extra={"minimum": _LEAST, "maximum": _MOST})]
)
"""A number of objects, or of the kind's measure. Editors are told what any kind may ask; what this one may,
`beyond` says: no number is refused by one bound and allowed by another."""


class Rung(Strict):
    """A rung of the severity ladder."""

    at_least: Level = Field(description="objects, or the kind's measure, from which this severity holds")
    severity: SeverityWord = Field(description="how serious from there on")


def beyond(
    kind: Kind, at_least: float, clear_below: float | None, steps: Sequence[Rung]
) -> Iterator[tuple[Loc, str]]:
    """Thresholds that this kind cannot reach, each at its key; none of a kind that has no thresholds."""
    if kind in INSTANT_KINDS | THINGS | MOVERS | HEAT:
        return
    least, most = MEASURES.get(kind, (1, MOST_OBJECTS))
    found: list[tuple[Loc, float | None]] = [(("at_least",), at_least), (("clear_below",), clear_below)]
    found += [(("steps", index, "at_least"), step.at_least) for index, step in enumerate(steps)]
    for loc, value in found:
        if value is not None and not least <= value <= most:
            unit = UNITS.get(kind, "objects")
            yield loc, f"wanted {least:g} to {most:g} {unit} for a rule of {kind.value}, got {value:g}"
