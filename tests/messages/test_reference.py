from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import yaml

from edge.messages import examples
from edge.messages.__main__ import main
from edge.messages.asyncapi import asyncapi, document
from edge.messages.base import Strict
from edge.messages.channels import channels, sent
from edge.messages.pages import reference
from edge.messages.parse import Message
from edge.messages.schema import json_schema
from edge.privacy.allowed import ALLOWED
from edge.privacy.allowed_node import DECODERS
from edge.privacy.shapes import Items, Record

SIGNATURE = {"batch", "signature"}
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
MADE = [
    examples.occupancy,
    examples.density,
    examples.flow,
    examples.crossing,
    examples.camera,
    examples.birth,
    examples.last_will,
    examples.losses,
    examples.audit,
    examples.button,
    examples.footage,
    examples.health,
    examples.challenge,
    examples.together,
    examples.judging,
]


@pytest.mark.parametrize("name", reference())
def test_the_checked_in_reference_is_the_generated_one(name: str):
    assert (REFERENCE / name).read_text(encoding="utf-8") == reference()[name], (
        f"docs/reference/{name} is out of date: run python -m edge.messages"
    )


def test_the_reference_can_be_written_anywhere(tmp_path: Path):
    main(tmp_path / "new")
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(reference())


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("make", MADE)
def test_every_example_fits_the_schema(make: Any):
    validator = jsonschema.Draft202012Validator(json_schema())
    validator.validate(sent(make()))


@pytest.mark.parametrize("make", MADE)
def test_the_schema_refuses_fields_of_nobody(make: Any):
    validator = jsonschema.Draft202012Validator(json_schema())
    body = sent(make())
    assert not validator.is_valid(body | {"note": "x"})
    assert not validator.is_valid(body | {"data": body["data"] | {"note": "x"}})


def test_the_schema_wants_a_cause_at_the_end_and_only_there():
    validator = jsonschema.Draft202012Validator(json_schema())
    begun, over = sent(examples.occupancy()), sent(examples.crossing())
    assert not validator.is_valid(begun | {"data": begun["data"] | {"cause": "cleared"}})
    del over["data"]["cause"]
    assert not validator.is_valid(over)


def test_what_the_allow_list_lets_out_is_what_the_models_take_in():
    for model in get_args(Message):
        for kind in get_args(model.model_fields["type"].annotation):
            stamp = {"boot", "sequence"} & set(model.model_fields)
            compare(ALLOWED[kind], model, stamp, SIGNATURE)


def compare(
    allowed: Record,
    model: type[Strict],
    stamp: AbstractSet[str] = frozenset(),
    signature: AbstractSet[str] = frozenset(),
) -> None:
    named = {field.alias or name: field for name, field in model.model_fields.items()}
    required = {name for name, field in named.items() if field.is_required()}
    assert set(allowed.required) | stamp == required, model
    assert set(allowed.required) | set(allowed.optional) | stamp | signature == set(named), model
    for name, shape in {**allowed.required, **allowed.optional}.items():
        inner = shape.item if isinstance(shape, Items) else shape
        if isinstance(inner, Record):
            compare(inner, model_in(named[name].annotation))


def model_in(annotation: Any) -> type[Strict]:
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return annotation
    return next(model_in(inner) for inner in get_args(annotation) if inner is not type(None))


def test_the_schema_lists_the_decoders_of_the_allow_list():
    assert json_schema()["$defs"]["Decoding"]["properties"]["used"]["enum"] == list(DECODERS)


def test_every_reference_inside_the_asyncapi_document_leads_somewhere():
    whole = yaml.safe_load(asyncapi())
    for path in references(whole):
        inner = whole
        for step in path.removeprefix("#/").split("/"):
            inner = inner[step]


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for inner in value.values() for found in references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in references(inner)]
    return []


def test_the_asyncapi_document_has_the_shape_of_version_3():
    whole = document()
    assert whole["asyncapi"] == "3.0.0"
    assert whole.keys() == {
        "asyncapi",
        "id",
        "info",
        "defaultContentType",
        "channels",
        "operations",
        "components",
    }
    for channel in whole["channels"].values():
        in_address = {level[1:-1] for level in channel["address"].split("/") if level.startswith("{")}
        assert set(channel["parameters"]) == in_address
    for operation in whole["operations"].values():
        received = operation["channel"]["$ref"].endswith(("/receipt", "/command", "/reading"))
        assert operation["action"] == ("receive" if received else "send")
        assert operation["messages"][0]["$ref"].startswith(operation["channel"]["$ref"] + "/messages/")


def test_the_asyncapi_schemas_are_draft_7_and_take_the_examples():
    whole = document()
    # Words that are newer than draft 7, which is what AsyncAPI 3.0 extends.
    assert not {"$defs", "prefixItems", "unevaluatedProperties", "dependentRequired"} & words(whole)
    for channel in channels():
        schema = {
            "allOf": [{"$ref": f"#/components/schemas/{channel.model}"}],
            "components": whole["components"],
        }
        for example in whole["components"]["messages"][channel.name]["examples"]:
            jsonschema.Draft7Validator(schema).validate(example["payload"])


def words(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {word for inner in value.values() for word in words(inner)}
    if isinstance(value, list):
        return {word for inner in value for word in words(inner)}
    return set()


@pytest.mark.parametrize("channel", channels(), ids=lambda channel: channel.name)
def test_messages_go_where_and_as_the_document_says(channel: Any):
    for _, made in channel.examples:
        assert (made.retain, made.expiry_s) == (channel.retain, channel.expiry_s)
        levels = zip(channel.address.split("/"), made.topic.split("/"), strict=True)
        assert all(said == is_ or said.startswith("{") for said, is_ in levels)


def test_every_field_has_a_meaning():
    blank = [line for line in reference()["events.md"].splitlines() if line.endswith("|  |")]
    assert not blank
