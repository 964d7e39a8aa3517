"""The model folder: weights, self-test picture, and a card that says what was measured and where it fails.

Law: thresholds are chosen on the pictures of the choice, every figure is of the pictures of the test.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from edge.adapters.model_folder import LoadedModel, save_card
from edge.adapters.onnx_acceptance import picture_pixels
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Card, Family, Input, Quality, SelfTest, Thresholds, Trade
from edge.detect.fit import Fit
from edge.detect.self_test import observed
from edge.values.detections import Detections
from edge.values.frame import Size
from models.training import score
from models.training.data import SURE, Labelled, Shelf
from models.training.recipe import Recipe
from models.training.shelves import Held

PICTURE = "selftest.jpg"
KEY = "person"
"""The class that must not be invented where nobody is."""
TRADED = (0.3, 0.325, 0.35, 0.375, 0.4, 0.425, 0.45, 0.475, 0.5, 0.55, 0.6)
"""Thresholds of the key class that the card tells of."""
INVENTED = 2.0
"""Most of the key class that a threshold may invent in a thousand deserted pictures of the choice. A
threshold begins a track, and fainter finds go on with it: so to find less in a single picture loses less
than to invent."""
FEW = 25
"""Labels of a class below which a figure says more about chance than about the model."""
PRECISE, FOUND, CAREFUL = 0.5, 0.2, 0.5
"""A class that is right less often than `PRECISE` or found less often than `FOUND` at its best threshold gets
the careful one."""


def write(
    weights: bytes, made: Recipe, choice: Held, exam: Held, folder: Path, say: Callable[[str], None]
) -> None:
    """Score and describe an exported model; the folder holds a whole model afterwards."""
    keen = detector_of(made, weights)
    limits = thresholds(keen, made, choice)
    card = replace(card_of(made, weights), thresholds=limits)
    card = replace(card, quality=tuple(_quality(keen, made, exam, limits)))
    if made.trades_on and len(exam.deserted):
        shown = exam.shelves[made.trades_on]
        where = (
            f"{made.trades_on}, {len(shown)} pictures, and {len(exam.deserted):,} rendered deserted places"
        )
        card = replace(card, trades=tuple(trades(keen, made, shown, exam.deserted)), trades_on=where)
    _, encoded = cv2.imencode(".jpg", made.self_test()[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
    answer = OnnxDetector(LoadedModel(card, weights, None)).answer(picture_pixels(encoded.tobytes()))
    if not isinstance(answer, Detections) or not len(answer):
        raise RuntimeError("the model finds nothing in its self-test picture; train it longer")
    card = replace(card, self_test=SelfTest(PICTURE, observed(answer, made.labels)))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(weights)
    (folder / PICTURE).write_bytes(encoded.tobytes())
    save_card(folder, card)
    for line in card.quality:
        say(f"{line.measured_on}: {line.measure} {line.value}")


def card_of(made: Recipe, weights: bytes) -> Card:
    """The card of an exported model before anything is known of its quality."""
    return Card(
        name=made.name,
        family=Family.ULTRALYTICS,
        input=Input(
            Size(made.width, made.height),
            layout="NHWC",
            dtype="uint8",
            divisor=1,
            fit=Fit.LETTERBOX_TOP_LEFT,
        ),
        labels=made.labels,
        thresholds=Thresholds({}, default=CAREFUL, nms_iou=0.5),
        sha256=hashlib.sha256(weights).hexdigest(),
        licence="Apache-2.0",
        source="models/training of this repository",
        data=made.data,
        limits=made.limits,
    )


def detector_of(made: Recipe, weights: bytes, floor: float = 0.01) -> OnnxDetector:
    """An exported model that tells everything from a very low score on."""
    card = card_of(made, weights)
    return OnnxDetector(LoadedModel(card, weights, None), thresholds=replace(card.thresholds, default=floor))


def thresholds(keen: score.Detector, made: Recipe, choice: Held) -> Thresholds:
    """By class, the score of the best F-measure, on pictures with things to find and on deserted ones.

    A covered or blinded camera shows nothing, whatever the score. A class that is rare or mostly wrong is
    told with care.

    Args:
        keen: the model, telling everything from a very low score on.
        made: its recipe.
        choice: the pictures that may be asked; no others may.
    """
    shelf = Shelf.joined([*choice.shelves.values(), choice.deserted])
    found, blank = score.answers(keen, shelf), score.answers(keen, _blank(made))
    counts = _counts(Shelf.joined(list(choice.shelves.values())), made)
    floors = {}
    for kind, label in enumerate(made.labels):
        best, precision, recall = score.best_floor(found, shelf, kind, made.reach)
        trusted = precision >= PRECISE and recall >= FOUND and counts[kind] >= FEW
        least = best if trusted else max(CAREFUL, best)
        if label == KEY:
            least = max(least, _least_that_invents_little(found[len(shelf) - len(choice.deserted) :], kind))
        floors[label] = next(
            (f for f in score.FLOORS if f >= least and not score.false_per_thousand(blank, kind, f)),
            score.FLOORS[-1],
        )
    return Thresholds(floors, default=CAREFUL, nms_iou=0.5)


def _least_that_invents_little(deserted: list[Detections], kind: int) -> float:
    few = (f for f in score.FLOORS if score.false_per_thousand(deserted, kind, f) <= INVENTED)
    return next(few, score.FLOORS[-1])


def _quality(keen: OnnxDetector, made: Recipe, exam: Held, limits: Thresholds) -> list[Quality]:
    lines = []
    for name, shelf in exam.shelves.items():
        where = f"{name}, {len(shelf)} pictures not trained on"
        found = score.answers(keen, shelf)
        values = score.precisions(found, shelf, len(made.labels), made.reach)
        for label, value, count in zip(made.labels, values, _counts(shelf, made), strict=True):
            if value is not None and count >= FEW:
                lines.append(Quality(where, f"AP50 {label}", round(value, 3)))
        lines += _at_threshold(found, shelf, made, limits, where)
    if len(exam.deserted):
        deserted = score.answers(keen, exam.deserted)
        wrong = score.false_per_thousand(deserted, made.labels.index(KEY), limits.of(KEY))
        where = f"{len(deserted):,} rendered pictures of deserted places"
        lines.append(Quality(where, f"false {KEY}s per 1,000", round(wrong, 1)))
    return lines


def trades(keen: score.Detector, made: Recipe, shown: Shelf, deserted: Shelf) -> list[Trade]:
    """What each threshold around the usual ones would give for the key class.

    Args:
        keen: the model, telling everything from a very low score on.
        made: its recipe.
        shown: pictures with things to find, none of them learnt from.
        deserted: pictures in which everything found is invented.
    """
    kind = made.labels.index(KEY)
    found, blank = score.answers(keen, shown), score.answers(keen, deserted)
    rows = []
    for floor in TRADED:
        precision, recall = score.rates(found, shown, kind, floor, made.reach)
        invented = score.false_per_thousand(blank, kind, floor)
        rows.append(Trade(KEY, floor, round(recall, 3), round(precision, 3), round(invented, 1)))
    return rows


def _at_threshold(
    found: list[Detections], shelf: Shelf, made: Recipe, limits: Thresholds, where: str
) -> list[Quality]:
    """How often the key class is right, and how much of it is found, at its threshold."""
    kind = made.labels.index(KEY)
    if _counts(shelf, made)[kind] < FEW:
        return []
    precision, recall = score.rates(found, shelf, kind, limits.of(KEY), made.reach)
    return [
        Quality(where, f"precision {KEY} at threshold", round(precision, 3)),
        Quality(where, f"recall {KEY} at threshold", round(recall, 3)),
    ]


def _counts(shelf: Shelf, made: Recipe) -> list[int]:
    """Sure labels of each class."""
    kinds = [shelf[i].kinds[shelf[i].scores >= SURE] for i in range(len(shelf))]
    every = np.concatenate([np.empty(0, np.int64), *kinds])
    return [int((every == kind).sum()) for kind in range(len(made.labels))]


def _blank(made: Recipe) -> Shelf:
    """Pictures of one grey, as a covered or blinded camera gives: nothing at all may be found in them."""
    none = (np.empty((0, 4), np.float32), np.empty(0, np.int64), np.empty(0, np.float32))
    size = (made.height, made.width, 3)
    return Shelf([Labelled("", np.full(size, grey, np.uint8), *none) for grey in range(0, 256, 15)])
