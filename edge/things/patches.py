"""The patches of a picture in which something may stand: cells that belong together, and are enough."""

import numpy as np

from edge.view.patch import Flags, Patch, around, connected, cropped, grown, patch_of

LEAST_CELLS = 8
"""Fewer cells are noise: a bag of 40 cm has as many thirty metres away."""
MOST_PATCHES = 64
"""More at once are no things: leaves, snow, or a place that is another one."""


def patches(flags: Flags) -> list[Patch] | None:
    """The patches of a picture, from top to bottom; None if there are more than can be things.

    Cells that stand alone go; cells with less than two others between them belong together.
    """
    if np.count_nonzero(flags) < LEAST_CELLS:
        return []
    top, left, crop = cropped(flags)
    crop &= around(crop) >= 4
    if np.count_nonzero(crop) < LEAST_CELLS:
        return []
    groups = connected(grown(crop))
    if len(groups) > MOST_PATCHES * 4:
        return None
    found = [patch for runs in groups if (patch := patch_of(runs, crop, top, left, LEAST_CELLS)) is not None]
    return found if len(found) <= MOST_PATCHES else None
