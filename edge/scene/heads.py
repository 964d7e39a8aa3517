"""How many stand in a zone, if who stands on its border is in it by chance."""

import numpy as np

from edge.scene.objects import I64, Flags
from edge.scene.segments import F64
from edge.scene.spec import SceneSpec
from edge.values.crowd import Heads

FEET_SD = 0.05
"""How exactly a box tells where its feet are, standard deviation as a share of its height."""

SURELY = 20.0
"""So many of these from the border, nobody is on its other side by chance."""


NOBODY = Heads(0.0, 0.0)


def heads_of(
    depth: F64, heights: F64, believed: Flags, classes: I64, spec: SceneSpec
) -> list[dict[str, Heads]]:
    """How many of each class stand in each zone; the band around its border would count too few.

    Each is inside with the logistic stand-in for the normal distribution of its depth (Bowling et al.,
    JIEM 2009, 2(1), 114-127); the sum of such chances has the variance of the sum of p (1 - p).

    Args:
        depth, heights, believed, classes: columns of `Objects`.
        spec: of the scene.
    """
    reach = FEET_SD * np.maximum(heights, 1e-6)
    near = depth > -SURELY * reach[:, None]
    if np.count_nonzero(believed) < len(believed):
        near &= believed[:, None]
    rows, zones = near.nonzero()
    sure = np.minimum(depth.take(rows * len(spec.zones) + zones) / reach.take(rows), SURELY)
    chance = 1 / (1 + np.exp(-1.702 * sure))
    labels, spots = len(spec.labels), len(spec.labels) * len(spec.zones)
    which = zones * labels + classes[rows]
    mean, variance = (np.bincount(which, each, spots).tolist() for each in (chance, chance * (1 - chance)))
    return [
        {
            label: Heads(mean[k], variance[k]) if mean[k] else NOBODY
            for k, label in enumerate(spec.labels, z * labels)
            if zone.classes is None or label in zone.classes
        }
        for z, zone in enumerate(spec.zones)
    ]
