"""Wiring of `check --camera`: some seconds of a stream, who was seen in it, and how small a person may be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from edge.adapters import model_folder
from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace, SourceCount
from edge.adapters.clock import SystemClock
from edge.adapters.onnx_acceptance import picture_pixels
from edge.adapters.onnx_detector import OnnxDetector
from edge.config.spec import CameraSpec, NodeSpec
from edge.detect.letterbox import Placement
from edge.detect.nms import iou_matrix
from edge.ground.area import within
from edge.run.models import folder_of
from edge.run.parts import wanted_thresholds
from edge.run.wiring import watching
from edge.run.wiring.modelling import SAME, SAMPLE
from edge.run.wiring.watching import live_source
from edge.suitability.deserted import Scores
from edge.suitability.picture import Quality, grey_of, quality_of
from edge.values.detections import Boxes, Detections
from edge.values.frame import Pixels, Size

Floats = npt.NDArray[np.float64]

PERSON = "person"
MOST_PICTURES = 400
MOST_DESERTED = 20_000
"""Pictures of a deserted place that are looked at: of each only what was found is kept."""
LOOKED_CLOSELY = 8
"""Pictures whose quality is measured; of several the median counts."""

GREY = 114
SHRINK = tuple(0.85**step for step in range(12))
UPRIGHT = (1.4, 6.0)
"""Height over width of a whole person who stands or walks."""

BORDER_PX = 3


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What some seconds of a camera showed.

    Attributes:
        size: of the camera's picture.
        pictures: how many were looked at.
        feet: rows of the feet of whole people, shares of the picture's height.
        tall: their heights, pixels of the camera.
        quality: of the median picture.
        bits_per_pixel: of the compressed stream; None where the packets tell nothing.
        persons: of each picture n×5: box x1 y1 x2 y2 in shares of the picture and score of all that would
            begin a track and stand in no mask.
    """

    size: Size
    pictures: int
    feet: Floats
    tall: Floats
    quality: Quality
    bits_per_pixel: float | None
    persons: tuple[Floats, ...]


def detector_of(node: NodeSpec) -> OnnxDetector:
    """The node's detector as a track begins: sure of what it tells.

    Raises:
        ModelError: the model is not accepted.
    """
    choice = watching.model_of(node)
    sure = wanted_thresholds(node, choice.model.card)
    return OnnxDetector(choice.model, engine=choice.engine, thresholds=sure)


def person_scores(node: NodeSpec, detector: OnnxDetector) -> Scores:
    """Which score begins the track of a person, and by which configured one it is moved."""
    now = detector.card.thresholds
    configured = now.default if node.detector.score is None else node.detector.score
    return Scores(now.of(PERSON), now.of(PERSON) / configured)


def watch(camera: CameraSpec, detector: OnnxDetector, seconds: float, most: int = MOST_PICTURES) -> Seen:
    """Look at the analysed stream for some seconds of its time, at its own resolution.

    Args:
        camera: whose stream it is.
        detector: looks at it.
        seconds: of the stream's time.
        most: pictures that are looked at.

    Raises:
        CameraError: it cannot be opened or read, or ends too soon.
        ConfigError: its password cannot be read.
    """
    spec = replace(live_source(camera, camera.detect), pace=Pace.FAST, loop=True)
    count = SourceCount()
    source = AvSource(spec, camera.id, "check", lambda size: size, SystemClock(), count=count)
    people: list[Floats] = []
    persons: list[Floats] = []
    qualities: list[Quality] = []
    try:
        first = frame = source.read()
        while frame is not None and first is not None:
            found = _persons(detector, frame.pixels)
            people.append(_whole(found[:, :4], frame.size))
            persons.append(_unmasked(found, frame.size, camera.masks))
            if len(people) % 3 == 1 and len(qualities) < LOOKED_CLOSELY:
                qualities.append(quality_of(grey_of(frame.pixels)))
            if frame.moment.seconds_since(first.moment) >= seconds or len(people) >= most:
                break
            frame = source.read()
    finally:
        source.close()
    assert first is not None  # a live source raises, it never ends
    boxes, height = np.concatenate(people), first.size.height
    pixels = count.read * first.size.width * height
    return Seen(
        size=first.size,
        pictures=len(people),
        feet=boxes[:, 3] / height,
        tall=boxes[:, 3] - boxes[:, 1],
        quality=_median(qualities),
        bits_per_pixel=8 * count.bytes / pixels if count.bytes and pixels else None,
        persons=tuple(persons),
    )


