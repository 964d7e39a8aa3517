"""Cameras to which something happens, before the judges of their pictures: what was told, and what was due.

Law: the judges are those that run on a box, shown a picture a second. A trouble is found if its reason is
told no later than stated, nothing else is told on the way, and it is withdrawn when it is over. Whatever is
told of noise, weather and light is false.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from edge.evaluate.place_rules import every_place
from edge.samples import mishaps
from edge.samples.mishaps import HARMLESS, TROUBLES, Change, Picture, noisy
from edge.values.camera_state import Reason
from edge.values.frame import Frame, Size
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from edge.view.health import CameraHealth, told_of
from edge.view.picture import PictureSpec, PictureWatch
from edge.view.watch import AFTER_S, ViewWatch

STATED_S: Mapping[Reason, float] = {
    **AFTER_S,
    Reason.DARK_PICTURE: PictureSpec().dark_after_s,
    Reason.SAME_PICTURE: PictureSpec().frozen_after_s,
}
"""After so long each trouble is to be told, seconds."""
LOOKS_S = 2.0
"""So much later it may be, because a look is taken once a second."""
OVER_S = 9
"""So soon after it is over it is to be withdrawn."""
LEARNING_S = 40
GRAIN = 1.5
AT_NIGHT = "suitcase-night"
SCENES = ("bag", AT_NIGHT, "speeds-day", "wrong-way-night")
"""The places before the cameras, with all who pass there."""
RUNS = len(SCENES) * (len(TROUBLES) + 3 + len(HARMLESS)) + 1
"""How many there are of everything."""
NIGHT_GRAIN = 4.0


def _stuck(picture: Picture, _: np.random.Generator) -> Picture:
    """The picture of `picture` as it is; shown again and again, a frozen camera."""
    return picture


def _stuck_but_for_a_clock(picture: Picture, dice: np.random.Generator) -> Picture:
    """The same, with the time in its corner."""
    return mishaps.clocked(picture, dice)


STUCK = (_stuck, _stuck_but_for_a_clock)
"""With these the camera shows one picture all the time."""
MISHAPS: Mapping[str, tuple[Change, Reason]] = {
    **TROUBLES,
    "no light": (mishaps.lightless, Reason.DARK_PICTURE),
    "frozen": (_stuck, Reason.SAME_PICTURE),
    "frozen, with a clock": (_stuck_but_for_a_clock, Reason.SAME_PICTURE),
}


@dataclass(frozen=True, slots=True)
class Mishap:
    """One trouble before one place.

    Attributes:
        name, place: what happened, and where.
        reason: as what it is to be told.
        delay_s: how long after it began that was told; None if too late or never.
        others: what else was told, or still, when it was long over.
    """

    name: str
    place: str
    reason: Reason
    delay_s: float | None
    others: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """A time in which nothing was to be told.

    Attributes:
        name, place: what there was to see, and where.
        seconds: how long.
        told: what was told.
    """

    name: str
    place: str
    seconds: float
    told: tuple[Reason, ...]


@dataclass(slots=True)
class _Camera:
    """All that judges the pictures of one camera."""

    view: ViewWatch = field(default_factory=ViewWatch)
    picture: PictureWatch = field(default_factory=PictureWatch)
    health: CameraHealth | None = None
    second: int = 0

    def look(self, pixels: Picture) -> Reason:
        """Why it is said, after the picture of the next second, not to show its place; `NONE` if it does."""
        ns = self.second * NS_PER_S
        moment = Moment(ns, ns, ClockTrust.REPLAY)
        size = Size(pixels.shape[1], pixels.shape[0])
        frame = Frame("camera", "run", self.second, moment, pixels, size)
        self.health = self.health or CameraHealth("camera", moment)
        self.second += 1
        self.health.saw(moment)
        self.picture.judge(frame)
        self.view.look(frame)
        self.health.viewed(told_of(self.picture.reason, self.view.reason), moment)
        return self.health.report.reason

    def told(self, pictures: Iterable[Picture]) -> list[Reason]:
        """What is said after each."""
        return [self.look(picture) for picture in pictures]


@dataclass(frozen=True, slots=True)
class Place:
    """A place and the camera that knows it."""

    name: str
    camera: _Camera
    pictures: tuple[Picture, ...]

    def seconds(self, count: int, dice: np.random.Generator) -> Iterator[Picture]:
        """So many pictures, there and back, each with noise of its own."""
        loop = [*self.pictures, *self.pictures[-2:0:-1]]
        for second in range(count):
            yield noisy(loop[second % len(loop)], dice, GRAIN)


def places(seed: int) -> Iterator[Place]:
    """Every place, and a camera that has looked at it for a while."""
    scenes = {place.scene.name: place for place in every_place()}
    for name in SCENES:
        place = scenes[name]
        slow = replace(place, scene=replace(place.scene, fps=1.0, seconds=float(LEARNING_S)))
        shown = Place(name, _Camera(), tuple(pixels for pixels, _ in slow.shots(seed)))
        shown.camera.told(shown.seconds(LEARNING_S, np.random.default_rng([seed, 71])))
        yield shown


def happens(place: Place, name: str, seed: int) -> Mishap:
    """Let something happen to a camera, and be over again."""
    change, reason = MISHAPS[name]
    dice, camera = np.random.default_rng([seed, 72]), copy.deepcopy(place.camera)
    lasting = round(STATED_S[reason] + LOOKS_S) + 1
    seen = list(place.seconds(1, dice)) * lasting if change in STUCK else place.seconds(lasting, dice)
    during = camera.told(change(picture, dice) for picture in seen)
    after = camera.told(place.seconds(OVER_S, dice))
    delay_s = float(during.index(reason)) if reason in during else None
    others = {*during, *after} - {Reason.NONE, reason} | ({after[-1]} - {Reason.NONE})
    return Mishap(name, place.name, reason, delay_s, tuple(sorted(others)))


def weather(place: Place, name: str, seed: int) -> Quiet:
    """Let weather or light come over a place, and go again."""
    dice, camera = np.random.default_rng([seed, 73]), copy.deepcopy(place.camera)
    bad = [HARMLESS[name](picture, dice) for picture in place.seconds(LEARNING_S, dice)]
    told = camera.told([*bad, *place.seconds(LEARNING_S, dice)])
    return Quiet("weather", place.name, 2.0 * LEARNING_S, _changes(told))


def night_noise(place: Place, hours: float, seed: int) -> Quiet:
    """A place at night in which nothing moves but the sensor's noise."""
    dice, camera = np.random.default_rng([seed, 74]), _Camera()
    still = mishaps.night(place.pictures[0], dice)
    noise = [dice.normal(0, NIGHT_GRAIN, still.shape).astype(np.float32) for _ in range(12)]

    def grainy(second: int) -> Picture:
        grain = np.roll(noise[second % 12], int(dice.integers(0, 200)), axis=(second // 12) % 2)
        return np.asarray(np.clip(still + grain, 0, 255), np.uint8)

    seconds = round(hours * 3600)
    return Quiet("night noise", place.name, seconds, _changes(camera.told(map(grainy, range(seconds)))))


def _changes(told: Sequence[Reason]) -> tuple[Reason, ...]:
    """Each thing that was told, once for each time that it was."""
    before = (Reason.NONE, *told)
    return tuple(now for was, now in zip(before, told, strict=False) if now not in (was, Reason.NONE))


def everything(seed: int) -> Iterator[Mishap | Quiet]:
    """All that happens, and all that is nothing, before every camera."""
    for place in places(seed):
        yield from (happens(place, name, seed) for name in MISHAPS)
        yield from (weather(place, name, seed) for name in HARMLESS)
        if place.name == AT_NIGHT:
            yield night_noise(place, 1.0, seed)
