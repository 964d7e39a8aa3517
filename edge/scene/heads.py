"""How many stand in a zone, if who stands on its border is in it by chance."""

import numpy as np

from edge.scene.objects import Objects
from edge.scene.spec import SceneSpec
from edge.values.crowd import Heads

FEET_SD = 0.05
"""How exactly a box tells where its feet are, standard deviation as a share of its height."""


def heads_in(z: int, objects: Objects, spec: SceneSpec) -> dict[str, Heads]:
    """How many of each class stand in zone `z`; the band around its border would count too few.

    Each is inside with the logistic stand-in for the normal distribution of its depth (Bowling et al.,
    JIEM 2009, 2(1), 114-127); the sum of such chances has the variance of the sum of p (1 - p).
    """
    rows = np.flatnonzero(objects.believed)
    reach = FEET_SD * np.maximum(objects.heights[rows], 1e-6)
    depth = np.clip(objects.depth[rows, z] / reach, -20.0, 20.0)
    chance = 1 / (1 + np.exp(-1.702 * depth))
    kinds, most = objects.classes[rows], len(spec.labels)
    mean = np.bincount(kinds, chance, minlength=most).tolist()
    variance = np.bincount(kinds, chance * (1 - chance), minlength=most).tolist()
    allowed = spec.zones[z].classes
    return {
        label: Heads(mean[k], variance[k])
        for k, label in enumerate(spec.labels)
        if allowed is None or label in allowed
    }
