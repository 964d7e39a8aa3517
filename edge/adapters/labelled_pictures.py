"""Folders of labelled pictures: COCO's JSON and YOLO's text, read with suspicion.

Law: a label that does not fit its picture is an error that names file and line, never a box left out.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from edge.values.errors import ConfigError

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TrueBox:
    """One labelled object: x1 y1 x2 y2 and area in pixels; a crowd is a group in one box."""

    label: str
    box: Box
    area: float
    crowd: bool = False


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """A picture file and what is in it."""

    path: Path
    objects: tuple[TrueBox, ...]


def from_coco(pictures: Path, labels: Path) -> tuple[LabelledPicture, ...]:
    """Pictures of a folder with labels in COCO's JSON.

    Raises:
        ConfigError: the file is no such JSON, or names what is not there.
    """
    try:
        told = json.loads(labels.read_text(encoding="utf-8"))
        names = {each["id"]: str(each["name"]) for each in told["categories"]}
        files = {each["id"]: str(each.get("file_name") or each["filename"]) for each in told["images"]}
        found: dict[Any, list[TrueBox]] = {number: [] for number in files}
        for each in told["annotations"] if "annotations" in told else told["annotation"]:
            found[each["image_id"]].append(_coco_box(each, names))
    except (OSError, UnicodeDecodeError) as failure:
        raise ConfigError(f"{labels}: cannot be read: {failure}") from failure
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise ConfigError(
            f"{labels}: wanted COCO's JSON with images, annotations and categories that refer to each other, "
            f"stumbled over {failure!r}"
        ) from failure
    return tuple(
        LabelledPicture(_picture(pictures / Path(name).name, labels), tuple(found[number]))
        for number, name in files.items()
    )


def _coco_box(annotation: Mapping[str, Any], names: Mapping[Any, str]) -> TrueBox:
    x, y, width, height = (float(side) for side in annotation["bbox"])
    if not all(map(math.isfinite, (x, y, width, height))) or min(width, height) < 0:
        raise ValueError(f"bbox {annotation['bbox']}")
    area = float(annotation.get("area", width * height))
    label = names[annotation["category_id"]]
    return TrueBox(label, (x, y, x + width, y + height), area, bool(annotation.get("iscrowd", 0)))


def from_yolo(pictures: Path, labels: Path, names: Sequence[str]) -> tuple[LabelledPicture, ...]:
    """Pictures of a folder with a text file each: `class cx cy width height` a line, shares of the picture.

    A picture without a file has nothing in it.

    Raises:
        ConfigError: a line is wrong, or no labels belong to these pictures.
    """
    files = {path.stem: path for path in sorted(pictures.iterdir()) if path.suffix.lower() in SUFFIXES}
    texts = {path.stem: path for path in labels.glob("*.txt") if path.stem not in ("classes", "README")}
    if not set(texts) & set(files):
        raise ConfigError(f"{labels}: wanted a text file named like each picture of {pictures}, found none")
    return tuple(
        LabelledPicture(path, _yolo_boxes(path, texts[stem], names) if stem in texts else ())
        for stem, path in files.items()
    )


def _yolo_boxes(picture: Path, text: Path, names: Sequence[str]) -> tuple[TrueBox, ...]:
    full = cv2.imread(str(picture), cv2.IMREAD_COLOR)
    if full is None:
        raise ConfigError(f"{picture}: cannot be decoded as a picture")
    height, width = full.shape[:2]
    found = []
    for number, line in enumerate(text.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            found.append(_yolo_box(f"{text}:{number}", line, (width, height), names))
    return tuple(found)


def _yolo_box(where: str, line: str, size: tuple[int, int], names: Sequence[str]) -> TrueBox:
    try:
        index, cx, cy, wide, high = (float(part) for part in line.split())
        if not all(map(math.isfinite, (index, cx, cy, wide, high))):
            raise ValueError
    except ValueError as failure:
        raise ConfigError(
            f"{where}: wanted five numbers, class cx cy width height, got {line[:60]!r}"
        ) from failure
    if not (index.is_integer() and 0 <= index < len(names)):
        raise ConfigError(f"{where}: wanted a class of 0 to {len(names) - 1}, got {index:g}; see --names")
    width, height = size
    box = (
        (cx - wide / 2) * width,
        (cy - high / 2) * height,
        (cx + wide / 2) * width,
        (cy + high / 2) * height,
    )
    return TrueBox(names[int(index)], box, wide * width * high * height)


def _picture(path: Path, labels: Path) -> Path:
    if not path.is_file():
        raise ConfigError(f"{labels}: names the picture {path.name}, which is not in {path.parent}")
    return path
