"""A copy for another size of picture: same weights, another grid, and a card that says only what is known."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from edge.adapters.model_folder import LoadedModel, load
from edge.adapters.onnx_detector import OnnxDetector
from edge.adapters.resizer import resized
from edge.cli import app
from edge.detect.agreement import agreement
from edge.detect.card import Family
from edge.run.verb_models import verify
from edge.run.wiring.resizing import copy_of
from edge.values.detections import Detections
from edge.values.errors import ModelError
from edge.values.frame import Size
from tests.fakes.cards import raw_table, tiny_card, tiny_folder, tiny_onnx

OWN = Path(__file__).parents[2] / "models/street-nano"
SEEN = np.ascontiguousarray(cv2.imread(str(OWN / "selftest.jpg"))[:, :, ::-1])


def found(model: LoadedModel) -> Detections:
    answer = OnnxDetector(model).answer(SEEN)
    assert isinstance(answer, Detections)
    return answer


def resize(*words: str | Path, status: int = 0) -> str:
    told = CliRunner().invoke(app, ["models", "resize", *map(str, words)], env={"COLUMNS": "200"})
    assert told.exit_code == status, told.output
    return told.output


def test_there_and_back_again_is_the_original() -> None:
    original = load(OWN)
    there = copy_of(original, "small", Size(288, 160))
    back = copy_of(there, "back", original.card.input.size)
    one, other = found(original), found(back)
    assert len(one) > 5
    assert np.array_equal(one.boxes, other.boxes) and np.array_equal(one.scores, other.scores)


def test_a_copy_finds_most_of_what_the_original_finds_in_the_same_places() -> None:
    original = load(OWN)
    both = agreement([(found(original), found(copy_of(original, "small", Size(352, 224))))])
    assert (both.recall or 0) > 0.7 and (both.precision or 0) > 0.7


def test_the_card_says_where_it_comes_from_and_nothing_that_was_measured_at_another_size(
    tmp_path: Path,
) -> None:
    resize("street-nano", "--input", "320x192", "--store", tmp_path)
    original, copy = load(OWN).card, load(tmp_path / "street-nano-320x192").card
    assert (copy.input.size, copy.labels, copy.thresholds) == (
        (320, 192),
        original.labels,
        original.thresholds,
    )
    assert original.quality and original.trades
    assert not copy.quality and not copy.trades
    assert original.sha256 in copy.source and "416x256" in copy.limits[0]
    assert verify([str(tmp_path / "street-nano-320x192")], tmp_path, as_json=True) == 0


def test_pictures_tell_how_much_is_still_found(tmp_path: Path) -> None:
    (tmp_path / "seen").mkdir()
    (tmp_path / "seen/a.jpg").write_bytes((OWN / "selftest.jpg").read_bytes())
    words = (
        "street-nano",
        "--input",
        "384x224",
        "--frames",
        tmp_path / "seen",
        "--store",
        tmp_path / "store",
    )
    told = json.loads(resize(*words, "--json"))
    assert 0.5 < told["share found of what street-nano finds"] <= 1
    (line, _) = load(Path(told["folder"])).card.quality
    assert line.measured_on == "1 pictures of folder seen"


@pytest.mark.parametrize(
    ("size", "complaint"),
    [
        ("320", "WIDTHxHEIGHT"),
        ("300x192", "multiples of 32"),
        ("0032x000", "multiples of 32"),
        ("16x32", "32"),
    ],
)
def test_a_size_that_is_none_is_refused_and_nothing_is_there(
    tmp_path: Path, size: str, complaint: str
) -> None:
    told = CliRunner().invoke(
        app, ["models", "resize", "street-nano", "--input", size, "--store", str(tmp_path)]
    )
    assert told.exit_code and complaint in str(told.output) + str(told.exception)
    assert not list(tmp_path.iterdir())


def of_yolox(folder: Path) -> LoadedModel:
    weights = tiny_onnx(raw_table())
    return LoadedModel(tiny_card(weights, family=Family.YOLOX), weights, None)


def without_cells(folder: Path) -> LoadedModel:
    return load(tiny_folder(folder, tiny_onnx(raw_table())))


@pytest.mark.parametrize(("made", "wanted"), [(of_yolox, "the family"), (without_cells, "its cells once")])
def test_a_model_whose_cells_are_not_known_is_refused(
    tmp_path: Path, made: Callable[[Path], LoadedModel], wanted: str
) -> None:
    with pytest.raises(ModelError, match=wanted):
        resized(made(tmp_path), Size(96, 96))


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    resize("street-nano", "--input", "320x192", "--store", tmp_path)
    told = CliRunner().invoke(
        app, ["models", "resize", "street-nano", "--input", "320x192", "--store", str(tmp_path)]
    )
    assert told.exit_code and "for good" in str(told.output) + str(told.exception)
