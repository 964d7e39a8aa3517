"""The verb `evaluate --crowds`: one table, or JSON, and pictures."""

import json
from pathlib import Path

import cv2
import pytest

from edge.run import verb_evaluate_crowds
from edge.run.verb_evaluate_crowds import Request, evaluate
from edge.samples.gatherings import panic


@pytest.fixture(autouse=True)
def _one_gathering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb_evaluate_crowds, "GATHERINGS", (panic,))


def test_it_prints_one_table_and_draws(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    evaluate(Request(0.0, 0.0, (1,), tmp_path / "pictures", as_json=False))
    told = capsys.readouterr().out
    (row,) = [line.split() for line in told.splitlines() if line.startswith("dispersal")]
    assert row[1:5] == ["1", "1", "1.00", "1.00"]
    assert "perfect detections" in told
    picture = cv2.imread(str(tmp_path / "pictures" / "panic.png"))
    assert picture.shape == (720, 1920, 3)


def test_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    evaluate(Request(0.03, 0.05, (1, 2), None, as_json=True))
    card = json.loads(capsys.readouterr().out)
    assert card["kinds"]["dispersal"]["recall"] == 1.0
    assert card["gatherings"] == 2
