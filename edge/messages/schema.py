"""JSON Schema of all messages, generated from the models."""

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from edge.messages.command import CommandMessage
from edge.messages.parse import ANY_MESSAGE, Message
from edge.messages.reading import ReadingMessage
from edge.messages.receipt import ReceiptMessage
from edge.privacy.allowed_common import SCHEMA


class PlainSchema(GenerateJsonSchema):
    """JSON Schema without nulls (an absent field is absent) and without titles that repeat the names."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """The inner schema alone: `Strict` refuses nulls."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """The schema without its default, which only says that the field may be absent."""
        return self.generate_inner(schema["schema"])

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Without the discriminator, which is OpenAPI's: each member fixes the field that tells it."""
        found = super().tagged_union_schema(schema)
        found.pop("discriminator", None)
        return found

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 (the base class passes it)
        """Never: the field's name says it."""
        return False


def json_schema() -> dict[str, Any]:
    """One document for every message that a node sends, JSON Schema 2020-12."""
    schema = ANY_MESSAGE.json_schema(schema_generator=PlainSchema)
    definitions = schema.pop("$defs")
    return {
        "$schema": PlainSchema.schema_dialect,
        "$id": f"urn:safecity:messages:{SCHEMA}",
        "title": "Messages of a safecity-edge node",
        "description": "CloudEvents 1.0, structured mode, JSON. Which one it is, its `type` says.",
        **schema,
        "$defs": definitions,
    }


def component_schemas() -> dict[str, Any]:
    """The models of both directions as AsyncAPI components: JSON Schema draft 7 in all that is used."""
    return definitions("#/components/schemas/{model}")


def definitions(reference: str = "#/$defs/{model}") -> dict[str, Any]:
    """The schema of every model by its name, of what a node sends and of what it is sent."""
    every: TypeAdapter[Any] = TypeAdapter(Message | ReceiptMessage | CommandMessage | ReadingMessage)
    schema = every.json_schema(schema_generator=PlainSchema, ref_template=reference)
    found: dict[str, Any] = schema["$defs"]
    return found
