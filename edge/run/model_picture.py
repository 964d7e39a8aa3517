"""A picture to look at: what a model finds, drawn over people who are filled.

Law: whoever is found as a person is filled before anything is drawn; other things keep their look and get a
frame with their name.
"""

import os
from pathlib import Path

import cv2
import numpy as np

from edge.privacy.fill import solid_fill
from edge.run.overlay import FONT, GROUND, WHITE, colour_of
from edge.values.density import DensityMap
from edge.values.detections import Detections
from edge.values.errors import ConfigError
from edge.values.frame import Pixels

PEOPLE = frozenset({"person", "people", "pedestrian", "human", "rider", "cyclist"})
MARGIN = 0.05


def drawn(pixels: Pixels, found: Detections, labels: tuple[str, ...]) -> Pixels:
    """The picture with everything that was found, people filled.

    Args:
        pixels: uint8 H×W×3, RGB.
        found: boxes in its pixels.
        labels: by class index.
    """
    people = np.array([labels[index] in PEOPLE for index in found.classes.tolist()], np.bool_)
    colours = np.full((int(people.sum()), 3), colour_of("person"), np.uint8)
    canvas = solid_fill(pixels, found.boxes[people], colours, MARGIN)
    rows = zip(found.boxes.round().astype(int).tolist(), found.classes, found.scores, strict=True)
    for (x1, y1, x2, y2), index, score in rows:
        label = labels[int(index)]
        cv2.rectangle(canvas, (x1, y1), (x2, y2), WHITE if label in PEOPLE else colour_of(label), 1)
        _tag(canvas, f"{label} {score:.2f}", x1, y1)
    return canvas


def counted(pixels: Pixels, told: DensityMap) -> Pixels:
    """Where people were counted, on grey: the picture itself is left out, whose people have no boxes to fill.

    Args:
        pixels: uint8 H×W×3, whose size it gets.
        told: the map.
    """
    height, width = pixels.shape[:2]
    canvas = np.full((height, width, 3), 40, np.uint8)
    most = max(float(told.cells.max()), 1e-9)
    (high, wide), down, across = told.cells.shape, height / told.rows, width / told.columns
    for row, column in zip(*np.nonzero(told.cells > most / 50), strict=True):
        share = float(told.cells[row, column]) / most
        corner = (int(column * across), int(row * down))
        opposite = (int((column + 1) * across), int((row + 1) * down))
        light = (40 + 215 * share, 40 + 120 * share, 40)
        cv2.rectangle(canvas, corner, opposite, light, cv2.FILLED)
    _tag(canvas, f"{told.people:.1f} people in {wide}x{high} cells", 4, 16)
    return canvas


def _tag(canvas: Pixels, text: str, x: int, y: int) -> None:
    (width, height), below = cv2.getTextSize(text, FONT, 0.35, 1)
    x = int(np.clip(x, 0, max(0, canvas.shape[1] - width)))
    y = int(np.clip(y - 2, height, canvas.shape[0] - below))
    cv2.rectangle(canvas, (x, y - height - 1), (x + width, y + below), GROUND, cv2.FILLED)
    cv2.putText(canvas, text, (x, y), FONT, 0.35, WHITE, 1, cv2.LINE_AA)


def accept_path(path: Path) -> None:
    """Refuse a path where no picture can be written, before work is put into one.

    Raises:
        ConfigError: it is so.
    """
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg") or not os.access(path.parent, os.W_OK):
        raise _unwritable(path)


def _unwritable(path: Path) -> ConfigError:
    return ConfigError(f"{path} cannot be written; wanted a writable folder and a name in .png or .jpg")


def save(pixels: Pixels, path: Path) -> None:
    """Write a picture, PNG or JPEG by its suffix.

    Raises:
        ConfigError: it cannot be written.
    """
    try:
        written = cv2.imwrite(str(path), pixels[:, :, ::-1])
    except cv2.error:
        written = False
    if not written:
        raise _unwritable(path)
