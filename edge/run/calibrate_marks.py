"""What was marked in a camera's picture to measure its ground, and which of it is doubted, to be drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from edge.config.ground import GroundPlane
from edge.ground.agreement import Agreement
from edge.scene.polygons import Point


class What(StrEnum):
    """What was marked."""

    SPOT = "spot"
    ALONG = "along"
    ACROSS = "across"
    LENGTH = "length"
    EDGE = "edge"


class Doubt(StrEnum):
    """Whether it fits the others."""

    NONE = ""
    PERHAPS = "perhaps wrong"
    WRONG = "does not fit"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was marked: a spot, or a line of several points, unit square; `number` counts from 1."""

    what: What
    number: int
    points: tuple[Point, ...]
    doubt: Doubt


def marks_of(written: GroundPlane) -> tuple[Mark, ...]:
    """All that was marked for a ground.

    Raises:
        ValueError: they do not say where the ground lies, however they are turned.
    """
    marks: list[Mark] = []
    if written.bend is not None:
        marks += _marks(What.EDGE, written.edges, written.bend.agreement)
    if (surveyed := written.surveyed()) is not None:
        spots = [(point.at,) for point in written.points]
        marks += _marks(What.SPOT, spots, surveyed.agreement)
    if written.lines is not None and (met := written.met()) is not None:
        for what, lines, each in zip(
            (What.ALONG, What.ACROSS), (written.lines.along, written.lines.across), met, strict=True
        ):
            marks += _marks(what, lines, each.agreement)
        lengths = [known.ends for known in written.lines.lengths]
        marks += _marks(What.LENGTH, lengths, written.lengths_agree())
    return tuple(marks)


def _marks(what: What, drawn: Sequence[Sequence[Point]], agreement: Agreement | None) -> Iterator[Mark]:
    for i, points in enumerate(drawn):
        doubt = Doubt.NONE
        if agreement is not None and i in agreement.wrong:
            doubt = Doubt.WRONG
        elif agreement is not None and i in agreement.suspects:
            doubt = Doubt.PERHAPS
        yield Mark(what, i + 1, tuple(points), doubt)
