"""Configurations, parts of them, and scenes that a page shows are valid, and the README's is short."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from edge.config.load import load
from edge.config.rules import Rule
from edge.config.schema import Node
from edge.samples.scene_file import load_scene
from tests.fakes.pages import ROOT, Page, pages

SHOWN = [(page, block) for page in pages() for block in page.blocks("yaml")]
NODES = [(page, block) for page, block in SHOWN if re.search(r"^node:", block, re.MULTILINE)]
PARTS = [
    (page, block) for page, block in SHOWN if set(yaml.safe_load(block)) <= set(Node.model_fields) - {"node"}
]
SCENES = [(page, block) for page, block in SHOWN if re.search(r"^actors:", block, re.MULTILINE)]


@pytest.mark.parametrize(("page", "block"), NODES, ids=lambda value: str(value)[:40])
def test_a_configuration_that_is_shown_is_valid(page: Page, block: str, tmp_path: Path) -> None:
    (tmp_path / "node.yaml").write_text(block, encoding="utf-8")
    load(tmp_path / "node.yaml")


@pytest.mark.parametrize(("page", "block"), PARTS, ids=lambda value: str(value)[:40])
def test_a_part_of_a_configuration_that_is_shown_is_valid(page: Page, block: str) -> None:
    least = {"node": "a", "region": "b", "broker": "embedded", "cameras": [{"id": "c", "source": "d.mp4"}]}
    part = yaml.safe_load(block)
    TypeAdapter(list[Rule]).validate_python(part.pop("rules", []))  # their places may stand elsewhere
    Node.model_validate(least | part)


@pytest.mark.parametrize(("page", "block"), SCENES, ids=lambda value: str(value)[:40])
def test_a_scene_that_is_shown_is_valid(page: Page, block: str, tmp_path: Path) -> None:
    (tmp_path / "scene.yaml").write_text(block, encoding="utf-8")
    load_scene(tmp_path / "scene.yaml")


@pytest.mark.parametrize(("page", "block"), SHOWN, ids=lambda value: str(value)[:40])
def test_every_block_of_yaml_is_yaml(page: Page, block: str) -> None:
    yaml.safe_load(block)


def test_examples_are_shown_at_all() -> None:
    assert {str(page) for page, _ in NODES} >= {
        "README.md",
        "docs/operator/README.md",
        "docs/tester/README.md",
    }
    assert SCENES


def test_the_readme_shows_a_configuration_of_ten_lines() -> None:
    block = next(block for page, block in NODES if page.path == ROOT / "README.md")
    assert len(block.splitlines()) <= 10


def test_a_ready_configuration_is_valid() -> None:
    for name in ("demo.yaml", "node.example.yaml"):
        load(ROOT / "configs" / name)
