"""Wiring of the verbs `models`: model folders, the store, and detectors that passed the door."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from edge.adapters import model_folder
from edge.adapters.model_store import ModelStore
from edge.adapters.onnx_acceptance import picture_pixels
from edge.adapters.onnx_counter import OnnxCounter
from edge.adapters.onnx_detector import OnnxDetector
from edge.adapters.onnx_look import Looked, look_at
from edge.adapters.onnx_self_test import write_head_count, write_self_test
from edge.config.classes import check_classes
from edge.config.spec import NodeSpec
from edge.detect.card import Card, Expected
from edge.detect.nms import iou_matrix
from edge.run.models import bundled, folder_of, store_folder
from edge.values.density import DensityMap
from edge.values.detections import Detections, NotAnswered
from edge.values.errors import ModelError
from edge.values.frame import Pixels

__all__ = ["Looked", "look_at"]

Store = ModelStore
WEIGHTS = "model.onnx"
SAMPLE = "street-nano"
SAME = 0.5
"""Overlap from which on two boxes show the same person."""
SURELY_MORE = 2


@dataclass(frozen=True, slots=True)
class Shelved:
    """A model as it stands on a shelf; its weights are not proven yet.

    Attributes:
        folder: where it is.
        origin: `bundled`, or `store`.
        card: what it says of itself.
        size_bytes: of the weights.
    """

    folder: Path
    origin: str
    card: Card
    size_bytes: int


def check_counted(config: Path, node: NodeSpec) -> None:
    """Pass in silence if the node's model knows all that the configuration counts, or cannot be asked: that
    it is missing or damaged is told by whoever loads it.

    Raises:
        ConfigError: a rule or heat map counts what it does not know.
    """
    try:
        card, _ = model_folder.card_of(folder_of(node.detector.model))
    except ModelError:
        return
    check_classes(config, card.name, card.labels)


def store_of(folder: Path | None) -> ModelStore:
    """The node's store, or another."""
    return ModelStore(folder or store_folder())


def shelved_folders(store: ModelStore) -> list[tuple[Path, str]]:
    """Folder and origin of every model: the bundled ones, then those of the store."""
    return [*((f, "bundled") for f in bundled()), *((f, "store") for f in store.installed())]


def shelved(folder: Path, origin: str) -> Shelved:
    """What the folder of a model says of it.

    Raises:
        ModelError: the card is missing or wrong, or there are no weights.
    """
    card, weights = model_folder.card_of(folder)
    return Shelved(folder, origin, card, model_folder.size_of(weights))


def accepted(folder: Path) -> OnnxDetector | OnnxCounter:
    """The model of a folder after digest, capability, shapes, plain grey and self-test.

    Raises:
        ModelError: it is not accepted.
    """
    model = model_folder.load(folder)
    return OnnxCounter(model) if model.card.counts else OnnxDetector(model)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A model that came into the store.

    Attributes:
        folder: where it is.
        card: what was written of it.
        pixels: its self-test picture, uint8 H×W×3, RGB.
        found: what it finds there, or whom it counts.
    """

    folder: Path
    card: Card
    pixels: Pixels
    found: Detections | DensityMap


def weights_of(file: Path) -> bytes:
    """The bytes of a file of weights.

    Raises:
        ModelError: it is missing, no plain file, or too large.
    """
    return model_folder.read_weights(file)


def self_test_picture(file: Path | None) -> bytes:
    """The operator's picture for a self-test, else that of the bundled street detector.

    Raises:
        ModelError: it cannot be read.
    """
    if file is not None:
        return model_folder.read_picture(file)
    picture = model_folder.load(folder_of(SAMPLE)).picture
    if picture is None:
        raise ModelError(f"the bundled model {SAMPLE} has no picture; give one with --picture")
    return picture


def install(store: ModelStore, card: Card, weights: bytes, picture: bytes) -> Made:
    """Put a model into the store: card, weights, and a self-test on the picture.

    Raises:
        ModelError: it is not accepted, or finds nothing in the picture; the store is as it was.
        StorageError: the store cannot be written to.
    """
    with store.unready() as folder:
        (folder / WEIGHTS).write_bytes(weights)
        model_folder.save_card(folder, card, WEIGHTS)
        write = write_head_count if card.counts else write_self_test
        made = write(folder, picture, WEIGHTS)
        pixels = picture_pixels(picture)
        found = accepted(folder).answer(pixels)
        if isinstance(found, NotAnswered):
            raise ModelError(f"{card.name}: the self-test picture got no answer")
        return Made(store.install(folder, card.name), made, pixels, found)


def better_inputs(card: Card, weights: bytes) -> list[str]:
    """What would have to be said of the input to find more of the people in the sample picture, in words.

    The usual input of a family is a proposal; a model that was trained otherwise finds less, unnoticed.
    """
    sample = model_folder.load(folder_of(SAMPLE))
    if sample.picture is None or sample.card.self_test is None or "person" not in card.labels:
        return []
    pixels, people = picture_pixels(sample.picture), sample.card.self_test.expected
    usual = _known_found(card, weights, pixels, people)
    told = []
    for words, other in _other_inputs(card):
        if (count := _known_found(other, weights, pixels, people)) >= usual + SURELY_MORE:
            told.append(f"with {words} it finds {count} of the people in the sample picture, not {usual}")
    return told


def _other_inputs(card: Card) -> Iterator[tuple[str, Card]]:
    """Cards that differ in one thing about the input, and the option that says so."""
    colour: Literal["RGB", "BGR"] = "BGR" if card.input.colour == "RGB" else "RGB"
    yield f"--colour {colour}", replace(card, input=replace(card.input, colour=colour))
    if card.input.dtype == "float32":
        divisor = 255.0 if card.input.divisor == 1 else 1.0
        yield f"--divisor {divisor:g}", replace(card, input=replace(card.input, divisor=divisor))


def _known_found(card: Card, weights: bytes, pixels: Pixels, known: tuple[Expected, ...]) -> int:
    """How many of the known people a model finds; 0 where it is not accepted."""
    try:
        found = OnnxDetector(model_folder.LoadedModel(card, weights, None)).answer(pixels)
    except ModelError:
        return 0
    if not isinstance(found, Detections):
        return 0
    boxes = np.array([each.box for each in known if each.label == "person"], np.float32).reshape(-1, 4)
    mine = found.boxes[found.classes == card.labels.index("person")]
    return int((iou_matrix(boxes, mine) >= SAME).any(axis=1).sum())
