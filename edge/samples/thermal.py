"""Drawn thermal scenes: the counts of a camera, second by second, and exactly what was due.

Law: what is due is taken from the picture without noise and flicker: so many pixels of one source, so hot,
for so long. The camera adds its noise, the stripes of its columns, and corrects itself now and then: then it
shows the same picture for a second, and all pixels jump.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from edge.samples.embers import Ember, Plane, Roof
from edge.values.hot import ZERO_C, Counts, Level, Scale

WIDE, HIGH, FPS = 320, 240, 5.0
SCALE = Scale(0.04)
NOISE_K, STRIPES_K = 0.08, 0.15
HOTTEST_C = 550.0
"""What is hotter is not told apart by such cameras."""
FROZEN_S = 1.0
Source = Ember | Roof


@dataclass(frozen=True, slots=True)
class Nuc:
    """The camera corrects itself: when, and by how much all pixels jump, kelvin."""

    at_s: float
    kelvin: float


@dataclass(frozen=True, slots=True)
class HotDue:
    """What ought to be told.

    Attributes:
        source: name of what is hot.
        level: by which it is.
        from_s: since when, seconds.
        at: where, unit square.
    """

    source: str
    level: Level
    from_s: float
    at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: seconds, counts, and the boxes (pixels) of bodies in it with their classes."""

    s: float
    counts: Counts
    bodies: tuple[tuple[str, tuple[int, int, int, int]], ...]


@dataclass(frozen=True, slots=True)
class ThermalScene:
    """One scene.

    Attributes:
        name: of the scene.
        seconds: its length.
        sources: what is hot, each drawn over those before it.
        nucs: when the camera corrects itself.
        ambient_c: how warm the place is.
        grey: whether the camera gives a grey picture with a gain of its own instead of counts.
    """

    name: str
    seconds: float
    sources: Sequence[Source]
    nucs: Sequence[Nuc] = ()
    ambient_c: float = 15.0
    grey: bool = False

    def shots(self, seed: int) -> Iterator[Shot]:
        """The pictures."""
        chance = np.random.default_rng([seed, len(self.name), round(self.seconds)])
        place, stripes = self._place(chance), chance.normal(0, STRIPES_K, WIDE)
        last: Counts | None = None
        for index in range(round(self.seconds * FPS)):
            t = index / FPS
            scene, bodies = place.copy(), []
            for source in self.sources:
                box = source.draw(scene, t, chance)
                if source.body and box[2] > box[0]:
                    bodies.append((source.body, box))
            scene += sum(nuc.kelvin for nuc in self.nucs if nuc.at_s + FROZEN_S <= t)
            scene += stripes + chance.normal(0, NOISE_K, scene.shape)
            frozen = any(nuc.at_s <= t < nuc.at_s + FROZEN_S for nuc in self.nucs)
            counts = last if frozen and last is not None else self._counted(scene)
            last = counts
            yield Shot(t, counts, tuple(bodies))

    def due(self, level: Level, for_s: float) -> Iterator[HotDue]:
        """What of this level is due: every source that is so hot for so long; of growth, every fire."""
        place = self._place(np.random.default_rng(0))
        for source in self.sources:
            if level.growing is not None and not source.fire:
                continue
            since: float | None = None
            for index in range(round(self.seconds * FPS)):
                t = index / FPS
                box = self._pixels(source, place, level, t)
                if box is None:
                    since = None
                    continue
                since = t if since is None else since
                if t - since >= for_s:
                    middle = (box[0] + box[2]) / 2 / WIDE, (box[1] + box[3]) / 2 / HIGH
                    yield HotDue(source.name, level, since, middle)
                    break

    def _pixels(
        self, source: Source, place: Plane, level: Level, t: float
    ) -> tuple[int, int, int, int] | None:
        """Where a source is while enough of its pixels count; None while not."""
        scene = place.copy()
        left, top, right, bottom = box = source.draw(scene, t, None)
        here = scene[top:bottom, left:right]
        if level.above_c is not None:
            hot = here >= level.above_c
        else:
            hot = here - place[top:bottom, left:right] >= (level.above_k or GREY_K)
        return box if np.count_nonzero(hot) >= level.min_px else None

    def _place(self, chance: np.random.Generator) -> Plane:
        """The place without anything hot: ground that is warmer towards the camera, in blocks of its own."""
        blocks = chance.normal(0, 1.2, (HIGH // 20, WIDE // 20))
        ground = np.kron(blocks, np.ones((20, 20)))
        return self.ambient_c + np.linspace(-3, 3, HIGH)[:, None] + ground

    def _counted(self, scene: Plane) -> Counts:
        scene = np.minimum(scene, HOTTEST_C)
        if not self.grey:
            counted = (scene + ZERO_C - SCALE.kelvin_at_zero) / SCALE.kelvin_per_count
            return np.asarray(np.round(counted).astype(np.uint16))
        low, middle, high = np.percentile(scene, (1, 50, 99.5))
        high = min(max(high, middle + 12.0), middle + 60.0)
        grey = np.clip((scene - low) / (high - low) * 235.0, 0, 255)
        return np.asarray(grey.astype(np.uint16))


GREY_K = 30.0
"""So much warmer than the place is due to be told of a grey picture."""
