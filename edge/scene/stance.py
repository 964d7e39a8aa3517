"""How all objects stood at one moment, kept for whoever asks later how many there are and how they move.

Law: most pictures are asked neither, so nothing is reckoned before. What was told stays what it was, whatever
becomes of the objects.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.scene import walking
from edge.scene.heads import heads_of
from edge.scene.objects import I64, Flags, Objects
from edge.scene.segments import F64
from edge.scene.spec import SceneSpec
from edge.values.company import Roll
from edge.values.crowd import Heads
from edge.values.fact import Moving
from edge.values.moment import Moment
from edge.values.once import once
from edge.values.walks import Walks

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Stance:
    """All objects of a scene with measured ground, n of them.

    Attributes:
        spec: of the scene.
        moment: when.
        roll: who they are.
        heights, believed, live, depth, ground, ground_ns: as in `Objects`.
    """

    spec: SceneSpec
    moment: Moment
    roll: Roll
    heights: F64
    believed: Flags
    live: Flags
    depth: F64
    ground: F64
    ground_ns: I64

    @classmethod
    def of(cls, o: Objects, roll: Roll, spec: SceneSpec, moment: Moment) -> "Stance":
        """How they stand now."""
        flags, depth = (o.believed.copy(), o.live.copy()), o.depth.copy()
        return cls(spec, moment, roll, o.heights.copy(), *flags, depth, o.ground.copy(), o.ground_ns.copy())

    @once
    def heads(self) -> list[dict[str, Heads]]:
        """How many of each class stand in each zone."""
        return heads_of(self.depth, self.heights, self.believed, self.roll.classes, self.spec)

    @once
    def moving(self) -> tuple[Walks, dict[str, Rows]]:
        """How those move of whom that is known, and which of them are in each zone."""
        settled = walking.settled(self.ground, self.ground_ns, self.believed & self.live, self.moment.mono_ns)
        everyone = walking.everyone(self.roll, settled, self.ground)
        zones, rows = (self.depth.take(settled, axis=0) > 0).T.nonzero()
        ends = zones.searchsorted(np.arange(len(self.spec.zones)), side="right").tolist()
        places = zip(self.spec.zones, [0, *ends], ends, strict=False)
        return everyone, {zone.id: rows[begin:end] for zone, begin, end in places}


class MovingLater(Moving):
    """What `Moving` says, reckoned when somebody asks."""

    _stance: Stance

    def __init__(self, stance: Stance) -> None:
        vars(self).update(moment=stance.moment, _stance=stance)

    def __getattr__(self, name: str) -> Walks | Mapping[str, Rows]:
        if name not in {"everyone", "rows"}:
            raise AttributeError(name)
        everyone, rows = self._stance.moving
        vars(self).update(everyone=everyone, rows=rows)
        return everyone if name == "everyone" else rows


class HeadsLater(Mapping[str, Heads]):
    """How many of each class stand in one zone, reckoned when somebody asks."""

    __slots__ = ("_stance", "_zone")

    def __init__(self, stance: Stance, zone: int) -> None:
        self._stance, self._zone = stance, zone

    def __getitem__(self, label: str) -> Heads:
        return self._stance.heads[self._zone][label]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stance.heads[self._zone])

    def __len__(self) -> int:
        return len(self._stance.heads[self._zone])
