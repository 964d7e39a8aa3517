"""The redacted copy of a clip as a film, and how much of the clip it still shows.

Law: nothing of the clip is in the film but what the redaction leaves: no sound, no metadata, no picture that
was not filled by it. Places at which nobody may look are filled last, over everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from edge.privacy.redaction import DARK, Redaction
from edge.run.film import Film
from edge.run.redact import Reading, Tell, pictures, planned
from edge.scene.polygons import Point
from edge.values.frame import Pixels

Masks = Sequence[Sequence[Point]]
"""Polygons in the unit square at which nobody may look."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of it.

    Attributes:
        pictures: of the clip.
        clip_s: time of the last of them, seconds.
        followed: objects that were followed, invented ones too.
        blank: pictures that are filled whole.
        filled: share of all the pictures' area that is filled.
    """

    pictures: int
    clip_s: float
    followed: int
    blank: int
    filled: float


def write_redacted(
    path: Path, reading: Reading, masks: Masks, tell: Tell, container: str | None = None
) -> Summary:
    """Write the redacted copy of a clip.

    Args:
        path: of the film; what is there is overwritten.
        reading: how the clip is read and looked at.
        masks: filled in every picture.
        tell: told how far it is, over and over.
        container: format of the film, where the path's suffix does not name one.

    Raises:
        CameraError: the clip cannot be read, or has no picture.
        ConfigError: the film cannot be written.
    """
    redaction = planned(reading, tell)
    filled, blank = 0.0, 0
    with Film(path, _rate(redaction, reading), container) as film:
        for shown in pictures(reading, redaction, tell):
            film.add(_masked(shown.pixels, masks), shown.at_s)
            filled += float(shown.region.covers(redaction.analysed).mean())
            blank += shown.region.whole
    share = round(filled / len(redaction), 4)
    return Summary(len(redaction), redaction.times_s[-1], len(redaction.trails), blank, share)


def _rate(redaction: Redaction, reading: Reading) -> float:
    """Pictures per second of the film."""
    last_s = redaction.times_s[-1]
    return (len(redaction) - 1) / last_s if last_s > 0 else reading.fps


def _masked(pixels: Pixels, masks: Masks) -> Pixels:
    size = np.array(pixels.shape[1::-1])
    for mask in masks:
        cv2.fillPoly(pixels, [np.round(np.array(mask) * size).astype(np.int32)], (DARK, DARK, DARK))
    return pixels
