"""Procedural street scenes with exact ground truth; nobody real is in them.

A clip and its truth from a scene file (see `edge.samples.scene_file`):

    clip, truth = make(Path("sample_videos/scenes/plaza.yaml"), Path("out"))

Endless labelled pictures, for training:

    rng = np.random.default_rng(7)
    scene = random_scene(rng, people=None, frames=3)
    for pixels, frame in render(scene, rng):     # RGB uint8 H×W×3, edge.values.truth.TrueFrame
        for o in frame.objects:                  # o.label, o.visible (unit box or None), o.full, o.visibility
            ...

One scene costs a backdrop (a quarter of a second at 640×360), each picture some milliseconds per person.
"""

from edge.samples.chance import random_scene
from edge.samples.clip import make
from edge.samples.scene import Scene
from edge.samples.stage import render

__all__ = ["Scene", "make", "random_scene", "render"]
