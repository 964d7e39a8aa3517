"""The redacted view of a replay as a video: places, counts and events; people and vehicles are filled.

Law: a picture is shown only as far as it is known who is in it. Everything that the detector found or
that is followed is filled, also for a few pictures before it was found and after it was lost; so is
what moves and nobody claims; masks are filled; a picture without an answer is not shown at all.
"""

from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from edge.config.spec import CameraSpec
from edge.privacy.fill import moving, solid_fill
from edge.run.film import Film
from edge.run.look import Look
from edge.run.overlay import DARK, Overlay, colour_of
from edge.values.detections import Boxes, Detections, NotAnswered
from edge.values.frame import Pixels
from edge.values.moment import NS_PER_S

AROUND = 2
"""Pictures before a track's first and after its last in which its place is filled as well."""

MARGIN = 0.12
MARGIN_UNSURE = 0.4
"""How much boxes grow where it is known only that somebody was near: a stride at five pictures a second."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A look, and the blocks that moved since the one before it."""

    look: Look
    moved: Boxes

    @property
    def ids(self) -> set[int]:
        """Tracks that are followed in it."""
        return set(self.look.step.tracks.ids.tolist())


class Drawing:
    """Draws looks one after the other; a few stay back, because filling needs to know what comes.

    Raises:
        ConfigError: the video cannot be written.
    """

    def __init__(self, path: Path, camera: CameraSpec, labels: tuple[str, ...]) -> None:
        self._film = Film(path, camera.detect_fps)
        self._camera = camera
        self._labels = labels
        self._overlay = Overlay(camera, labels)
        self._shots: deque[Shot] = deque(maxlen=2 * AROUND + 1)
        self._waiting = 0

    def __enter__(self) -> "Drawing":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as stack:
            stack.push(self._film)
            while self._waiting:
                self._draw(len(self._shots) - self._waiting)

    def add(self, look: Look) -> None:
        """Take the next look."""
        self._shots.append(Shot(look, self._moved(look)))
        self._waiting += 1
        if self._waiting > AROUND:
            self._draw(len(self._shots) - self._waiting)

    def _draw(self, which: int) -> None:
        look = self._shots[which].look
        scene = self._overlay.painted(look, self._redacted(which))
        self._film.add(scene, look.frame.moment.mono_ns / NS_PER_S)
        self._waiting -= 1

    def _redacted(self, which: int) -> Pixels:
        """The picture of a shot, without anybody in it."""
        shot, look = self._shots[which], self._shots[which].look
        pixels = look.frame.pixels
        if isinstance(look.answer, NotAnswered):
            return np.full_like(pixels, DARK)
        near = [other for i, other in enumerate(self._shots) if 0 < abs(i - which) <= AROUND]
        pixels = _plain(pixels, _strangers(shot, near), MARGIN_UNSURE)
        # Motion shows where somebody was and where he came to: both pictures of a pair are filled there.
        for other in list(self._shots)[which : which + 2]:
            pixels = _plain(pixels, other.moved, 0.0)
        if isinstance(look.answer, Detections):
            found, classes = look.answer.boxes, look.answer.classes
            pixels = solid_fill(pixels, found, self._colours(classes), MARGIN)
        tracks = look.step.tracks
        return solid_fill(pixels, tracks.boxes, self._colours(tracks.classes), MARGIN)

    def _colours(self, classes: np.ndarray) -> np.ndarray:
        return np.array([colour_of(self._labels[index]) for index in classes.tolist()], np.uint8).reshape(
            -1, 3
        )

    def _moved(self, look: Look) -> Boxes:
        if not self._shots or self._shots[-1].look.frame.size != look.frame.size:
            return np.empty((0, 4), np.float32)
        return moving(self._shots[-1].look.frame.pixels, look.frame.pixels).astype(np.float32)


def _plain(pixels: Pixels, boxes: Boxes, margin: float) -> Pixels:
    return solid_fill(pixels, boxes, np.full((len(boxes), 3), DARK, np.uint8), margin)


def _strangers(shot: Shot, near: list[Shot]) -> Boxes:
    """Where tracks were just before and after, that are not followed in this shot."""
    here = shot.ids
    gone = [
        other.look.step.tracks.boxes[[i not in here for i in other.look.step.tracks.ids.tolist()]]
        for other in near
        if other.look.frame.size == shot.look.frame.size
    ]
    return np.concatenate([np.empty((0, 4), np.float32), *gone])
