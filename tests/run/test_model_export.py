"""`models export`; the run with ultralytics itself needs an environment with it, and weights.

SAFECITY_ULTRALYTICS=/opt/ultra/bin/python SAFECITY_ULTRALYTICS_WEIGHTS=yolo11n.pt pytest …
"""

import importlib.util
import os
import sys
from pathlib import Path

import cv2
import pytest
from typer.testing import CliRunner

from edge.adapters.model_folder import load
from edge.cli import app
from edge.values.errors import ConfigError, ModelError, SafecityError
from tests.fakes.blobs import crossing
from tests.fakes.shared import shared


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("pictures").mkdir()
    cv2.imwrite("pictures/1.png", crossing(12)[:, :, ::-1])
    Path("w.pt").write_bytes(b"no weights")
    return tmp_path


def run(*words: str | Path) -> str:
    said = ["models", "export", *map(str, words), "--store", "store"]
    return CliRunner().invoke(app, said, catch_exceptions=False).output


def refused(error: type[SafecityError], *words: str) -> str:
    with pytest.raises(error) as caught:
        run(*words)
    assert not Path("store").exists() or not list(Path("store").iterdir())
    return str(caught.value)


def test_nothing_happens_before_the_terms_are_accepted(here) -> None:
    assert "--accept-agpl" in refused(ConfigError, "w.pt", "--pictures", "pictures")


@pytest.mark.skipif(importlib.util.find_spec("ultralytics") is not None, reason="ultralytics is here")
def test_an_environment_without_ultralytics_is_told_with_the_way_to_one(here) -> None:
    told = refused(ConfigError, "w.pt", "--pictures", "pictures", "--accept-agpl", "--python", sys.executable)
    assert "has no ultralytics" in told and "--python" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("w.pt", "--pictures", "nowhere"), "folder of pictures"),
        (("w.pt", "--pictures", "pictures", "--size", "100"), "multiple of 32"),
        (("none.pt", "--pictures", "pictures"), "there is no such file"),
        (("w.pt", "--pictures", "pictures", "--python", "/nowhere/python"), "cannot be started"),
    ],
)
def test_what_is_missing_is_told(here, words, told: str) -> None:
    assert told in refused(ConfigError, *words, "--accept-agpl")


def environment(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        pytest.skip(f"needs {name}: ultralytics and its weights (AGPL-3.0) are not installed for tests")
    return value


def test_damaged_weights_are_told(here) -> None:
    python = environment("SAFECITY_ULTRALYTICS")
    words = ("w.pt", "--pictures", "pictures", "--accept-agpl", "--python", python)
    assert "cannot be exported" in refused(ModelError, *words)


def test_real_weights_become_a_model_that_finds_the_same(here) -> None:
    python, weights = environment("SAFECITY_ULTRALYTICS"), environment("SAFECITY_ULTRALYTICS_WEIGHTS")
    pictures = shared("images/coco_train128")
    picture = next(path for path in sorted(pictures.iterdir()) if path.stem.endswith("36"))
    told = run(
        *(weights, "--pictures", pictures, "--size", "160", "-n", "30", "--python", python),
        *("--accept-agpl", "--name", "mine", "--picture", picture),
    )
    assert "proven" in told
    assert load(Path("store/mine")).card.licence == "AGPL-3.0-only"
