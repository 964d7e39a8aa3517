"""A box without places: what looks at a clip that has no configuration."""

import json

from edge import strictyaml
from edge.config.compile import compiled
from edge.config.schema import Node
from edge.config.spec import NodeSpec
from edge.values.errors import ConfigError

USUAL_MODEL = "street-nano"
"""Looks for people and vehicles where nothing else is named."""


def bare_node(model: str) -> NodeSpec:
    """A box with one camera, and with the model of that name or path.

    Raises:
        ConfigError: the model's name is none.
    """
    text = {
        "node": "redaction",
        "region": "redaction",
        "broker": "embedded",
        "detector": {"model": model},
        "cameras": [{"id": "clip", "source": "clip.mp4"}],
    }
    return compiled(strictyaml.parse(json.dumps(text), "--model", Node, ConfigError))
