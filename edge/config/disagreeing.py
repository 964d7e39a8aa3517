"""What a configuration is told of marks that do not fit each other: which, how far, and what to do.

Law: marks that no stated exactness explains were mixed up, and are refused. One that is only worse than it
is left out where the others agree against it, and widens the doubt where they do not; both are told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.ground.agreement import FARTHEST_SD, Agreement
from edge.ground.lens import F64
from edge.ground.plumb import Bend
from edge.ground.surveyed import Survey
from edge.ground.vanishing import Exactness, Met, Vanished

SUSPECT = 3.0
"""So many standard deviations are hardly ever chance."""

WIDE_DEG = 75.0
"""Lenses that see wider are seldom straight: one that keeps angles (r = f · angle) shows a side of such a
picture 15 % nearer to the middle than a straight one."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Marks that do not fit each other.

    Attributes:
        text: which, how far, and what to do.
        grave: whether nothing that comes of them could be believed.
    """

    text: str
    grave: bool


def of_points(found: Survey) -> list[Disagreement]:
    """What is to be said of surveyed points."""
    shares = found.misfit_m / found.expected_m
    if not found.agreement.doubted and shares.max() <= SUSPECT:
        return []
    off, expected = _worst(found.agreement, found.misfit_m, found.expected_m)
    far = f"{off:.2f} m where {expected:.2f} m is expected"
    return [_told(found.agreement, "point", far, "survey", found.contradicts)]


def of_lines(along: Met, across: Met, sd: Exactness) -> list[Disagreement]:
    """What is to be said of lines that should be parallel on the street."""
    told = []
    for way, met in (("along", along), ("across", across)):
        if met.agreement.doubted:
            off, _ = _worst(met.agreement, met.off, np.full(len(met.off), sd.mark))
            far = f"{off:.1%} of the picture's height where {sd.mark:.1%} is expected"
            grave = met.agreement.contradicts or off > FARTHEST_SD * sd.mark
            told.append(_told(met.agreement, f"line {way}", far, "mark", grave))
    return told


def of_lengths(found: Vanished) -> list[Disagreement]:
    """What is to be said of the known lengths, and of the angle between lines along and across."""
    told = []
    if found.lengths.doubted:
        off, expected = _worst(found.lengths, np.abs(found.spans_off_m), found.spans_expected_m)
        far = f"{off:.2f} m where {expected:.2f} m is expected"
        told.append(_told(found.lengths, "length", far, "measure", found.lengths.contradicts))
    if found.corner_off > SUSPECT:
        told.append(
            Disagreement(
                f"lines along and across are at {found.corner_deg:.0f} ± {found.corner_sd_deg:.0f} degrees, "
                "not at right angles, if view_deg is right: look at both",
                found.contradicts,
            )
        )
    return told


def of_edges(found: Bend, given: float | None, given_sd: float, mark_sd: float) -> list[Disagreement]:
    """What is to be said of edges that tell the lens, and of another that is given in its place."""
    told = []
    if found.agreement.doubted:
        off, _ = _worst(found.agreement, found.after, np.full(len(found.after), mark_sd))
        far = f"{off:.1%} of the picture's height where {mark_sd:.1%} is expected"
        told.append(_told(found.agreement, "edge", far, "mark", found.agreement.contradicts))
    if given is not None and abs(found.strength - given) > SUSPECT * np.hypot(found.sd, given_sd):
        told.append(
            Disagreement(
                f"lens is {given:g}, and by the edges it is {found.strength:.3f} ± {found.sd:.3f}: leave it "
                "out, so that the edges tell it, or mark them again",
                False,
            )
        )
    return told


def of_view(view_deg: tuple[float, float] | None) -> list[Disagreement]:
    """What is to be said of a lens of which nothing is written, by how wide the camera sees."""
    if view_deg is None or view_deg[0] - view_deg[1] <= WIDE_DEG:
        return []
    text = (
        f"this camera sees {view_deg[0]:.0f} degrees wide, and nothing says how its lens bends, which no "
        "interval heeds: mark edges (docs/operator/ground.md), or write lens: 0 if its picture is straight"
    )
    return [Disagreement(text, False)]


def _worst(agreement: Agreement, off: F64, expected: F64) -> tuple[float, float]:
    """How far the mark that does not fit is off, or the worst, and what is expected."""
    which = agreement.wrong[0] if agreement.wrong else int(np.argmax(off / expected))
    return float(off[which]), float(expected[which])


def _told(agreement: Agreement, noun: str, far: str, again: str, grave: bool) -> Disagreement:
    """Which marks do not fit the others, and what to do.

    Args:
        agreement: of marks that are called so, such as `point`, and a number.
        far: how far they are off.
        again: what is to be done to them anew, as a verb.
        grave: whether they are refused.
    """
    wrong, suspects = agreement.wrong, agreement.suspects
    lost = f"{_listed(noun, wrong, 'and')} {'does' if len(wrong) == 1 else 'do'} not fit the others"
    plural = noun.replace(" ", "s ") if " " in noun else f"{noun}s"
    them = "it" if len(wrong) == 1 else "them"
    meanwhile = "" if grave else "; until then every number is less sure"
    if suspects:
        all_of = len(suspects) == agreement.count
        which = f"the {len(suspects)} {plural}" if all_of else _listed(noun, suspects, "or")
        one = f"{lost}, nor does one of {which}" if wrong else f"one of {which} does not fit the others"
        text = (
            f"{one}, and nothing tells which (off by {far}): look at each, or {again} one more, which tells"
        )
    elif wrong:
        left_out = "it is left out" if len(wrong) == 1 else "they are left out"
        meanwhile = f", or leave {them} out" if grave else f"; until then {left_out}"
        text = f"{lost}, which agree without {them} (off by {far}): {again} {them} again"
    else:
        text = (
            f"the {plural} do not fit each other (off by up to {far}), and leaving out any one does not mend "
            f"it: {again} them again, and see whether the lens bends (docs/operator/ground.md)"
        )
    return Disagreement(text + meanwhile, grave)


def _listed(noun: str, which: Sequence[int], last: str) -> str:
    """Such as `point 1, 3 or 4`, counted from 1."""
    numbers = [str(i + 1) for i in which]
    return f"{noun} {f' {last} '.join(part for part in (', '.join(numbers[:-1]), *numbers[-1:]) if part)}"
