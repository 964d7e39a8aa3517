"""Wiring of the verb `models evaluate`: labelled pictures, and a detector that tells even what it doubts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from edge.adapters import labelled_pictures, model_folder
from edge.adapters.labelled_pictures import LabelledPicture
from edge.adapters.onnx_acceptance import picture_pixels
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Card
from edge.evaluate.coco import Labelled
from edge.values.detections import Detections
from edge.values.errors import ConfigError, ModelError

DOUBTED = 0.01
"""Smallest score that is told: the figures want the whole curve, as COCO's own detectors give it."""

MOST = 1000


def pictures_of(folder: Path, labels: Path, names: Sequence[str]) -> tuple[LabelledPicture, ...]:
    """The labelled pictures of a folder, by COCO's JSON or YOLO's text.

    Raises:
        ConfigError: they are wrong, or there are none.
    """
    for path in (folder, labels):
        if not path.exists():
            raise ConfigError(f"{path}: there is no such file or folder")
    if not folder.is_dir():
        raise ConfigError(f"{folder}: wanted a folder of pictures")
    found = (
        labelled_pictures.from_yolo(folder, labels, names)
        if labels.is_dir()
        else labelled_pictures.from_coco(folder, labels)
    )
    if not found:
        raise ConfigError(f"{folder}: wanted labelled pictures, found none")
    return found


def doubting_detector(folder: Path) -> OnnxDetector:
    """The model of a folder with all it sees, down to the faintest.

    Raises:
        ModelError: it is not accepted.
    """
    model = model_folder.load(folder)
    doubting = replace(model.card.thresholds, score={}, default=DOUBTED, max_detections=MOST)
    return OnnxDetector(model, thresholds=doubting)


def answered(
    detector: OnnxDetector, pictures: Sequence[LabelledPicture], scored: Sequence[str], aside: frozenset[str]
) -> Iterator[Labelled]:
    """What the detector says of each picture, beside what is in it.

    Args:
        detector: tells down to the faintest.
        pictures: with their truth.
        scored: plain names of the classes that are scored, by class index of the result.
        aside: plain names of labels whose boxes are neither to be found nor wrong to find.

    Raises:
        ConfigError: a picture cannot be decoded.
        ModelError: a picture got no answer.
    """
    index = {name: number for number, name in enumerate(scored)}
    mine = np.array([index.get(plain(label), -1) for label in detector.labels])
    for picture in pictures:
        try:
            found = detector.answer(picture_pixels(picture.path.read_bytes()))
        except (OSError, ModelError) as failure:
            raise ConfigError(f"{picture.path}: cannot be decoded as a picture") from failure
        if not isinstance(found, Detections):
            raise ModelError(f"{picture.path}: got no answer ({found.why}); verify the model")
        yield _beside(found, mine, picture, index, aside)


def _beside(
    found: Detections,
    mine: np.ndarray,
    picture: LabelledPicture,
    index: dict[str, int],
    aside: frozenset[str],
) -> Labelled:
    truth = [o for o in picture.objects if plain(o.label) in index]
    groups = [o for o in picture.objects if plain(o.label) in aside]
    rows = [(index[plain(o.label)], o.box, o.area, o.crowd) for o in truth]
    rows += [(number, o.box, o.area, True) for o in groups for number in index.values()]
    return Labelled(
        found=found.boxes.astype(np.float64),
        scores=found.scores.astype(np.float64),
        found_classes=mine[found.classes],
        boxes=np.array([box for _, box, _, _ in rows], np.float64).reshape(-1, 4),
        classes=np.array([number for number, _, _, _ in rows], np.intp),
        areas=np.array([area for _, _, area, _ in rows], np.float64),
        crowd=np.array([crowd for _, _, _, crowd in rows], np.bool_),
    )


def card_of(folder: Path) -> Card:
    """What a model says of itself.

    Raises:
        ModelError: the card is missing or wrong.
    """
    return model_folder.card_of(folder)[0]


def plain(label: str) -> str:
    """A label without what differs between data sets: OtherVehicle is other vehicle."""
    return "".join(sign for sign in label.lower() if sign.isalnum())
