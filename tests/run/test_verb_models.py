import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edge.cli import app
from edge.detect.card import Quality, Thresholds, Trade
from edge.run.models import STORE, bundled, folder_of, store_folder
from edge.values.errors import ModelError
from tests.fakes.blobs import blob_folder
from tests.fakes.cards import raw_table, tiny_folder, tiny_onnx

ONE = raw_table((32, 32, 16, 20, 0.9, 0.1))


def said(*words: str | Path, status: int = 0) -> str:
    told = CliRunner().invoke(app, ["models", *map(str, words)], env={"COLUMNS": "200"})
    assert told.exit_code == status, told.output
    return told.output


def test_the_list_holds_bundled_models_and_those_of_the_store(tmp_path) -> None:
    blob_folder(tmp_path / "blobs")
    rows = [json.loads(line) for line in said("list", "--store", tmp_path, "--json").splitlines()]
    assert [(row["name"], row["origin"]) for row in rows] == [
        *((folder.name, "bundled") for folder in bundled()),
        ("blobs", "store"),
    ]
    assert "not measured" in said("list", "--store", tmp_path)


def test_a_broken_model_does_not_hide_the_others(tmp_path) -> None:
    blob_folder(tmp_path / "blobs")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/card.yaml").write_text("name: 1\n")
    text = said("list", "--store", tmp_path)
    assert "blobs" in text and "broken is broken:" in text and "wanted this key" in text


def test_a_name_is_whole_in_the_list_for_it_is_to_be_typed(tmp_path) -> None:
    blob_folder(tmp_path / "yard-detector-2-320x192-int8")
    table = said("list", "--store", tmp_path).splitlines()
    assert any(line.startswith("yard-detector-2-320x192-int8 ") for line in table)


def test_show_tells_what_it_is_and_where_it_fails(tmp_path) -> None:
    quality = (Quality("good pictures", "AP50 person", 0.9), Quality("bad pictures", "AP50 person", 0.2))
    tiny_folder(tmp_path / "tiny", tiny_onnx(ONE), quality=quality, limits=("People who lie down.",))
    text = said("show", "tiny", "--store", tmp_path)
    for part in ("Apache-2.0", "64x64 RGB", "person, car", "0.900", "People who lie down."):
        assert part in text
    assert text.index("Where it fails") < text.index("only 0.20 on bad pictures")
    assert json.loads(said("show", "tiny", "--store", tmp_path, "--json"))["outputs"] == ["boxes"]


def test_show_tells_what_other_thresholds_would_give(tmp_path) -> None:
    trades = (Trade("person", 0.4, 0.76, 0.92, 70.0), Trade("person", 0.45, 0.53, 0.97, 7.5))
    limits = Thresholds({"person": 0.45})
    tiny_folder(
        tmp_path / "tiny", tiny_onnx(ONE), thresholds=limits, trades=trades, trades_on="an empty yard"
    )
    lines = said("show", "tiny", "--store", tmp_path).splitlines()
    head = next(i for i, line in enumerate(lines) if "an empty yard" in line)
    assert [line.split() for line in lines[head + 2 : head + 4]] == [
        ["person", "0.4", "76%", "92%", "70"],
        ["person", "0.45", "53%", "97%", "7.5", "in", "force"],
    ]


def test_verify_names_the_model_that_is_damaged(tmp_path) -> None:
    blob_folder(tmp_path / "blobs")
    tiny_folder(tmp_path / "tiny", tiny_onnx(ONE))
    with (tmp_path / "tiny/model.onnx").open("ab") as file:
        file.write(b"x")
    lines = said("verify", "blobs", "tiny", "--store", tmp_path, status=3).splitlines()
    assert [line.split()[:2] for line in lines] == [["ok", "blobs"], ["fail", "tiny"]]
    assert "SHA-256" in lines[1]
    assert json.loads(said("verify", "blobs", "--store", tmp_path, "--json"))["verdict"] == "ok"


def test_a_model_is_found_by_name_in_the_store_and_by_path(tmp_path) -> None:
    folder = blob_folder(tmp_path / "blobs")
    assert folder_of("blobs", tmp_path) == folder
    assert folder_of(str(folder)) == folder
    assert folder_of("street-nano", tmp_path) in bundled()
    with pytest.raises(ModelError, match="there are: blobs, street-nano"):
        folder_of("blob", tmp_path)


def test_the_store_is_where_the_environment_the_box_or_the_user_says(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SAFECITY_MODELS", str(tmp_path))
    assert store_folder() == tmp_path
    monkeypatch.delenv("SAFECITY_MODELS")
    monkeypatch.setattr("edge.run.models.os.geteuid", lambda: 0)
    assert store_folder() == STORE
    monkeypatch.setattr("edge.run.models.os.geteuid", lambda: 1000)
    monkeypatch.setattr("edge.run.models.STORE", tmp_path / "box" / "models")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert store_folder() == tmp_path / "home" / "safecity-edge" / "models"
    (tmp_path / "box").mkdir()
    assert store_folder() == tmp_path / "box" / "models"
