import os
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from edge import strictyaml
from edge.adapters.card_file import CardFile
from edge.adapters.model_folder import CARD, load, save_card
from edge.detect.card import Expected, Family, Input, Quality, SelfTest, Thresholds, Trade
from edge.detect.fit import Fit
from edge.values.errors import ModelError
from edge.values.frame import Size
from tests.fakes.cards import REAL, raw_table, real_model, tiny_card, tiny_folder, tiny_onnx

WEIGHTS = tiny_onnx(raw_table())
TEST = SelfTest("self_test.png", (Expected("person", 0.81, (1, 2, 3.5, 4)),), 0.7, 0.2)


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load(folder)
    return str(caught.value)


def edited(folder: Path, old: str, new: str) -> Path:
    """The folder with one passage of its card changed."""
    card = folder / CARD
    text = card.read_text()
    assert old in text
    card.write_text(text.replace(old, new, 1))
    return folder


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    card = tiny_card(
        WEIGHTS,
        family=Family.NANODET,
        input=Input(Size(96, 64), "NHWC", "float32", "BGR", 1, (1, 2, 3), (4, 5, 6), Fit.STRETCH, 7),
        thresholds=Thresholds({"person": 0.3}, 0.45, 0.6, 0.8, 50),
        quality=(Quality("Küste", "AP50", 0.5),),
        trades=(Trade("person", 0.3, 0.8, 0.9, 12.5),),
        trades_on="Küste",
        self_test=TEST,
    )
    (tmp_path / "model.onnx").write_bytes(WEIGHTS)
    (tmp_path / "self_test.png").write_bytes(b"picture")
    save_card(tmp_path, card)
    model = load(tmp_path)
    assert (model.card, model.weights, model.picture) == (card, WEIGHTS, b"picture")


def test_weights_may_lie_elsewhere(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "cards", WEIGHTS)
    elsewhere = (folder / "model.onnx").rename(tmp_path / "w.onnx")
    assert load(folder, elsewhere).weights == WEIGHTS


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_cards_of_real_models_belong_to_their_weights(name: str) -> None:
    assert real_model(name).card.labels[0] == "person"


def test_a_mistake_in_the_card_is_told_with_its_line(tmp_path: Path) -> None:
    folder = edited(tiny_folder(tmp_path, WEIGHTS), "colour: RGB", "color: RGB")
    assert f"{tmp_path}/card.yaml:8: input.color: unknown key, did you mean colour?" in refused(folder)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("family: ultralytics", "family: yolov99", "family: wanted 'yolox', 'ultralytics'"),
        ("pad: 114", "pad: 400", "input.pad: wanted at most 255, got 400"),
        ("default: 0.4", "default: .nan", "thresholds.default: wanted a valid number"),
        ("score: {}", "score: {bus: 0.4}", "its own labels in thresholds, trades and self-test, got ['bus']"),
        ("[person, car]", "[person, Car]", "labels.1: wanted"),
        ("[person, car]", "[person, person]", "different labels"),
        ("weights: model.onnx", "weights: ../model.onnx", "weights: wanted"),
        ("weights: model.onnx", "weights: /etc/passwd", "weights: wanted"),
        ("weights: model.onnx", "weights: other.onnx", "other.onnx: cannot be read: No such file"),
        ("weights: model.onnx", "weights: card.yaml", "wanted weights of SHA-256"),
        ("divisor: 255.0", "divisor: 0", "input.divisor: wanted more than 0, got 0"),
    ],
)
def test_a_wrong_card_is_refused(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    assert wanted in refused(edited(tiny_folder(tmp_path, WEIGHTS), old, new))


def test_other_weights_are_refused(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path, WEIGHTS)
    (folder / "model.onnx").write_bytes(WEIGHTS[:-1] + b"\x00")
    message = refused(folder)
    assert "wanted weights of SHA-256" in message and "fetch it again" in message


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "a", WEIGHTS)
    outside = (folder / "model.onnx").rename(tmp_path / "model.onnx")
    (folder / "model.onnx").symlink_to(outside)
    assert "wanted a file in the model folder itself" in refused(folder)


def test_a_self_test_picture_is_bound_to_the_folder_too(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "a", WEIGHTS, self_test=TEST)
    (tmp_path / "secret.png").write_bytes(b"x")
    (folder / "self_test.png").symlink_to(tmp_path / "secret.png")
    assert "wanted a file in the model folder itself" in refused(folder)


def test_what_is_no_plain_file_is_refused_at_once(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path, WEIGHTS)
    (folder / "model.onnx").unlink()
    os.mkfifo(folder / "model.onnx")
    assert "wanted a plain file" in refused(folder)


def test_a_file_of_two_gigabytes_is_not_read(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path, WEIGHTS)
    with (folder / "model.onnx").open("wb") as file:
        file.truncate(2 << 30)
    assert "wanted at most 512 MiB, got more" in refused(folder)


def test_a_folder_without_a_card_is_refused(tmp_path: Path) -> None:
    assert f"{tmp_path}/card.yaml: cannot be read: No such file" in refused(tmp_path)


def test_a_card_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path, WEIGHTS)
    before = (folder / CARD).read_bytes()
    with pytest.raises(ModelError, match=r"labels\.0"):
        save_card(folder, replace(load(folder).card, labels=("Person", "car")))
    assert (folder / CARD).read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == [CARD, "model.onnx"]


def keys_of(model: type[BaseModel], prefix: str = "") -> set[str]:
    """All keys of a card, with dots."""
    keys = set()
    for name, field in model.model_fields.items():
        keys.add(prefix + name)
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                keys |= keys_of(inner, f"{prefix}{name}.")
    return keys


def test_the_reference_names_every_key_and_family() -> None:
    text = (Path(__file__).parents[2] / "docs/reference/model-card.md").read_text()
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    told = {key for row in rows for key in re.findall(r"`([^`]+)`", row)}
    wanted = keys_of(CardFile) - {"input", "thresholds"} | {str(family) for family in Family}
    assert told == wanted


def test_the_card_of_the_reference_is_one() -> None:
    text = (Path(__file__).parents[2] / "docs/reference/model-card.md").read_text()
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    card = strictyaml.parse(block[1], "model-card.md", CardFile, ModelError).card()
    assert card.thresholds.of("bicycle") == 0.35
