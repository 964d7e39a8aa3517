"""`models evaluate` of a density model: counted pictures in, and what the card should say."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from edge.adapters.model_folder import save_card
from edge.cli import app
from edge.values.errors import ConfigError
from tests.fakes.counters import counting_model
from tests.fakes.shared import shared

PERSON_PX = 64
"""White pixels of one person, as the model counts them."""


def picture(people: int) -> np.ndarray:
    """Grey with so many white blocks of one person each, on the cells of the model."""
    pixels = np.full((96, 128, 3), 110, np.uint8)
    for k in range(people):
        row, column = divmod(k, 16)
        pixels[8 * row : 8 * row + 8, 8 * column : 8 * column + 8] = 255
    return pixels


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve pictures of 0 to 110 people, their table, and a model that counts them exactly."""
    monkeypatch.chdir(tmp_path)
    model = counting_model()
    (tmp_path / "crowd").mkdir()
    (tmp_path / "crowd" / "model.onnx").write_bytes(model.weights)
    save_card(tmp_path / "crowd", model.card)
    folder = tmp_path / "square"
    folder.mkdir()
    lines = ["picture,people"]
    for people in range(0, 120, 10):
        cv2.imwrite(str(folder / f"{people}.png"), picture(people))
        lines.append(f"{people}.png,{people}")
    (tmp_path / "square.csv").write_text("\n".join(lines) + "\n")
    return folder


def said(*words: str) -> str:
    told = CliRunner().invoke(app, ["models", "evaluate", "./crowd", *words], catch_exceptions=False)
    assert told.exit_code == 0
    return told.output


def test_who_is_counted_exactly_costs_nothing(square: Path) -> None:
    score = json.loads(said("square", "--json"))  # the table beside the folder is found
    assert score["pictures"] == 12
    assert score["mae"] == pytest.approx(0.0, abs=0.05)
    assert [group["least"] for group in score["groups"]] == [0, 1, 11, 51]


def test_what_is_told_too_low_is_told_with_what_the_card_should_say(square: Path) -> None:
    rows = [f"{people}.png,{people * 2}" for people in range(0, 120, 10)]
    Path("square.csv").write_text("picture,people\n" + "\n".join(rows))
    told = said("square")
    assert "too few" in told and "nobody" in told and "51 to 200" in told
    score = json.loads(said("square", "--json"))
    assert score["relative"] == pytest.approx(0.5, abs=0.01)
    assert score["error"] == pytest.approx(1.0, abs=0.02)
    assert score["scaling"]["factor"] == pytest.approx(2.0, abs=0.02)
    assert "it tells too few throughout: crowd: {scale: 2" in " ".join(told.split())
    assert "error: 0.01} does better" in " ".join(told.split())


def test_the_scale_that_is_proposed_goes_on_from_that_of_the_card(square: Path) -> None:
    card = Path("crowd/card.yaml")
    text = card.read_text()
    assert "scale: 1.0," in text
    card.write_text(text.replace("scale: 1.0,", "scale: 0.5,"))
    told = " ".join(said("square").split())
    assert "{scale: 1" in told and "the scale lies between" in told
    card.write_text(text)
    assert "scale" not in said("square"), "what counts exactly needs none"


def test_boxes_of_people_are_counted_and_groups_are_left_out(square: Path) -> None:
    images = [{"id": n, "file_name": f"{n}.png"} for n in (0, 10, 20)]
    boxes = [{"image_id": 10, "category_id": 1, "bbox": [0, 0, 8, 8]} for _ in range(10)]
    boxes += [{"image_id": 10, "category_id": 2, "bbox": [0, 0, 8, 8]}]
    boxes += [{"image_id": 20, "category_id": 1, "bbox": [0, 0, 90, 90], "iscrowd": 1}]
    categories = [{"id": 1, "name": "Person"}, {"id": 2, "name": "car"}]
    Path("boxes.json").write_text(
        json.dumps({"images": images, "annotations": boxes, "categories": categories})
    )
    score = json.loads(said("square", "--labels", "boxes.json", "--json"))
    assert score["pictures"] == 2
    assert score["mae"] == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "square.csv:1: wanted the header picture,people, got nothing"),
        ("file,count\n0.png,1\n", "wanted the header picture,people, got file,count"),
        ("picture,people\n", "wanted counted pictures, found none"),
        ("picture,people\n0.png,-1\n", "square.csv:2: wanted a picture and a whole number"),
        ("picture,people\n0.png,1.5\n", "square.csv:2: wanted a picture and a whole number"),
        ("picture,people\n0.png,1,2\n", "square.csv:2: wanted a picture and a whole number"),
        ("picture,people\n0.png,99999999\n", "square.csv:2: wanted a picture and a whole number"),
        ("picture,people\n\n../../x.png,1\n", "square.csv:3: names the picture x.png, which is not in"),
        ("picture,people\n0.png,1\n0.png,2\n", "got 0.png twice"),
        ("picture,people\n0.png,1\nlabels.txt,2\n", "labels.txt: cannot be decoded as a picture"),
    ],
)
def test_a_wrong_table_is_told_with_file_and_line(square: Path, table: str, told: str) -> None:
    (square / "labels.txt").write_text("no picture")
    Path("square.csv").write_text(table)
    with pytest.raises(ConfigError) as wrong:
        said("square")
    assert told in str(wrong.value)


def test_bytes_that_are_no_text_are_told(square: Path) -> None:
    Path("square.csv").write_bytes(b"picture,people\n\xff\xfe\x00,1\n")
    with pytest.raises(ConfigError, match="cannot be read as a table"):
        said("square")


def test_labels_of_other_things_count_nobody(square: Path) -> None:
    Path("square_labels").mkdir()
    Path("square_labels/0.txt").write_text("0 0.5 0.5 0.1 0.1\n")
    with pytest.raises(ConfigError, match="wanted boxes of people"):
        said("square", "--labels", "square_labels", "--names", "otter")


@pytest.mark.shared
def test_a_real_density_model_is_measured_on_real_pictures(square: Path) -> None:
    weights = shared("models/mcnn_B.onnx")
    words = ["--size", "256x192", "--licence", "MIT", "--data", "research", "--name", "mcnn", "--store", "."]
    made = CliRunner().invoke(app, ["models", "import", str(weights), *words], catch_exceptions=False)
    assert made.exit_code == 0
    told = CliRunner().invoke(
        app, ["models", "evaluate", "./mcnn", "square", "--json"], catch_exceptions=False
    )
    score = json.loads(told.output)
    assert score["pictures"] == 12 and score["mae"] > 1.0
