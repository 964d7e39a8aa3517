"""The page on rules names every key with its default, and its example is a valid configuration."""

import json
import re
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from edge.config.rules import Rule
from edge.values.event import EndCause, Kind

DOCS = Path(__file__).parents[2] / "docs" / "reference"
RULES = (DOCS / "rules.md").read_text()
FACTS = (DOCS / "facts-and-events.md").read_text()


def test_every_key_is_in_the_table_with_its_default() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| (?:`(.+?)` )?\|", RULES.split("## Keys")[1], re.MULTILINE))
    wanted = {
        name: "" if field.is_required() else json.dumps(field.get_default(call_default_factory=True))
        for name, field in Rule.model_fields.items()
    }
    assert table == wanted


def test_the_example_is_valid() -> None:
    example = re.search(r"```yaml\n(.*?)```", RULES, re.DOTALL)
    assert example
    rules = TypeAdapter(list[Rule]).validate_python(yaml.safe_load(example[1])["rules"])
    assert {rule.when for rule in rules} == {"zone-entry", "line-crossing", "occupancy", "dwell"}


def test_every_kind_cause_and_fact_is_told_of() -> None:
    assert all(f"`{kind}`" in FACTS and f"`{kind}`" in RULES for kind in Kind)
    assert all(f"`{cause}`" in RULES for cause in EndCause)
    for fact in ("ZoneEntered", "ZoneLeft", "LineCrossed", "LinesWatched", "Occupancy", "Moving", "Unseen"):
        assert f"`{fact}`" in FACTS
