"""How well a detector half sees people, measured on drawn crowds: the acuity that its card should have.

Law: the numbers are chosen on people of some seeds, and what they are worth is told on people of others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import cv2
import numpy as np

from edge.evaluate.place_run import known_ground
from edge.evaluate.sight import Real
from edge.samples.crowd_film import film
from edge.samples.gathering import FPS, unit
from edge.samples.scene import Hour, Place
from edge.samples.strolls import VIEWS, View, stroll
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.values.acuity import Acuity, Glimpses
from edge.values.detections import Detections
from edge.values.errors import ModelError
from edge.values.fact import Occupancy
from edge.values.frame import Frame, Size
from edge.values.moment import ClockTrust, Moment
from edge.values.tracks import Tracks

SCORES = (0.03, 0.05, 0.08, 0.12, 0.18, 0.25)
"""From which score on something may be glimpsed; the lowest that takes an empty place for empty is best."""
EMPTY_MOST = 0.1
"""Most of an empty place that glimpses may cover, in the worst of the empty pictures: where each covers a
square metre it is then told that no more than 0.1 persons/m² stand there."""
FULL_FROM = 0.9
"""Share of a place that is covered, from which on nobody can say how many there are: -ln(1 - c) is steep."""
COVERS_LEAST = 0.5
"""Who is glimpsed over less than half of what they hide is not seen well enough to be bounded."""
WRONG = 0.05
"""How often people may be covered less than the card says."""
SMALLEST_PX = 16.0
"""Of smaller people the cells of the picture are too coarse (`edge.scene.glimpsing`)."""

CHOSEN_ON, TOLD_ON = (1, 2), (3, 4)
"""Seeds of the people on whom the numbers are chosen, and of those on whom they are told."""
DENSITIES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.4, 2.0)
LIGHTS = ((Hour.OVERCAST, Place.PLAZA), (Hour.DAY, Place.STREET))
WIDER = 0.6
"""Each camera looks a second time through a lens of so much of its focal length: people are smaller."""
BEGAN = Moment(0, 1_800_000_000_000_000_000, ClockTrust.REPLAY)


@dataclass(frozen=True, slots=True)
class Look:
    """What one picture looked like from a score on.

    Attributes:
        camera: which looked.
        true: people who stand there, persons per square metre.
        glimpses: how full it looked, of an acuity with that score, with which a body covers what it hides.
    """

    camera: str
    true: float
    glimpses: Glimpses

    @property
    def covers(self) -> float:
        """So many times what somebody hides did the glimpses of each cover; endless where it looked full."""
        full = self.glimpses.covered >= FULL_FROM
        return inf if full else self.glimpses.most_per_m2 / self.true


@dataclass(frozen=True, slots=True)
class Worth:
    """What an acuity is worth before one camera, on people on whom nothing was chosen.

    Attributes:
        camera: its name.
        tall_px: how tall people are there, pixels of the analysed picture.
        pictures: how many showed somebody.
        held: share of them in which no more people stood there than was said.
        at_least: share of them of which it is said that nobody can count them.
        wide: middle of what was said at most over what was true, where somebody can; None where nobody can.
    """

    camera: str
    tall_px: float
    pictures: int
    held: float
    at_least: float
    wide: float | None

    def to_json(self) -> dict[str, Any]:
        """The row as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


def cameras() -> Iterator[View]:
    """The cameras that look, people in them from tall to small."""
    for view in VIEWS:
        yield view
        wide = replace(view.camera, focal_px=view.camera.focal_px * WIDER)
        yield replace(view, name=f"{view.name}, wide", camera=wide)


def looks(view: View, per_m2: float, seed: int, sights: Mapping[float, Real]) -> Iterator[Look]:
    """What people who stroll look like to a detector, in each light, from each score on.

    Args:
        view: the camera.
        per_m2: how many are wanted, persons per square metre.
        seed: of the people.
        sights: by score, the detector with an acuity of that score.

    Raises:
        ModelError: it did not answer.
    """
    low, high = np.array(view.floor).min(axis=0), np.array(view.floor).max(axis=0)
    for hour, place in LIGHTS:
        shot, pixels = next(film(stroll(view, per_m2, 1 / FPS), view.camera, seed, hour, place))
        true = ((shot.at >= low) & (shot.at <= high)).all(axis=1).sum() / np.prod(high - low)
        for sight in sights.values():
            yield Look(view.name, float(true), _glimpsed(view, seed, sight, pixels))


