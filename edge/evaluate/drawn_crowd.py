"""A drawn crowd before a real detector: what is told of its density, and what the density was.

Law: the pictures go the way that a camera's pictures go, through detector, tracker, scene and the density
of a rule. Who stands on the floor is exact. What is told while tracks begin is not judged.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from edge.evaluate.place_run import known_ground
from edge.evaluate.sight import Real
from edge.rules.density import Level, crowd
from edge.rules.spec import RuleSpec
from edge.samples.crowd_film import film
from edge.samples.gathering import FPS, unit
from edge.samples.strolls import View, stroll
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.track.tracker import Tracker
from edge.values.crowd import DensityTable
from edge.values.detections import Detections
from edge.values.errors import ModelError
from edge.values.event import Kind
from edge.values.fact import Occupancy
from edge.values.frame import Frame, Pixels, Size
from edge.values.moment import ClockTrust, Moment

PERSON = "person"
BEGAN = Moment(0, 1_800_000_000_000_000_000, ClockTrust.REPLAY)
WARM_S = 1.0
"""So long tracks begin."""
WATCHED_S = 1.2
"""And so long what is told is judged: walkers move on by a metre and a half."""
DENSITIES = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.4, 2.0)
BANDS = (0.15, 0.3, 0.6, 1.2, 2.5)
"""Upper ends of the rows of the table, persons per square metre."""
MISSED_MAX = RuleSpec("density", Kind.DENSITY, ("floor",), at_least=1.0).missed_max


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one picture.

    Attributes:
        true, told, low, high: persons per square metre.
        at_least: whether it said that nobody knows how many more there are.
        people: how many there were.
        found: how many were followed.
        covered: how full the floor looked to the detector, 0..1.
    """

    true: float
    told: float
    low: float
    high: float
    at_least: bool
    people: int
    found: float
    covered: float

    @property
    def holds(self) -> bool:
        """Whether what was said is true."""
        return self.low <= self.true <= self.high


def watched(view: View, per_m2: float, seed: int, sight: Real, seconds: float = WATCHED_S) -> Iterator[Told]:
    """Let a real detector look at people who stroll, and judge so many seconds of what is told.

    Raises:
        ModelError: it did not answer.
    """
    level = Level(DensityTable.STANDING)
    for seen in looked(view, per_m2, seed, sight, seconds):
        yield _told(seen, level)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the scene knew of the floor in one judged picture, how many people stood on it, and its size."""

    there: Occupancy
    people: int
    m2: float


def looked(
    view: View,
    per_m2: float,
    seed: int,
    sight: Real,
    seconds: float = WATCHED_S,
    count: Callable[[Scene, Pixels, Moment], None] = lambda *_: None,
) -> Iterator[Looked]:
    """Let a real detector look at people who stroll; `count` may tell the scene more of each judged picture.

    Raises:
        ModelError: it did not answer.
    """
    place = stroll(view, per_m2, WARM_S + seconds)
    scene, tracker = _scene(view, seed, sight), Tracker(sight.tracker)
    size = sight.fit(Size(view.camera.width, view.camera.height))
    low, high = np.array(view.floor).min(axis=0), np.array(view.floor).max(axis=0)
    for picture, (shot, pixels) in enumerate(film(place, view.camera, seed)):
        moment = BEGAN.plus(picture / FPS)
        small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        answer = sight.detector.detect(Frame(view.name, "run", picture, moment, small, size))
        if not isinstance(answer, Detections):
            raise ModelError(f"the model did not answer: {answer.why.value}")
        tracks = tracker.update(answer, moment)
        scene.glimpse(answer, size)
        judged = picture >= WARM_S * FPS
        if judged:
            count(scene, pixels, moment)
        facts = scene.observe(tracks, size, moment)
        if judged:
            inside = ((shot.at >= low) & (shot.at <= high)).all(axis=1)
            (there,) = (fact for fact in facts if isinstance(fact, Occupancy))
            yield Looked(there, int(inside.sum()), float(np.prod(high - low)))


def _scene(view: View, seed: int, sight: Real) -> Scene:
    ground = known_ground(view.camera, np.random.default_rng([seed, 37]))
    zone = ZoneSpec("floor", unit(view.floor, view.camera))
    return Scene(SceneSpec(sight.labels, (zone,), ground=ground, acuity=sight.acuity))


def _told(seen: Looked, level: Level) -> Told:
    there, people, m2 = seen.there, seen.people, seen.m2
    heads, glimpses = there.heads[PERSON], there.glimpses
    assert there.floor is not None
    said = crowd(heads, there.floor, MISSED_MAX, level, glimpses=glimpses)
    covered = 0.0 if glimpses is None else glimpses.covered
    interval = said.low, said.high, bool(said.at_least)
    return Told(people / m2, said.per_m2, *interval, people, heads.mean, covered)


@dataclass(frozen=True, slots=True)
class DensityRow:
    """What was told of crowds of about one density.

    Attributes:
        least, most: from which density to which, persons per square metre.
        pictures: how many.
        true, told: means, persons per square metre.
        error: mean absolute error, share of the mean true density.
        missed: share of the people who were not followed.
        held: how often what was said is true: the interval, or at least so many.
        at_least: how often only a lower end was told.
        held_both: how often the interval was true where it had both ends; None where it never had.
    """

    least: float
    most: float
    pictures: int
    true: float
    told: float
    error: float
    missed: float
    held: float
    at_least: float
    held_both: float | None

    @classmethod
    def of(cls, least: float, most: float, told: Sequence[Told]) -> "DensityRow":
        """The row of these."""
        true = float(np.mean([t.true for t in told]))
        off = float(np.mean([abs(t.told - t.true) for t in told]))
        found = sum(min(t.found, t.people) for t in told) / sum(t.people for t in told)
        both = [t.holds for t in told if not t.at_least]
        return cls(
            least,
            most,
            len(told),
            true,
            float(np.mean([t.told for t in told])),
            off / true,
            1.0 - found,
            float(np.mean([t.holds for t in told])),
            float(np.mean([t.at_least for t in told])),
            float(np.mean(both)) if both else None,
        )

    def to_json(self) -> dict[str, Any]:
        """The row as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


def rows_of(told: Iterable[Told]) -> tuple[DensityRow, ...]:
    """One row for each band of true densities in which there was a picture with somebody."""
    kept, rows = [t for t in told if t.people], []
    for least, most in zip((0.0, *BANDS), BANDS, strict=False):
        here = [t for t in kept if least < t.true <= most]
        if here:
            rows.append(DensityRow.of(least, most, here))
    return tuple(rows)
