"""The configuration's schema as JSON Schema (2020-12), for editors and for the reference."""

import json

from edge.config.schema import Node


def json_schema() -> str:
    """The schema as text, ending in a line end; the same text for the same program."""
    found = Node.model_json_schema(by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "safecity-edge node"}
    return json.dumps({**head, **{k: v for k, v in found.items() if k != "title"}}, indent=2) + "\n"
