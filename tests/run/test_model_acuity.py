"""`models acuity`: drawn crowds in, and what the card of a detector should say."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from edge.adapters import model_folder
from edge.adapters.model_folder import save_card
from edge.cli import app
from edge.run import verb_model_acuity as verb
from edge.run.models import folder_of
from edge.samples.strolls import VIEWS
from edge.values.errors import ModelError
from tests.fakes.counters import counting_model


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One camera, one score and few people instead of many."""
    monkeypatch.setattr(verb, "cameras", lambda: iter(VIEWS[:1]))
    monkeypatch.setattr(verb, "DENSITIES", (0.0, 0.2))
    monkeypatch.setattr(verb, "SCORES", (0.08,))
    monkeypatch.setattr(verb, "CHOSEN_ON", (1,))
    monkeypatch.setattr(verb, "TOLD_ON", (3,))


def said(*words: str) -> str:
    told = CliRunner().invoke(app, ["models", "acuity", *words], catch_exceptions=False)
    assert told.exit_code == 0
    return told.output


def test_the_bundled_detector_is_told_what_to_write_and_what_it_is_worth(quick) -> None:
    told = json.loads(said("street-nano", "--json"))
    assert set(told["acuity"]) == {"glimpse", "covers", "full_from", "smallest_px"}
    assert 0.5 <= told["acuity"]["covers"]
    (square,) = told["cameras"]
    assert (square["camera"], square["pictures"]) == ("square", 2)
    assert 0.0 <= square["at_least"] <= 1.0 and 0.0 <= square["held"] <= 1.0


def test_it_is_said_in_words_and_the_last_line_goes_on_the_card(quick) -> None:
    text = said("street-nano")
    assert "said at most / true" in text and "square" in text
    assert "write acuity: {glimpse: 0." in text.splitlines()[-1]


def test_a_detector_that_sees_people_everywhere_gets_none(quick, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "SCORES", (0.0001,))
    assert "write none on the card" in said("street-nano")


def test_a_density_model_half_sees_nobody(tmp_path, quick) -> None:
    model = counting_model()
    (tmp_path / "model.onnx").write_bytes(model.weights)
    save_card(tmp_path, model.card)
    with pytest.raises(ModelError, match="tiny-crowd: wanted a detector that knows persons, got a density"):
        said(str(tmp_path))


def test_who_tells_of_cars_alone_is_not_asked_for_people(tmp_path) -> None:
    loaded = model_folder.load(folder_of("street-nano"))
    (tmp_path / "model.onnx").write_bytes(loaded.weights)
    card, labels = loaded.card, ("walker", *loaded.card.labels[1:])
    bare = replace(card.thresholds, score={})
    other = replace(
        card, labels=labels, thresholds=bare, trades=(), trades_on="", acuity=None, self_test=None
    )
    save_card(tmp_path, other)
    with pytest.raises(ModelError, match="wanted a detector that knows persons, got one of walker, bicycle"):
        said(str(tmp_path))
