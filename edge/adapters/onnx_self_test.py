"""Writes the self-test of a model folder: what the model finds in a picture now, it must find ever after."""

from dataclasses import replace
from pathlib import Path

from edge.adapters.model_folder import load, save_card
from edge.adapters.onnx_acceptance import picture_pixels
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Card, SelfTest
from edge.detect.self_test import observed
from edge.values.detections import Detections
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
    name = "self_test.png" if picture.startswith(b"\x89PNG") else "self_test.jpg"
    card = replace(model.card, self_test=SelfTest(name, observed(found, model.card.labels)))
    (folder / name).write_bytes(picture)
    save_card(folder, card, weights)
    return card
