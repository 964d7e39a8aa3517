"""The model folder: weights, self-test picture, and a card that says what was measured and where it fails."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from edge.adapters.model_folder import LoadedModel, save_card
from edge.adapters.onnx_acceptance import picture_pixels
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Card, Family, Input, Quality, SelfTest, Thresholds
from edge.detect.letterbox import Fit
from edge.detect.self_test import observed
from edge.samples import random_scene, render
from edge.values.detections import Detections
from edge.values.frame import Pixels, Size
from models.training import recipe, score
from models.training.data import LABELS, Labelled, Shelf
from models.training.export import exported
from models.training.network import Network
from models.training.shelves import Shelves

SELF_TEST_SEED = 6
PICTURE = "selftest.jpg"
FEW = 25
"""Labels of a class in the test below which a figure says more about chance than about the model."""
FLOORS = (0.3, 0.325, 0.35, 0.375, 0.4, 0.425, 0.45, 0.5)
CALM = 60.0
"""Most false detections of a class in a thousand empty pictures at its threshold."""
PRECISE, CAREFUL = 0.5, 0.5
"""A class that is right less often than this at its best threshold gets the careful one."""
REACH = float(recipe.WIDTH)

DATA = (
    "1,569 street pictures (LS-chen/Pedestrian-behavior-detection-and-prediction, licence not stated by the "
    "publisher) and 427 of cars (RobertLucian/license-plate-dataset, MIT), labelled by YOLOX-nano, DEIMv2 "
    "femto and atto, NanoDet-m, FastestDet; 128 of COCO train2017 with labels (CC-BY-4.0, pictures under "
    "Flickr terms); 1,300 rendered pictures. A tenth of the street and car scenes, a third of COCO held back."
)


def write(network: Network, kept: Shelves, folder: Path, say: Callable[[str], None]) -> None:
    """Export, score and describe the network; the folder holds a whole model afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = exported(network, recipe.WIDTH, recipe.HEIGHT)
    plain = _card(weights)
    keen = _detector(weights, plain, 0.01)
    found = {name: score.answers(keen, s) for name, s in kept.test.items()}
    blank = score.answers(keen, _blank())
    chosen = replace(plain, thresholds=_thresholds(found, kept.test, blank))
    chosen = replace(chosen, quality=tuple(_quality(found, kept.test, chosen.thresholds)))
    picture = _picture()
    _, encoded = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
    answer = OnnxDetector(LoadedModel(chosen, weights, None)).answer(picture_pixels(encoded.tobytes()))
    if not isinstance(answer, Detections) or not len(answer):
        raise RuntimeError("the model finds nothing in its self-test picture; train it longer")
    chosen = replace(chosen, self_test=SelfTest(PICTURE, observed(answer, LABELS)))
    (folder / "model.onnx").write_bytes(weights)
    (folder / PICTURE).write_bytes(encoded.tobytes())
    save_card(folder, chosen)
    for line in chosen.quality:
        say(f"{line.measured_on}: {line.measure} {line.value}")


def _card(weights: bytes) -> Card:
    return Card(
        name="street-nano",
        family=Family.ULTRALYTICS,
        input=Input(
            Size(recipe.WIDTH, recipe.HEIGHT),
            layout="NHWC",
            dtype="uint8",
            divisor=1,
            fit=Fit.LETTERBOX_TOP_LEFT,
        ),
        labels=LABELS,
        thresholds=Thresholds({}, default=0.4, nms_iou=0.5),
        sha256=hashlib.sha256(weights).hexdigest(),
        licence="Apache-2.0",
        source="models/training of this repository",
        data=DATA,
    )


def _detector(weights: bytes, card: Card, floor: float) -> OnnxDetector:
    limits = replace(card.thresholds, default=floor)
    return OnnxDetector(LoadedModel(card, weights, None), thresholds=limits)


def _thresholds(
    found: dict[str, list[Detections]], test: dict[str, Shelf], blank: list[Detections]
) -> Thresholds:
    """By class, the lowest score that leaves empty streets nearly empty; careful where a class does badly."""
    real = [part.folder for part in recipe.SETS]
    answers = [answer for name in real for answer in found[name]]
    pictures = Shelf([test[name][i] for name in real for i in range(len(test[name]))])
    empty = _empty(found, test)
    floors = {}
    for kind, label in enumerate(LABELS):
        _, precision, _ = score.best_floor(answers, pictures, kind, REACH)
        quiet = [f for f in FLOORS if score.false_per_thousand(empty, label, f) <= CALM]
        calm = [f for f in quiet if not score.false_per_thousand(blank, label, f)]
        floors[label] = calm[0] if calm and precision >= PRECISE else CAREFUL
    return Thresholds(floors, default=CAREFUL, nms_iou=0.5)


def _quality(found: dict[str, list[Detections]], test: dict[str, Shelf], limits: Thresholds) -> list[Quality]:
    lines = []
    for name, shelf in test.items():
        where = f"{name}, {len(shelf)} pictures not trained on"
        counts = np.bincount(
            np.concatenate([shelf[i].kinds[shelf[i].scores >= 0.3] for i in range(len(shelf))]), minlength=6
        )
        for label, value in score.precisions(found[name], shelf, REACH).items():
            if value is not None and counts[LABELS.index(label)] >= FEW:
                lines.append(Quality(where, f"AP50 {label}", round(value, 3)))
    empty = _empty(found, test)
    wrong = score.false_per_thousand(empty, "person", limits.of("person"))
    where = f"{len(empty)} empty rendered pictures"
    return [*lines, Quality(where, "false persons per 1,000", round(wrong, 1))]


def _blank() -> Shelf:
    """Pictures of one grey, as a covered or blinded camera gives: nothing at all may be found in them."""
    none = (np.empty((0, 4), np.float32), np.empty(0, np.int64), np.empty(0, np.float32))
    return Shelf([Labelled("", np.full((234, 416, 3), g, np.uint8), *none) for g in range(0, 256, 15)])


def _empty(found: dict[str, list[Detections]], test: dict[str, Shelf]) -> list[Detections]:
    """What was found in rendered pictures that show nothing; of real ones nobody is sure of that."""
    rendered = set(test) - {part.folder for part in recipe.SETS}
    return [a for name in sorted(rendered) for i, a in enumerate(found[name]) if not len(test[name][i].kinds)]


def _picture() -> Pixels:
    """A picture of nobody real, for the self-test."""
    rng = np.random.default_rng(SELF_TEST_SEED)
    scene = random_scene(rng, size=Size(640, 360), people=8, frames=1)
    return next(iter(render(scene, rng)))[0]
