"""Where pictures and labels come from: label files where there are some, teachers where not."""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import av
import cv2
import numpy as np

from edge.values.frame import Pixels
from models.training.data import ANY, DOUBT, Floats, Ints, Labelled
from models.training.synthetic import SIDE
from models.training.teachers import Jury

COCO_CLASSES = {0: 0, 1: 1, 2: 2, 3: 3, 5: 4, 7: 5}
"""Class numbers of COCO's 80 that are ours."""


def unlabelled(path: Path) -> Labelled:
    """A picture of which nothing is known."""
    none = (np.empty((0, 4), np.float32), np.empty(0, np.int64), np.empty(0, np.float32))
    return Labelled(path.name, _read(path), *none)


def taught(paths: Iterable[Path], jury: Jury) -> Iterator[Labelled]:
    """Pictures, labelled by teachers."""
    for path in paths:
        yield _judged(path.name, _read(path), jury)


def filmed_taught(clip: Path, every_s: float, jury: Jury) -> Iterator[Labelled]:
    """Frames of a real clip, one every so many seconds, labelled by teachers at the clip's own size."""
    with av.open(str(clip)) as file:
        stream = file.streams.video[0]
        step = max(1, round(float(stream.average_rate or 1) * every_s))
        for index, frame in enumerate(itertools.islice(file.decode(stream), 0, None, step)):
            pixels = frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
            yield _judged(f"{clip.stem}-{index * step}", pixels, jury)


def annotated(folder: Path, labels: Path) -> Iterator[Labelled]:
    """The pictures of a folder with text labels: lines of COCO class, cx, cy, width, height; unit square."""
    for path in sorted(folder.glob("*.jpg")):
        pixels = _read(path)
        rows = _rows(labels / f"{path.stem}.txt")
        height, width = pixels.shape[:2]
        middle, half = rows[:, 1:3], rows[:, 3:5] / 2
        boxes = np.concatenate((middle - half, middle + half), 1) * np.array([width, height] * 2)
        kinds = np.array([COCO_CLASSES[int(row[0])] for row in rows], np.int64)
        yield _shelved(path.name, pixels, boxes.astype(np.float32), kinds, np.ones(len(rows), np.float32))


def listed(folder: Path, kinds: Mapping[str, int]) -> Iterator[Labelled]:
    """The pictures of a folder with labels in COCO's JSON beside it, in `folder`.json, at their own size.

    Args:
        folder: of the pictures.
        kinds: category to class; a category that is not named is a place to ignore.
    """
    held = json.loads(folder.with_suffix(".json").read_text(encoding="utf-8"))
    names = {category["id"]: category["name"] for category in held["categories"]}
    rows: dict[int, list[tuple[float, ...]]] = {}
    for note in held.get("annotations") or held["annotation"]:  # the second is HIT-UAV's spelling
        x, y, width, height = note["bbox"]
        kind = kinds.get(names[note["category_id"]], ANY)
        rows.setdefault(note["image_id"], []).append((x, y, x + width, y + height, kind))
    for picture in held["images"]:
        name = picture.get("file_name") or picture["filename"]
        mine = np.array(rows.get(picture["id"], []), np.float32).reshape(-1, 5)
        known = mine[:, 4].astype(np.int64)
        scores = np.where(known == ANY, DOUBT, 1.0).astype(np.float32)
        yield Labelled(name, _read(folder / name), mine[:, :4].copy(), known, scores)


def _judged(name: str, pixels: Pixels, jury: Jury) -> Labelled:
    found = jury.label(pixels)
    found = found.take(found.scores >= DOUBT)
    return _shelved(name, pixels, found.boxes, found.classes.astype(np.int64), found.scores)


def _rows(path: Path) -> Floats:
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    rows = [[float(word) for word in line.split()] for line in lines]
    return np.array([row for row in rows if int(row[0]) in COCO_CLASSES], np.float32).reshape(-1, 5)


def _read(path: Path) -> Pixels:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{path}: wanted a picture, got something that cannot be decoded")
    return np.ascontiguousarray(picture[:, :, ::-1]).astype(np.uint8, copy=False)


def _shelved(name: str, pixels: Pixels, boxes: Floats, kinds: Ints, scores: Floats) -> Labelled:
    scale = min(1.0, SIDE / max(pixels.shape[:2]))
    if scale < 1:
        size = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return Labelled(name, pixels, (boxes * np.float32(scale)).astype(np.float32), kinds, scores)