def _whole(boxes: Floats, size: Size) -> Floats:
    """Those boxes, n×4 in pixels, that are of whole, upright people: those that touch the border are cut."""
    wide, tall = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    limit = np.array(size)
    whole = (boxes[:, :2] > BORDER_PX).all(axis=1) & (boxes[:, 2:] < limit - BORDER_PX).all(axis=1)
    upright = (tall >= UPRIGHT[0] * wide) & (tall <= UPRIGHT[1] * wide)
    people: Floats = boxes[whole & upright]
    return people


def _unmasked(found: Floats, size: Size, masks: Sequence[Sequence[tuple[float, float]]]) -> Floats:
    """All that stand in no mask, n×5, with boxes in shares of the picture: there nobody is ever found."""
    told: Floats = found / np.array([*size, *size, 1.0])
    feet = np.column_stack([told[:, [0, 2]].mean(axis=1), told[:, 3]])
    for mask in masks:
        outside = ~within(feet, np.array(mask))
        told, feet = told[outside], feet[outside]
    return told


def _persons(detector: OnnxDetector, pixels: Pixels) -> Floats:
    """Boxes of all people that are found, in pixels, and their scores, n×5."""
    found = detector.answer(pixels)
    if not isinstance(found, Detections) or PERSON not in detector.labels:
        return np.empty((0, 5))
    people = found.classes == detector.labels.index(PERSON)
    return np.column_stack([found.boxes[people], found.scores[people]]).astype(np.float64)


def _median(qualities: list[Quality]) -> Quality:
    names = Quality.__slots__
    return Quality(*(float(np.median([getattr(each, name) for each in qualities])) for name in names))


def to_input(detector: OnnxDetector, size: Size) -> float:
    """Pixels of the model's input for each pixel of a camera of this size, upright.

    At most 1: what a camera does not show is not there either when its picture is made larger.
    """
    wanted = detector.card.input
    return min(1.0, Placement.of(size, wanted.size, wanted.fit).content.height / size.height)


def shrunken_people(detector: OnnxDetector) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Heights of people in the model's input, and whether it finds them, over ever smaller pictures.

    The picture is that of the bundled street detector, with rendered people.

    Raises:
        ModelError: the bundled model is damaged.
    """
    model = model_folder.load(folder_of(SAMPLE))
    if PERSON not in detector.labels or model.picture is None or model.card.self_test is None:
        return np.empty(0), np.empty(0, np.bool_)
    pixels = picture_pixels(model.picture)
    known = np.array([each.box for each in model.card.self_test.expected if each.label == PERSON], np.float32)
    scale = to_input(detector, Size(pixels.shape[1], pixels.shape[0]))
    heights, found = [], []
    for share in SHRINK:
        small, boxes = _shrunken(pixels, known, share)
        heights.append((boxes[:, 3] - boxes[:, 1]) * scale)
        seen = _persons(detector, small)[:, :4].astype(np.float32)
        found.append((iou_matrix(boxes, seen) >= SAME).any(axis=1))
    return np.concatenate(heights).astype(np.float64), np.concatenate(found)


def _shrunken(pixels: Pixels, boxes: Boxes, share: float) -> tuple[Pixels, Boxes]:
    """The picture made smaller in the middle of grey, and the boxes there."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * share)), max(1, round(height * share)))
    canvas = np.full_like(pixels, GREY)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    canvas[top : top + size[1], left : left + size[0]] = cv2.resize(
        pixels, size, interpolation=cv2.INTER_AREA
    )
    scale = np.array([size[0] / width, size[1] / height] * 2, np.float32)
    return canvas, (boxes * scale + np.array([left, top] * 2, np.float32)).astype(np.float32)
