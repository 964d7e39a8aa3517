from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.adapters.model_folder import load
from edge.adapters.onnx_detector import OnnxDetector
from edge.adapters.onnx_self_test import write_self_test
from edge.detect.card import Expected
from edge.values.errors import ModelError
from tests.fakes.cards import raw_table, tiny_folder, tiny_onnx

ONE = tiny_onnx(raw_table((32, 32, 16, 20, 0.9, 0.1)))
NONE = tiny_onnx(raw_table())


def picture(kind: str = ".png") -> bytes:
    ok, encoded = cv2.imencode(kind, np.full((36, 64, 3), 90, np.uint8))
    assert ok
    return encoded.tobytes()


@pytest.mark.parametrize("kind", [".png", ".jpg"])
def test_what_was_written_is_passed(tmp_path: Path, kind: str) -> None:
    folder = tiny_folder(tmp_path, ONE)
    card = write_self_test(folder, picture(kind))
    assert card.self_test is not None
    assert card.self_test.expected == (Expected("person", 0.9, (24, 8, 40, 28)),)
    model = load(folder)
    assert model.card == card
    OnnxDetector(model)


def test_a_self_test_may_be_written_again(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path, ONE)
    first = write_self_test(folder, picture())
    assert write_self_test(folder, picture()) == first


def test_a_picture_without_objects_proves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="found none in it"):
        write_self_test(tiny_folder(tmp_path, NONE), picture())


def test_a_model_that_finds_something_else_is_refused(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path, ONE)
    write_self_test(folder, picture())
    model = load(folder)
    assert model.card.self_test is not None
    elsewhere = replace(model.card.self_test, expected=(Expected("car", 0.9, (24, 8, 40, 28)),))
    with pytest.raises(
        ModelError, match=r"self-test on self_test\.png: wanted a car of score 0\.90 .* a person"
    ):
        OnnxDetector(replace(model, card=replace(model.card, self_test=elsewhere)))


@pytest.mark.parametrize("damaged", [b"", b"\x89PNG and no more", b"text"])
def test_a_picture_that_is_none_is_refused(tmp_path: Path, damaged: bytes) -> None:
    folder = tiny_folder(tmp_path, ONE)
    write_self_test(folder, picture())
    with pytest.raises(ModelError, match="cannot be decoded"):
        OnnxDetector(replace(load(folder), picture=damaged))
