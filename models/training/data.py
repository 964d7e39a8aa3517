"""Pictures with labels, kept decoded in memory, and their split by scene.

A `Shelf` is one set of pictures in one file: flat bytes, so that loading is one read and a picture is a view.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

LABELS = ("person", "bicycle", "car", "motorcycle", "bus", "truck")
SURE = 0.30
"""Fused teacher score from which a box is a label; from DOUBT to here, its place is ignored."""
DOUBT = 0.10
ANY = -1
"""Kind of a place that is ignored whatever is found there."""

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One picture: pixels RGB uint8 H×W×3; boxes n×4 corners in its pixels, kinds n (a class or ANY),
    scores n (1 = exact).
    """

    name: str
    pixels: Bytes
    boxes: Floats
    kinds: Ints
    scores: Floats


class Shelf:
    """A set of labelled pictures, indexed from 0."""

    def __init__(self, pictures: list[Labelled]) -> None:
        self._pictures = pictures

    def __len__(self) -> int:
        return len(self._pictures)

    def __getitem__(self, index: int) -> Labelled:
        return self._pictures[index]

    def take(self, which: npt.NDArray[np.bool_]) -> "Shelf":
        return Shelf([p for p, chosen in zip(self._pictures, which, strict=True) if chosen])

    @classmethod
    def joined(cls, shelves: "list[Shelf]") -> "Shelf":
        """All pictures of several shelves."""
        return cls([shelf[i] for shelf in shelves for i in range(len(shelf))])

    def save(self, path: Path) -> None:
        """Write the shelf; the file appears whole or not at all."""
        partial = path.with_suffix(".partial.npz")
        np.savez(
            partial,
            names=np.array([p.name for p in self._pictures]),
            sizes=np.array([p.pixels.shape[:2] for p in self._pictures]),
            counts=np.array([len(p.kinds) for p in self._pictures]),
            pixels=np.concatenate([p.pixels.reshape(-1) for p in self._pictures]),
            boxes=np.concatenate([p.boxes for p in self._pictures]).astype(np.float32),
            kinds=np.concatenate([p.kinds for p in self._pictures]).astype(np.int64),
            scores=np.concatenate([p.scores for p in self._pictures]).astype(np.float32),
        )
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Shelf":
        """The shelf in a file written by `save`."""
        with np.load(path) as file:
            held = {key: file[key] for key in file.files}
        ends = np.cumsum(held["sizes"].prod(1) * 3)[:-1]
        pixels = np.split(held["pixels"], ends)
        rows = [np.split(held[key], np.cumsum(held["counts"])[:-1]) for key in ("boxes", "kinds", "scores")]
        return cls(
            [
                Labelled(str(name), flat.reshape(*size, 3), *labels)
                for name, size, flat, *labels in zip(held["names"], held["sizes"], pixels, *rows, strict=True)
            ]
        )


def scenes(shelf: Shelf, alike: float = 0.75, neighbours: float = 0.35) -> Ints:
    """A scene number per picture; shared with what looks alike, or somewhat alike next to it.

    Likeness is the correlation of 24×16 grey thumbnails. Grouping by scene and not by picture keeps the
    test split honest: most sets hold runs of neighbouring video frames, and some repeat them far apart.
    """
    thumbs = np.stack([_thumbnail(shelf[i].pixels) for i in range(len(shelf))])
    likeness = thumbs @ thumbs.T
    links = likeness > alike
    steps = np.arange(len(shelf) - 1)
    links[steps, steps + 1] |= likeness[steps, steps + 1] > neighbours
    links |= links.T
    return _components(links)


def held_back(scene: Ints, share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Mask of the pictures of whole scenes, drawn at random, that together hold at least `share` of all.

    Scenes of more than half of that share are never drawn: one of them would be the test.
    """
    wanted = share * len(scene)
    chosen = np.zeros(len(scene), dtype=bool)
    for number in np.random.default_rng(seed).permutation(scene.max() + 1):
        if chosen.sum() >= wanted:
            break
        members = scene == number
        if members.sum() <= wanted / 2:
            chosen |= members
    return chosen


def _thumbnail(pixels: Bytes) -> Floats:
    grey = pixels.astype(np.float32).mean(2)
    rows = np.array_split(np.arange(grey.shape[0]), 16)
    columns = np.array_split(np.arange(grey.shape[1]), 24)
    small = np.add.reduceat(np.add.reduceat(grey, [r[0] for r in rows], 0), [c[0] for c in columns], 1)
    small -= small.mean()
    return np.asarray(small / max(float(np.linalg.norm(small)), 1e-6), dtype=np.float32).reshape(-1)


def _components(links: npt.NDArray[np.bool_]) -> Ints:
    scene = np.full(len(links), -1, dtype=np.int64)
    for first in range(len(links)):
        if scene[first] >= 0:
            continue
        scene[first], open_ends = scene.max() + 1, [first]
        while open_ends:
            near = np.flatnonzero(links[open_ends.pop()] & (scene < 0))
            scene[near] = scene[first]
            open_ends.extend(int(n) for n in near)
    return scene
