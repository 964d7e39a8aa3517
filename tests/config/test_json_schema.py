"""The checked-in schema is the one that the program has, and it accepts the configurations that ship."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from edge.config.json_schema import fusion_json_schema, json_schema, policy_json_schema
from edge.config.load import load

CONFIGS = Path(__file__).parents[2] / "configs"
SHIPPED = sorted(
    path for path in CONFIGS.glob("*.yaml") if not path.name.startswith(("policy", "centre", "fusion"))
)
SCHEMAS = {
    "schema.json": json_schema(),
    "policy.schema.json": policy_json_schema(),
    "fusion.schema.json": fusion_json_schema(),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_checked_in_schema_is_current(name: str) -> None:
    assert (CONFIGS / name).read_text() == SCHEMAS[name], "run: make reference"


@pytest.mark.parametrize(
    "first", ["edge.config.fusion_schema", "edge.messages.fused", "edge.messages.reading"]
)
def test_the_schema_of_a_fusion_is_the_same_whatever_is_imported_first(first: str) -> None:
    program = (
        f"import {first}; import edge.config.json_schema as made; print(made.fusion_json_schema(), end='')"
    )
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert made.stdout == (CONFIGS / "fusion.schema.json").read_text()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_configurations_fit_the_schema_and_load(path: Path) -> None:
    schema = json.loads(json_schema())
    jsonschema.validate(yaml.safe_load(path.read_text()), schema)
    assert load(path).cameras


@pytest.mark.parametrize("text", SCHEMAS.values(), ids=SCHEMAS)
def test_every_field_says_what_it_is(text: str) -> None:
    schema = json.loads(text)
    bare = [
        f"{name}.{field}"
        for name, model in {"the file": schema, **schema["$defs"]}.items()
        for field, said in model.get("properties", {}).items()
        if "description" not in said and "$ref" not in said and "$ref" not in str(said.get("items", ""))
    ]
    assert bare == []
