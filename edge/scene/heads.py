"""How many stand in a zone, if who stands on its border is in it by chance."""

import numpy as np

from edge.scene.objects import Objects
from edge.scene.spec import SceneSpec
from edge.values.crowd import Heads

FEET_SD = 0.05
"""How exactly a box tells where its feet are, standard deviation as a share of its height."""


def heads_of(objects: Objects, spec: SceneSpec) -> list[dict[str, Heads]]:
    """How many of each class stand in each zone; the band around its border would count too few.

    Each is inside with the logistic stand-in for the normal distribution of its depth (Bowling et al.,
    JIEM 2009, 2(1), 114-127); the sum of such chances has the variance of the sum of p (1 - p).
    Without ground there are none.
    """
    if spec.ground is None:
        return [{}] * len(spec.zones)
    believed = objects.believed
    reach = FEET_SD * np.maximum(objects.heights[believed], 1e-6)
    depth = objects.depth[believed] / reach[:, None]
    chance = 1 / (1 + np.exp(-1.702 * np.minimum(np.maximum(depth, -20.0), 20.0)))
    of_class = (np.arange(len(spec.labels))[:, None] == objects.classes[believed]).astype(np.float64)
    mean, variance = (of_class @ chance).T.tolist(), (of_class @ (chance * (1 - chance))).T.tolist()
    return [
        {
            label: Heads(mean[z][k], variance[z][k])
            for k, label in enumerate(spec.labels)
            if zone.classes is None or label in zone.classes
        }
        for z, zone in enumerate(spec.zones)
    ]
