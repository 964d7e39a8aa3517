"""Procedural street scenes with exact ground truth; nobody real is in them.

Endless labelled pictures, for training:

    rng = np.random.default_rng(7)
    scene = random_scene(rng, people=None, frames=3)
    for pixels, frame in render(scene, rng):     # RGB uint8 H×W×3, edge.values.truth.TrueFrame
        for o in frame.objects:                  # o.label, o.visible (unit box or None), o.full, o.visibility
            ...

One scene costs a baked backdrop (a third of a second at 640×360), each picture a few milliseconds per person.
"""

from edge.samples.chance import random_scene
from edge.samples.scene import Scene
from edge.samples.stage import render

__all__ = ["Scene", "random_scene", "render"]
