"""The schemas of configuration and policy as JSON Schema (2020-12), for editors and for the reference."""

import json

from edge.config.fields import Strict
from edge.config.fusion_schema import FusionFile
from edge.config.policy_schema import PolicyFile
from edge.config.schema import Node

TITLE = "safecity-edge node"


def json_schema() -> str:
    """The node's schema as text, ending in a line end; the same text for the same program."""
    return _schema(Node, TITLE)


def policy_json_schema() -> str:
    """The same for a policy of the state."""
    return _schema(PolicyFile, "safecity-edge policy")


def fusion_json_schema() -> str:
    """The same for a fusion."""
    return _schema(FusionFile, "safecity-edge fusion")


def _schema(model: type[Strict], title: str) -> str:
    found = model.model_json_schema(by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return json.dumps({**head, **{k: v for k, v in found.items() if k != "title"}}, indent=2) + "\n"
