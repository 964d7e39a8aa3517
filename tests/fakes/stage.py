"""A stage for tests of the scene: put objects by their feet, frame by frame, and read the facts."""

from dataclasses import dataclass, field

import numpy as np

from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec
from edge.values.fact import Fact, LineCrossed, Occupancy, Unseen, ZoneEntered, ZoneLeft
from edge.values.frame import Size
from edge.values.moment import ClockTrust, Moment
from edge.values.tracks import Tracks

SIZE = Size(640, 360)
LABELS = ("person", "car")


@dataclass(frozen=True)
class Actor:
    """One tracked object with its feet at x, y in the unit square and a box `height` pictures high."""

    id: int
    x: float
    y: float
    height: float = 0.2
    label: str = "person"
    score: float = 0.8
    confirmed: bool = True
    seen: bool = True


def tracks_of(*actors: Actor, size: Size = SIZE) -> Tracks:
    """Tracks with these actors' boxes in pixels, by id."""
    cast = sorted(actors, key=lambda a: a.id)
    boxes = [
        (
            a.x * size.width - a.height * size.height / 4,
            (a.y - a.height) * size.height,
            a.x * size.width + a.height * size.height / 4,
            a.y * size.height,
        )
        for a in cast
    ]
    return Tracks(
        np.array([a.id for a in cast], np.int64),
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array([a.score for a in cast], np.float32),
        np.array([LABELS.index(a.label) for a in cast], np.int16),
        np.full(len(cast), 3, np.int32),
        np.array([a.confirmed for a in cast], np.bool_),
        np.array([a.seen for a in cast], np.bool_),
    )


def said(fact: Fact) -> str:
    """A fact in a few words, without what changes from frame to frame."""
    match fact:
        case ZoneEntered():
            return f"{fact.who.track} {'born in' if fact.born_inside else 'enters'} {fact.zone}"
        case ZoneLeft():
            return f"{fact.who.track} {'lost in' if fact.lost else 'leaves'} {fact.zone}"
        case LineCrossed():
            return f"{fact.who.track} crosses {fact.line} {fact.direction}"
        case Occupancy():
            return f"{len(fact.who)} in {fact.zone}"
        case Unseen():
            return "unseen"


@dataclass
class Stage:
    """A scene and its clock; one call of a verb is one frame."""

    spec: SceneSpec
    step_s: float = 0.2
    size: Size = SIZE
    now_s: float = 0.0
    facts: list[Fact] = field(default_factory=list)
    scene: Scene = field(init=False)

    def __post_init__(self) -> None:
        self.scene = Scene(self.spec)

    def shows(self, *actors: Actor) -> list[str]:
        """One answered frame with these actors; what happened, without who merely stands where."""
        return self._noted(self.scene.observe(tracks_of(*actors, size=self.size), self.size, self._tick()))

    def holds(self) -> list[str]:
        return self._noted(self.scene.hold(self._tick()))

    def unseen(self) -> list[str]:
        return self._noted(self.scene.unseen(self._tick()))

    def tells(self, *frames: tuple[Actor, ...]) -> list[str]:
        """What happened over these frames."""
        return [word for frame in frames for word in self.shows(*frame)]

    def empties(self, seconds: float = 5.0) -> list[str]:
        """Nobody is there for so long; what happened."""
        return [word for _ in range(round(seconds / self.step_s)) for word in self.shows()]

    def inside(self, zone: str) -> list[int]:
        """Tracks in the zone by the last frame's occupancy."""
        last = [fact for fact in self.facts if isinstance(fact, Occupancy) and fact.zone == zone][-1]
        return [who.track for who in last.who]

    def _tick(self) -> Moment:
        moment = Moment(0, 1_750_000_000_000_000_000, ClockTrust.REPLAY).plus(self.now_s)
        self.now_s += self.step_s
        return moment

    def _noted(self, facts: tuple[Fact, ...]) -> list[str]:
        self.facts.extend(facts)
        return [said(fact) for fact in facts if not isinstance(fact, Occupancy)]


def walk(track: int, *places: tuple[float, float], **looks: object) -> list[tuple[Actor]]:
    """One actor through these places, a frame each."""
    return [(Actor(track, x, y, **looks),) for x, y in places]  # type: ignore[arg-type]


def along(*xs: float, y: float = 0.6) -> list[tuple[float, float]]:
    """Places side by side at one height of the picture."""
    return [(x, y) for x in xs]
