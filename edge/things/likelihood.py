"""What a patch is: something left, something taken, or only light.

Law: whoever stands there brings an edge; where something went, the edge goes with it (Y. Tian, R. Feris, H.
Liu, A. Hampapur and M. Sun, "Robust detection of abandoned and removed objects in complex surveillance
videos", IEEE Trans. SMC-C 41(5), 2011: the edge around a region, in the picture against the background). What
shows the street's own texture, only darker or brighter, is light.
"""

from dataclasses import dataclass

import numpy as np

from edge.things.grid import Flags, Grey
from edge.things.patches import Patch, grown, shrunk

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


def look_of(patch: Patch, now: Grey, bare: Grey, margin: Grey) -> Look:
    """Judge a patch by the picture of the last seconds and the street in the same light.

    Args:
        patch: which cells.
        now, bare, margin: float32 rows×columns of the whole picture.
    """
    around = patch.with_rim(now.shape)
    window, cells = around.where, around.cells
    seen, street = now[window], bare[window]
    inner, ring = cells, grown(grown(cells)) & ~shrunk(shrunk(cells))
    faint = float(margin[window].mean()) / 3
    contrast = float((np.abs(seen - street)[inner] / margin[window][inner]).mean())
    balance = (_edge_balance(seen, street, ring, faint) + _step_balance(seen, street, inner, faint)) / 2
    return Look(_is_light(seen[inner], street[inner], faint), balance, contrast)


def _edge_balance(seen: Grey, street: Grey, ring: Flags, faint: float) -> float:
    """Edges on the outline: all on the street -1, all in the picture 1."""
    here, there = _steepness(seen)[ring].mean(), _steepness(street)[ring].mean()
    return float((here - there) / (here + there + faint))


def _steepness(grey: Grey) -> Grey:
    down, right = np.gradient(grey)
    return np.asarray(np.hypot(down, right))


def _step_balance(seen: Grey, street: Grey, inner: Flags, faint: float) -> float:
    """How far inside and outside lie apart: only on the street -1, only in the picture 1."""
    outer = grown(grown(grown(inner))) & ~grown(inner)
    if not outer.any():
        return 0.0
    here = abs(float(seen[inner].mean()) - float(seen[outer].mean()))
    there = abs(float(street[inner].mean()) - float(street[outer].mean()))
    return (here - there) / (here + there + faint)


def _is_light(seen: Grey, street: Grey, faint: float) -> bool:
    """Whether cells show the texture of the street in another light."""
    a, b = seen - seen.mean(), street - street.mean()
    spread = float(np.sqrt((b * b).mean()))
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return spread > TEXTURED * faint and norm > 0 and float((a * b).sum()) / norm >= SAME_TEXTURE