def _glimpsed(view: View, seed: int, sight: Real, pixels: np.ndarray) -> Glimpses:
    size = sight.fit(Size(view.camera.width, view.camera.height))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    answer = sight.detector.detect(Frame(view.name, "run", 0, BEGAN, small, size))
    if not isinstance(answer, Detections):
        raise ModelError(f"the model did not answer: {answer.why.value}")
    ground = known_ground(view.camera, np.random.default_rng([seed, 37]))
    zone = ZoneSpec("floor", unit(view.floor, view.camera))
    scene = Scene(SceneSpec(sight.labels, (zone,), ground=ground, acuity=sight.acuity))
    scene.glimpse(answer, size)
    (there,) = (each for each in scene.observe(Tracks.none(), size, BEGAN) if isinstance(each, Occupancy))
    assert there.glimpses is not None
    return there.glimpses


def begun(score: float) -> Acuity:
    """An acuity of which nothing is known but the score of its glimpses."""
    return Acuity(score, 1.0, FULL_FROM, 1.0)


def acuity_of(seen: Sequence[Look]) -> Acuity | None:
    """The acuity that holds for what was seen; None where there is none.

    The score is the lowest from which on an empty place looks empty. Of the cameras in which people are tall
    enough, from the tallest on, as long as the detector glimpses them well, what they cover at least is that
    of the camera where it is least.
    """
    score = next((s for s in SCORES if _empty_at(s, seen)), None)
    there = [each for each in seen if each.true > 0 and each.glimpses.acuity.glimpse == score]
    covers, smallest = inf, inf
    for tall, of in sorted(_by_height(there).items(), reverse=True):
        least = float(np.quantile([each.covers for each in of], WRONG, method="lower"))
        if tall < SMALLEST_PX or least < COVERS_LEAST:
            break
        covers, smallest = min(covers, least), tall
    if score is None or not np.isfinite([covers, smallest]).all():
        return None
    return Acuity(score, _down(covers, 1), FULL_FROM, max(SMALLEST_PX, _down(smallest, 0)))


def worth_of(acuity: Acuity, seen: Sequence[Look]) -> tuple[Worth, ...]:
    """What an acuity is worth before each camera, people from tall to small."""
    there = [each for each in seen if each.true > 0 and each.glimpses.acuity.glimpse == acuity.glimpse]
    return tuple(_worth(acuity, tall, of) for tall, of in sorted(_by_height(there).items(), reverse=True))


def _worth(acuity: Acuity, tall: float, seen: Sequence[Look]) -> Worth:
    said = [(each.true, replace(each.glimpses, acuity=acuity)) for each in seen]
    counted = [(true, told.most_per_m2) for true, told in said if not told.countless]
    held = len(said) - sum(true > most for true, most in counted)
    wide = float(np.median([most / true for true, most in counted])) if counted else None
    return Worth(seen[0].camera, tall, len(said), held / len(said), 1 - len(counted) / len(said), wide)


def _empty_at(score: float, seen: Sequence[Look]) -> bool:
    empty = [each.glimpses for each in seen if not each.true and each.glimpses.acuity.glimpse == score]
    return bool(empty) and max(each.covered for each in empty) <= EMPTY_MOST


def _by_height(seen: Sequence[Look]) -> dict[float, list[Look]]:
    """What was seen before each camera, by the middle of how tall people are there, pixels."""
    cameras: dict[str, list[Look]] = {}
    for each in seen:
        cameras.setdefault(each.camera, []).append(each)
    return {float(np.median([each.glimpses.tall_px for each in of])): of for of in cameras.values()}


def _down(value: float, digits: int) -> float:
    """Rounded so that it says no more than was measured."""
    return float(np.floor(value * 10**digits) / 10**digits)
