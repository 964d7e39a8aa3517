"""Batches of random training pictures, made ahead by background threads; the same for the same seed."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from models.training.augment import Augment, Example
from models.training.data import Floats, Shelf
from models.training.loss import Truth
from models.training.network import STRIDES


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures uint8 B×H×W×3 RGB and the labels of each."""

    pixels: Tensor
    truths: list[Truth]

    def split(self, parts: int) -> list["Batch"]:
        """The batch in equal parts; what does not divide is left out."""
        size = len(self.truths) // parts
        return [
            Batch(self.pixels[i : i + size], self.truths[i : i + size]) for i in range(0, parts * size, size)
        ]


@dataclass(frozen=True, slots=True)
class Source:
    """A shelf and its share of the pictures drawn."""

    shelf: Shelf
    share: float


class Batches:
    """Endless batches from step `first`.

    Each step has a random generator of its own, so that a resumed run draws what it would have drawn.
    """

    def __init__(self, sources: list[Source], augment: Augment, size: int, seed: int, first: int = 0) -> None:
        self._sources, self._augment, self._size, self._seed, self._step = sources, augment, size, seed, first
        shares = np.array([source.share for source in sources])
        self._shares = shares / shares.sum()

    def __iter__(self) -> Iterator[Batch]:
        with ThreadPoolExecutor(2) as pool:
            ahead: list[Future[Batch]] = []
            while True:
                while len(ahead) < 6:
                    ahead.append(pool.submit(self._make, self._step))
                    self._step += 1
                yield ahead.pop(0).result()

    def _make(self, step: int) -> Batch:
        rng = np.random.default_rng((self._seed, step))
        examples = [self._example(rng) for _ in range(self._size)]
        pixels = torch.from_numpy(np.stack([example.pixels for example in examples]))
        return Batch(pixels, [_truth(example) for example in examples])

    def _example(self, rng: np.random.Generator) -> Example:
        shelf = self._sources[rng.choice(len(self._sources), p=self._shares)].shelf
        pictures = [shelf[int(rng.integers(len(shelf)))] for _ in range(self._augment.wanted(rng))]
        return self._augment.make(pictures, rng)


def _truth(example: Example) -> Truth:
    return Truth(
        torch.from_numpy(example.boxes),
        torch.from_numpy(example.kinds),
        torch.from_numpy(example.weights),
        torch.from_numpy(_covered(example.ignore, *example.pixels.shape[:2])),
    )


def _covered(boxes: Floats, height: int, width: int) -> npt.NDArray[np.bool_]:
    """Mask n of the cells whose centre lies in one of the boxes, in the order of the network's output."""
    maps = []
    for stride in STRIDES:
        covered = np.zeros((height // stride, width // stride), dtype=bool)
        for x1, y1, x2, y2 in np.rint(boxes / stride).astype(int):
            covered[y1:y2, x1:x2] = True
        maps.append(covered.reshape(-1))
    return np.concatenate(maps)
