"""A drawn crowd before a detector and a density model: what boxes, map, and both fused tell of its density.

Law: all three judge the same pictures of the same people. The map goes the way that it goes on a box: it is
counted once and stands for a while, and what the model invents in the empty place was learnt and taken off.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from edge.evaluate.drawn_crowd import BANDS, MISSED_MAX, PERSON, WATCHED_S, DensityRow, Looked, Told, looked
from edge.evaluate.sight import Real
from edge.ports import CrowdCounter
from edge.rules.density import estimated
from edge.rules.fusion import Blend, Estimate, by_map
from edge.samples.crowd_film import film
from edge.samples.strolls import View, stroll
from edge.scene.scene import Scene
from edge.scene.support import Support
from edge.values.density import DensityMap
from edge.values.errors import ModelError
from edge.values.fact import Occupancy
from edge.values.frame import Frame, Pixels, Size
from edge.values.moment import Moment

WAYS = ("boxes", "map", "both")


@dataclass(frozen=True, slots=True)
class Counting:
    """A density model, and the size at which it wants a picture of a given size."""

    counter: CrowdCounter
    fit: Callable[[Size], Size]

    def map_of(self, pixels: Pixels, view: View, moment: Moment) -> DensityMap:
        """What it tells of a picture.

        Raises:
            ModelError: it did not answer.
        """
        size = Size(view.camera.width, view.camera.height)
        wide = np.asarray(cv2.resize(pixels, self.fit(size), interpolation=cv2.INTER_LINEAR), np.uint8)
        told = self.counter.count(Frame(view.name, "run", 0, moment, pixels, size, wide=wide))
        if not isinstance(told, DensityMap):
            raise ModelError(f"the density model did not answer: {told.why.value}")
        return told


def counted(
    view: View, per_m2: float, seed: int, sight: Real, counting: Counting, seconds: float = WATCHED_S
) -> Iterator[tuple[Told, ...]]:
    """What is told of each judged picture, in the three ways.

    Raises:
        ModelError: one of the two did not answer.
    """
    once = True

    def count(scene: Scene, pixels: Pixels, moment: Moment) -> None:
        nonlocal once
        if once:
            (_, empty), *_ = film(stroll(view, 0.0, 0.2), view.camera, seed)
            scene.count(counting.map_of(empty, view, moment), moment, Support.EMPTY)
            scene.count(counting.map_of(pixels, view, moment), moment)
        once = False

    for seen in looked(view, per_m2, seed, sight, seconds, count):
        yield tuple(_told(seen, estimate) for estimate in _three(seen.there))


def _three(there: Occupancy) -> Iterator[Estimate]:
    assert there.floor is not None and there.mapped is not None
    known = there.heads[PERSON], there.floor, MISSED_MAX
    yield estimated(*known, None, Blend(), there.glimpses)[0]
    yield by_map(there.mapped, there.floor)
    yield estimated(*known, there.mapped, Blend(), there.glimpses)[0]


def _told(seen: Looked, told: Estimate) -> Told:
    found = seen.there.heads[PERSON].mean
    return Told(
        seen.people / seen.m2, told.best, told.low, told.high, told.countless, seen.people, found, 0.0
    )


@dataclass(frozen=True, slots=True)
class CountRow:
    """What was told in the three ways of crowds of about one density, one row of `DensityRow` each."""

    boxes: DensityRow
    map: DensityRow
    both: DensityRow

    @property
    def ways(self) -> tuple[DensityRow, ...]:
        """The three, in the order of `WAYS`."""
        return self.boxes, self.map, self.both

    def to_json(self) -> dict[str, Any]:
        """The row as a JSON object."""
        return {name: row.to_json() for name, row in zip(WAYS, self.ways, strict=True)}


def rows_of(told: Iterable[tuple[Told, ...]]) -> tuple[CountRow, ...]:
    """One row for each band of true densities in which there was a picture with somebody."""
    kept, rows = [three for three in told if three[0].people], []
    for least, most in zip((0.0, *BANDS), BANDS, strict=False):
        here = [three for three in kept if least < three[0].true <= most]
        if here:
            rows.append(CountRow(*(DensityRow.of(least, most, _way(here, k)) for k in range(len(WAYS)))))
    return tuple(rows)


def _way(told: Sequence[tuple[Told, ...]], way: int) -> list[Told]:
    return [three[way] for three in told]
