"""Writes the self-test of a model folder: what is found or counted in a picture now, must be ever after."""

from dataclasses import replace
from pathlib import Path

from edge.adapters.model_folder import load, save_card
from edge.adapters.onnx_acceptance import picture_pixels
from edge.adapters.onnx_counter import OnnxCounter
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Card, SelfTest
from edge.detect.self_test import observed
from edge.values.detections import Detections, NotAnswered
from edge.values.errors import ModelError


def write_self_test(folder: Path, picture: bytes, weights: str = "model.onnx") -> Card:
    """Run the folder's model on a picture, and put picture and answer into the folder.

    Args:
        folder: model folder with a card; a self-test that it has is replaced.
        picture: PNG or JPEG of a scene with objects that the model knows; nobody real may be in it where the
            folder is given to others.
        weights: file name of the weights.

    Returns:
        The card as it was written.

    Raises:
        ModelError: the model is not accepted, or finds nothing in the picture; nothing was written.
    """
    model = load(folder, folder / weights)
    detector = OnnxDetector(replace(model, card=replace(model.card, self_test=None), picture=None))
    found = detector.answer(picture_pixels(picture))
    if not isinstance(found, Detections) or not len(found):
        raise ModelError(
            f"{model.card.name}: wanted a self-test picture with known objects, found none in it; give "
            "one with what the model knows (--picture)"
        )
    name = _name(picture)
    card = replace(model.card, self_test=SelfTest(name, observed(found, model.card.labels)))
    (folder / name).write_bytes(picture)
    save_card(folder, card, weights)
    return card


def write_head_count(folder: Path, picture: bytes, weights: str = "model.onnx") -> Card:
    """The same for a density model: how many people it counts in a picture, which may be none.

    Raises:
        ModelError: the model is not accepted, or gives no answer; nothing was written.
    """
    model = load(folder, folder / weights)
    assert model.card.crowd is not None
    untested = replace(model.card.crowd, picture=None, people=None)
    counter = OnnxCounter(replace(model, card=replace(model.card, crowd=untested), picture=None))
    told = counter.answer(picture_pixels(picture))
    if isinstance(told, NotAnswered):
        raise ModelError(f"{model.card.name}: the self-test picture got no answer")
    name = _name(picture)
    card = replace(model.card, crowd=replace(untested, picture=name, people=round(told.people, 2)))
    (folder / name).write_bytes(picture)
    save_card(folder, card, weights)
    return card


def _name(picture: bytes) -> str:
    return "self_test.png" if picture.startswith(b"\x89PNG") else "self_test.jpg"
