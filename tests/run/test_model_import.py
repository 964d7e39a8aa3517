import json
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from typer.testing import CliRunner

from edge.adapters.model_folder import load
from edge.cli import app
from edge.values.errors import ConfigError, ModelError, SafecityError
from tests.fakes.blobs import blob_onnx, crossing
from tests.fakes.cards import CARDS, REAL, raw_table, tiny_onnx
from tests.fakes.shared import shared

SAID = ("--labels", "person,car", "--licence", "Apache-2.0")


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Path:
    """A folder with a model file and a picture of what it knows, in which the verb runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Blobs v2.onnx").write_bytes(blob_onnx())
    cv2.imwrite(str(tmp_path / "street.png"), crossing(12)[:, :, ::-1])
    return tmp_path


def run(*words: str | Path) -> str:
    told = CliRunner().invoke(
        app, ["models", "import", *map(str, words), "--store", "store"], catch_exceptions=False
    )
    assert told.exit_code == 0, told.output
    return told.output


def refused(error: type[SafecityError], *words: str | Path) -> str:
    with pytest.raises(error) as caught:
        run(*words)
    assert not list(Path("store").glob("*")), "something was half installed"
    return str(caught.value)


def test_a_file_becomes_a_model_that_is_drawn_and_tested(bench) -> None:
    told = json.loads(run("Blobs v2.onnx", *SAID, "--picture", "street.png", "--json"))
    model = load(Path("store/blobs-v2"))
    assert told["folder"].endswith("store/blobs-v2")
    assert model.card.labels == ("person", "car") and model.card.self_test is not None
    assert {each.label for each in model.card.self_test.expected} == {"person"}
    assert (model.card.source, model.card.data) == ("file Blobs v2.onnx", "not stated")
    drawn, given = cv2.imread("blobs-v2.png"), cv2.imread("street.png")
    for each in model.card.self_test.expected:
        x1, y1, x2, y2 = (round(side) for side in each.box)
        inside = (slice(y1 + 20, y2 - 3), slice(x1 + 3, x2 - 3))
        assert len(np.unique(drawn[inside].reshape(-1, 3), axis=0)) == 1, "a person is not filled"
        assert (drawn[inside] != given[inside]).any()


def test_what_the_file_does_not_tell_is_asked_for(bench) -> None:
    told = refused(ConfigError, "Blobs v2.onnx", "--picture", "street.png")
    assert "family ultralytics, 64x64" in told
    assert "--labels" in told and "(2 of them)" in told and "--licence" in told


def test_what_the_exporter_wrote_is_not_asked_for(bench) -> None:
    model = onnx.load_from_string(blob_onnx())
    helper.set_model_props(model, {"names": "{0: 'person', 1: 'car'}", "license": "MIT", "task": "detect"})
    Path("told.onnx").write_bytes(model.SerializeToString())
    run("told.onnx", "--picture", "street.png")
    assert load(Path("store/told")).card.licence == "MIT"


def test_a_label_file_with_the_wrong_count_is_refused(bench) -> None:
    Path("labels.txt").write_text("person\ncar\nbus\n")
    told = refused(ConfigError, "Blobs v2.onnx", "--labels", "labels.txt", "--licence", "MIT")
    assert "wanted 2, as the model's output has, got 3" in told


def test_a_name_that_is_taken_or_bundled_is_refused(bench) -> None:
    assert "bundled" in refused(ConfigError, "Blobs v2.onnx", *SAID, "--name", "street-nano")
    assert "--name" in refused(ConfigError, "Blobs v2.onnx", *SAID, "--name", "../up")
    run("Blobs v2.onnx", *SAID, "--picture", "street.png")
    with pytest.raises(ModelError, match="one model for good"):
        run("Blobs v2.onnx", *SAID, "--picture", "street.png")


def test_a_model_that_finds_nothing_needs_another_picture(bench) -> None:
    assert "--picture" in refused(ModelError, "Blobs v2.onnx", *SAID)


def test_a_wish_for_another_size_than_the_graph_has_is_refused(bench) -> None:
    assert "leave it out" in refused(ModelError, "Blobs v2.onnx", *SAID, "--size", "320x320")
    assert "WIDTHxHEIGHT" in refused(ConfigError, "Blobs v2.onnx", *SAID, "--size", "320")


def bad_files() -> dict[str, tuple[bytes, str]]:
    blobs = blob_onnx()
    outside = onnx.load_from_string(tiny_onnx(raw_table()))
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    outside.graph.initializer.append(tensor)
    positive = np.full((1, 6, 84), 0.9, np.float32)
    positive[0, :4] = np.random.default_rng(0).uniform(0, 60, (4, 84))
    positive[0, 2:4] = 3
    return {
        "truncated": (blobs[: len(blobs) // 2], "no ONNX model, or damaged"),
        "no onnx": (b"%PDF-1.7\n" + b"x" * 1000, "no ONNX model"),
        "empty": (b"", "no ONNX model"),
        "other files": (outside.SerializeToString(), "keeps weights in other files"),
        "wrong shape": (tiny_onnx(np.zeros((1, 77, 9), np.float32)), "no known family"),
        "nan": (tiny_onnx(np.full((1, 6, 84), np.nan, np.float32)), "NaN or infinity"),
        "all positive": (tiny_onnx(positive), "wanted nothing found in a plain grey picture"),
        "embedding": (tiny_onnx(raw_table(), np.zeros((1, 512), np.float32)), "more than one thing"),
    }


@pytest.mark.parametrize("kind", bad_files())
def test_a_bad_file_is_refused_in_words_and_leaves_nothing(bench, kind: str) -> None:
    body, wanted = bad_files()[kind]
    Path("bad.onnx").write_bytes(body)
    assert wanted in refused(ModelError, "bad.onnx", *SAID, "--picture", "street.png")
    assert not Path("bad.png").exists()


def test_two_gigabytes_are_not_read(bench) -> None:
    with Path("big.onnx").open("wb") as file:
        file.truncate(2 << 30)
    assert "at most 512 MiB" in refused(ModelError, "big.onnx", *SAID)


def test_a_yolox_that_decodes_by_itself_is_refused(bench) -> None:
    table = np.zeros((1, 84, 7), np.float32)
    table[..., 2:4] = 300
    Path("x.onnx").write_bytes(tiny_onnx(table))
    assert "decode_in_inference" in refused(ModelError, "x.onnx", *SAID)


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_real_detectors_are_recognised_as_their_cards_say(tmp_path, monkeypatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    card = load(CARDS / name, shared(f"models/{name}.onnx")).card
    said = ("--labels", "coco", "--licence", card.licence)
    told = json.loads(run(shared(f"models/{name}.onnx"), *said, "--json"))
    made = load(Path("store") / told["name"]).card
    assert (made.family, made.input, made.labels) == (card.family, card.input, card.labels)
    assert made.thresholds == card.thresholds
    assert told["doubts"] == []
    assert made.self_test is not None and len(made.self_test.expected) >= 5


@pytest.mark.shared
def test_a_real_ultralytics_export_needs_no_words_at_all(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = json.loads(run(shared("models/yolo11n_int8_drone.onnx"), "--json"))
    assert told["card"]["licence"] == "AGPL-3.0-only"
    assert told["card"]["labels"][0] == "person"


@pytest.mark.shared
@pytest.mark.parametrize("name", ["mcnn_A", "mcnn_B"])
def test_a_real_density_model_comes_in_and_says_that_its_error_is_not_known(
    tmp_path, monkeypatch, name
) -> None:
    monkeypatch.chdir(tmp_path)
    said = ("--licence", "MIT", "--size", "640x360", "--json")
    told = json.loads(run(shared(f"models/{name}.onnx"), *said))
    card = told["card"]
    assert (card["family"], card["outputs"], card["labels"]) == ("density-map", ["density"], ["person"])
    assert card["input"]["colour"] == "GREY" and card["crowd"]["people"] >= 0
    assert "nobody measured" in told["doubts"][0]
    assert Path(told["look"]).exists()
    verify = CliRunner().invoke(app, ["models", "verify", card["name"], "--store", "store", "--json"])
    assert verify.exit_code == 0 and "self-test passed" in json.loads(verify.output)["found"]


@pytest.mark.shared
def test_wrong_words_about_the_input_are_doubted(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = ("--labels", "coco", "--licence", "Apache-2.0", "--divisor", "1", "--json")
    model = shared("models/deimv2_atto.onnx")
    try:
        told = json.loads(run(model, *said))
    except ModelError:  # so wrong that nothing is found at all
        return
    assert any("--divisor 255" in doubt for doubt in told["doubts"])
