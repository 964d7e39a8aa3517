"""The list of actions is closed both ways: nothing stands in it that nothing writes."""

import re
from pathlib import Path

import edge
from edge.values.audit import Action

SOURCES = [path for path in Path(edge.__file__).parent.rglob("*.py") if path.name != "__init__.py"]


def test_every_action_is_written_somewhere() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    written = set(re.findall(r"(?:Action|Done)\.([A-Z_]+)\b", text))
    assert {action.name for action in Action} <= written
