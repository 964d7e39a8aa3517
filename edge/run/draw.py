"""The redacted view of a replay as a video: places, counts and events; people and vehicles are filled.

Law: a picture is shown only as far as it is known who is in it. The redaction of the whole clip is made
before the first picture is drawn, as for `footage redact`; what the replay itself found or follows is filled
as well; masks are filled; a picture without an answer is not shown at all.
"""

from pathlib import Path
from types import TracebackType

import numpy as np

from edge.config.spec import CameraSpec
from edge.privacy.fill import Boxes, solid_fill
from edge.privacy.redaction import DARK, MARGIN, Redaction
from edge.run.film import Film
from edge.run.look import Look
from edge.run.overlay import Overlay, colour_of
from edge.run.redact import seconds
from edge.values.detections import Classes, Detections, NotAnswered
from edge.values.frame import Pixels


class Drawing:
    """Draws looks one after the other.

    Raises:
        ConfigError: the video cannot be written.
    """

    def __init__(self, path: Path, camera: CameraSpec, labels: tuple[str, ...], redaction: Redaction) -> None:
        self._film = Film(path, camera.detect_fps)
        self._overlay = Overlay(camera, labels)
        self._palette = np.array([colour_of(label) for label in labels], np.uint8)
        self._redaction = redaction

    def __enter__(self) -> "Drawing":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._film.__exit__(kind, error, trace)

    def add(self, look: Look) -> None:
        """Draw the next look."""
        self._film.add(self._overlay.painted(look, self._redacted(look)), seconds(look.frame))

    def _redacted(self, look: Look) -> Pixels:
        """The picture of a look, without anybody in it."""
        if isinstance(look.answer, NotAnswered):
            return np.full_like(look.frame.pixels, DARK)
        region = self._redaction.region_at(seconds(look.frame))
        pixels = region.filled(look.frame.pixels, self._palette)
        if isinstance(look.answer, Detections):
            pixels = self._filled(pixels, look.answer.boxes, look.answer.classes)
        return self._filled(pixels, look.step.tracks.boxes, look.step.tracks.classes)

    def _filled(self, pixels: Pixels, boxes: Boxes, classes: Classes) -> Pixels:
        return solid_fill(pixels, boxes, self._palette[classes], MARGIN)
