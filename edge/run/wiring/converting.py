"""Wiring of the verb `models export`: ultralytics in its own process, our detector on what it made."""

from collections.abc import Sequence
from pathlib import Path

from edge.adapters import ultralytics_export
from edge.adapters.labelled_pictures import SUFFIXES
from edge.adapters.model_folder import LoadedModel
from edge.adapters.onnx_acceptance import picture_pixels
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Card, Thresholds
from edge.detect.likeness import Likeness, likeness
from edge.values.detections import Detections
from edge.values.errors import ConfigError, ModelError

NMS_IOU = 0.5
"""Overlap above which both drop the worse of two boxes of a class."""

export = ultralytics_export.export
Exported = ultralytics_export.Exported


def pictures_in(folder: Path, most: int) -> list[Path]:
    """The first pictures of a folder, by name.

    Raises:
        ConfigError: there are none.
    """
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES) if folder.is_dir() else []
    if not found:
        raise ConfigError(f"--pictures: {folder}: wanted a folder of pictures for the proof, found none")
    return found[:most]


def proof(exported: Exported, card: Card, pictures: Sequence[Path], score: float) -> Likeness:
    """How alike the original and what was made of it are, on these pictures, above a score.

    Raises:
        ModelError: what was made is not accepted, or does not answer.
    """
    asked = Thresholds({}, default=score, nms_iou=NMS_IOU, across_iou=1.0)
    detector = OnnxDetector(LoadedModel(card, exported.weights, None), thresholds=asked)
    answers = []
    for path in pictures:
        answer = detector.answer(picture_pixels(path.read_bytes()))
        if not isinstance(answer, Detections):
            raise ModelError(f"{path}: the exported model gave no answer ({answer.why})")
        answers.append(answer)
    return likeness(exported.found, answers)
