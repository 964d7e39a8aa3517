"""Wiring of the verb `models quantise`: an INT8 copy of a model in the store, if it is as good."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from edge.adapters import model_folder
from edge.adapters.model_folder import LoadedModel
from edge.adapters.model_store import ModelStore
from edge.adapters.onnx_detector import OnnxDetector
from edge.adapters.onnx_self_test import write_self_test
from edge.adapters.quantiser import PERCENTILE, quantised
from edge.detect.agreement import Agreement, agreement
from edge.detect.card import Card
from edge.values.detections import Detections
from edge.values.frame import Pixels

NOTHING = Detections.of([], [], [])


def loaded(folder: Path) -> LoadedModel:
    """The model of a folder.

    Raises:
        ModelError: it is missing or damaged.
    """
    return model_folder.load(folder)


def calibration(count: int, name: str) -> str:
    """How a copy was calibrated, for its card."""
    return f"{count} pictures of {name}, percentile {PERCENTILE:g}, per channel"


def copy_of(model: LoadedModel, name: str, pictures: Sequence[Pixels]) -> LoadedModel:
    """An INT8 copy that was not judged yet.

    Raises:
        ModelError: the model cannot be quantised.
    """
    weights = quantised(model, pictures)
    card = replace(
        model.card,
        name=name,
        sha256=hashlib.sha256(weights).hexdigest(),
        quality=(),
        self_test=None,
    )
    return LoadedModel(card, weights, None)


def compared(model: LoadedModel, copy: LoadedModel, pictures: Sequence[Pixels]) -> Agreement:
    """How much of what the original finds its copy finds too, both at the card's thresholds.

    Raises:
        ModelError: one of them is not accepted at the door.
    """
    first, second = OnnxDetector(model), OnnxDetector(copy)
    return agreement((_found(first, picture), _found(second, picture)) for picture in pictures)


def _found(detector: OnnxDetector, picture: Pixels) -> Detections:
    answer = detector.answer(picture)
    return answer if isinstance(answer, Detections) else NOTHING


def installed(store: ModelStore, model: LoadedModel, copy: LoadedModel, card: Card) -> Path:
    """Put the copy into the store under this card; its self-test is what it finds in its original's picture.

    Raises:
        ModelError: the name is taken, or it is not accepted.
        StorageError: the store cannot be written to.
    """
    with store.unready() as folder:
        (folder / "model.onnx").write_bytes(copy.weights)
        model_folder.save_card(folder, card)
        if model.picture is not None:
            write_self_test(folder, model.picture)
        OnnxDetector(model_folder.load(folder))
        return store.install(folder, card.name)
