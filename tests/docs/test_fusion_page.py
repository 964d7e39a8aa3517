"""The page on fusion is true: its configuration loads, its example gives what it shows, to the byte."""

import json
from pathlib import Path

import pytest

from edge.config.fusion import load
from edge.run import verb_explain, verb_rules
from tests.fakes.pages import ROOT, Page

PAGE = Page(ROOT / "docs" / "operator" / "fusion.md")
CONFIG = ROOT / "configs" / "fusion.example.yaml"
MESSAGES = ROOT / "configs" / "fusion.example.jsonl"


def test_the_configuration_that_is_shown_is_valid(tmp_path: Path) -> None:
    (block,) = PAGE.blocks("yaml")
    (tmp_path / "fusion.yaml").write_text(block, encoding="utf-8")
    assert [rule.id for rule in load(tmp_path / "fusion.yaml").spec.rules] == ["smoke-in-a-crowd"]


def test_the_example_is_explained_as_the_page_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb_rules.replay(CONFIG, MESSAGES)
    replayed = capsys.readouterr().out
    (tmp_path / "fused.jsonl").write_text(replayed, encoding="utf-8")
    verb_explain.explain(str(tmp_path / "fused.jsonl"), CONFIG, None)
    shown = [block for block in PAGE.blocks("text") if "smoke-in-a-crowd" in block]
    assert capsys.readouterr().out.strip() == shown[0].strip()
    assert json.loads(replayed.splitlines()[0])["data"]["event_id"] in PAGE.text


def test_a_replay_is_the_same_in_any_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verb_rules.replay(CONFIG, MESSAGES)
    expected = capsys.readouterr().out
    backward = tmp_path / "backward.jsonl"
    backward.write_text("\n".join(reversed(MESSAGES.read_text().splitlines())))
    verb_rules.replay(CONFIG, backward)
    assert capsys.readouterr().out == expected
