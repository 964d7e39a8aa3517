"""What a patch is: something left, something taken, or only light.

Law: whoever stands there brings an edge; where something went, the edge goes with it (Y. Tian, R. Feris, H.
Liu, A. Hampapur and M. Sun, "Robust detection of abandoned and removed objects in complex surveillance
videos", IEEE Trans. SMC-C 41(5), 2011: the edge around a region, in the picture against the background). What
shows the street's own texture, only darker or brighter, is light.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from edge.things.outline import Outline
from edge.view.outline import Grey

UNSURE = 0.15
"""Balance between the two that decides nothing."""
SAME_TEXTURE = 0.8
"""Correlation with the street from which a patch shows the street."""
TEXTURED = 1.5
"""Grey levels of spread, in shares of the margin's third, that make a texture."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one patch looks like.

    Attributes:
        lit: only the light differs.
        edges: -1..1, from all edges on the street to all in the picture.
        contrast: mean difference from the street, in shares of the one that counts.
    """

    lit: bool
    edges: float
    contrast: float


def look_of(outline: Outline, now: Grey, bare: Grey, margin: Grey) -> Look:
    """Judge a patch by the picture of the last seconds and the street in the same light.

    Args:
        outline: of the patch.
        now, bare, margin: float32 rows×columns of the whole picture.
    """
    inner, window = outline.inner, margin[outline.where]
    seen, street = now.take(inner), bare.take(inner)
    here, there = _mean(seen), _mean(street)
    faint = float(np.add.reduce(window, axis=None)) / window.size / 3
    apart = seen - street
    np.abs(apart, out=apart)
    apart /= margin.take(inner)
    steps = _step_balance(here, there, now.take(outline.outer), bare.take(outline.outer), faint)
    balance = (_edge_balance(outline, now, bare, faint) + steps) / 2
    return Look(_is_light(seen - np.float32(here), street - np.float32(there), faint), balance, _mean(apart))


def _edge_balance(outline: Outline, now: Grey, bare: Grey, faint: float) -> float:
    """Edges on the outline: all on the street -1, all in the picture 1."""
    here, there = outline.steepness(now), outline.steepness(bare)
    return (here - there) / (here + there + faint)


def _step_balance(seen: float, street: float, seen_around: Grey, street_around: Grey, faint: float) -> float:
    """How far inside and outside lie apart: only on the street -1, only in the picture 1."""
    if not len(seen_around):
        return 0.0
    here, there = abs(seen - _mean(seen_around)), abs(street - _mean(street_around))
    return (here - there) / (here + there + faint)


def _is_light(a: Grey, b: Grey, faint: float) -> bool:
    """Whether cells of the picture and of the street, less their means, are one texture in another light."""
    of_street = float(np.add.reduce(b * b))
    norm = sqrt(float(np.add.reduce(a * a)) * of_street)
    if norm == 0.0 or sqrt(of_street / len(b)) <= TEXTURED * faint:
        return False
    return float(np.add.reduce(a * b)) / norm >= SAME_TEXTURE


def _mean(values: Grey) -> float:
    return float(np.add.reduce(values)) / len(values)
