"""Synthetic pictures with exact labels, from the program's own sample renderer; nobody real is in them.

Empty scenes come out of it as well, and are wanted: they teach what is no person.
"""

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import av
import cv2
import numpy as np

from edge.samples import Scene, random_scene, render
from edge.samples.bustle import bustling_scene
from edge.samples.scene import Fixture, FixtureKind, Hour, Label
from edge.values.frame import Pixels
from edge.values.truth import TrueFrame, Truth
from models.training.data import LABELS, Labelled

SIDE = 448
"""Longest side of a picture on a shelf, pixels."""
CLEAR = 0.3
"""Share of a body that must be seen to be a label; less of it, and the place is ignored."""
FRAMES = 2
STANDING = (
    FixtureKind.POLE,
    FixtureKind.BOLLARD,
    FixtureKind.BIN,
    FixtureKind.GATE_POST,
    FixtureKind.TREE,
)
DAYLIGHT = (Hour.DAY, Hour.OVERCAST)
MOST_POSTS = 12
"""Posts, bins and trees put into a deserted scene beside its own."""


class View(StrEnum):
    """What a rendered set shows."""

    STREET = "street"  # as street cameras mostly look
    ABOVE = "above"  # down on the road, as from a bridge or a gantry
    DARK = "dark"  # a street at dusk, at night or under the camera's own lamp
    BUSTLE = "bustle"  # bicycles, buses and lorries, runners, people half hidden: what is found worst
    NOBODY = "nobody"  # a street with traffic and, where people would stand, posts, bins and trees


def pictures(count: int, seed: int, view: View = View.STREET) -> Iterator[Labelled]:
    """That many pictures of scenes by chance; each scene depends on the seed and its own number alone."""
    change = {View.ABOVE: _from_above, View.NOBODY: _deserted}.get(view, _as_it_is)
    for number in range(-(-count // FRAMES)):
        rng = np.random.default_rng((seed, number))
        scene = _scene(rng, view)
        for pixels, truth in render(change(scene, rng), rng):
            yield labelled(f"synthetic-{seed}-{number}-{truth.index}", pixels, truth)


def filmed(folder: Path, every_s: float = 2.0) -> Iterator[Labelled]:
    """Frames of the sample clips of a folder, one every so many seconds, with the boxes of their truth."""
    for path in sorted(folder.glob("*.truth.json")):
        truth = Truth.from_json(json.loads(path.read_text(encoding="utf-8")))
        step = round(truth.fps * every_s)
        with av.open(str(path).replace(".truth.json", ".mp4")) as clip:
            frames = zip(clip.decode(clip.streams.video[0]), truth.frames, strict=False)
            for picture, true in itertools.islice(frames, 0, None, step):
                pixels = picture.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
                yield labelled(f"{truth.name}-{true.index}", pixels, true)


def _scene(rng: np.random.Generator, view: View) -> Scene:
    if view is View.BUSTLE:
        return bustling_scene(rng, FRAMES)
    return dark_scene(rng) if view is View.DARK else random_scene(rng, frames=FRAMES)


def dark_scene(rng: np.random.Generator) -> Scene:
    """The first scene by chance that is not in daylight: its lamps and cars are lit as they should be."""
    scenes = (random_scene(rng, frames=FRAMES) for _ in itertools.count())
    return next(scene for scene in scenes if scene.hour not in DAYLIGHT)


def _from_above(scene: Scene, rng: np.random.Generator) -> Scene:
    away = scene.ground.road_y_m
    height = away * float(rng.uniform(0.6, 1.6))
    tilt = float(np.degrees(np.arctan2(height, away)) + rng.uniform(-6, 6))
    focal = scene.camera.width * float(rng.uniform(0.9, 2.2))
    yaw = float(rng.uniform(-60, 60))
    camera = replace(scene.camera, height_m=height, tilt_deg=tilt, focal_px=focal, yaw_deg=yaw)
    return replace(scene, camera=camera)


def _as_it_is(scene: Scene, rng: np.random.Generator) -> Scene:  # noqa: ARG001 one signature for all views
    return scene


def _deserted(scene: Scene, rng: np.random.Generator) -> Scene:
    """The same place without anybody; where somebody was, something stands in half of the cases."""
    people = [actor for actor in scene.actors if actor.label in (Label.PERSON, Label.BICYCLE)]
    posts = [
        Fixture(STANDING[int(rng.integers(len(STANDING)))], at.x_m, at.y_m)
        for at in (actor.path[0] for actor in people[:MOST_POSTS])
        if rng.random() < 0.5
    ]
    traffic = tuple(actor for actor in scene.actors if actor not in people)
    return replace(scene, actors=traffic, fixtures=(*scene.fixtures, *posts))


def labelled(name: str, pixels: Pixels, truth: TrueFrame) -> Labelled:
    """A rendered frame, scaled to the side of the shelf, with the boxes of what can be seen."""
    scale = SIDE / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    seen = [thing for thing in truth.objects if thing.visible is not None]
    boxes = np.array([thing.visible for thing in seen], np.float32).reshape(-1, 4)
    return Labelled(
        name,
        small.astype(np.uint8),
        np.clip(boxes, 0, 1) * np.array([width, height] * 2, np.float32),
        np.array([LABELS.index(thing.label) for thing in seen], np.int64),
        np.array([1.0 if thing.visibility >= CLEAR else 0.2 for thing in seen], np.float32),
    )
