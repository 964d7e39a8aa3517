"""A configuration for a clip that has none: the places of its truth, and one rule of each kind for them."""

import json
from typing import Any

from edge import strictyaml
from edge.config.compile import compiled
from edge.config.schema import Node
from edge.config.spec import NodeSpec
from edge.values.errors import ConfigError
from edge.values.truth import Truth

VEHICLES = ("bicycle", "car", "motorcycle", "bus", "truck")
DWELL_S = 8.0
CROWD = 3


def node_for(truth: Truth, model: str, gated: bool) -> NodeSpec:
    """A box with one camera that watches everything that the truth knows.

    Raises:
        ConfigError: the truth has places that cannot be watched.
    """
    text = json.dumps(_node(truth, model, gated))
    return compiled(strictyaml.parse(text, f"truth of {truth.name}", Node, ConfigError))


def _node(truth: Truth, model: str, gated: bool) -> dict[str, Any]:
    camera = {
        "id": truth.name,
        "source": f"{truth.name}.mp4",
        "zones": [{"id": name, "polygon": polygon} for name, polygon in truth.zones.items()],
        "lines": [{"id": name, "points": points} for name, points in truth.lines.items()],
    }
    return {
        "node": "evaluation",
        "region": "evaluation",
        "broker": "embedded",
        "detector": {"model": model},
        "gate": {"enabled": gated},
        "cameras": [camera],
        "rules": _rules(truth),
    }


def _rules(truth: Truth) -> list[dict[str, Any]]:
    seen = set(truth.labels.values())
    vehicles = [label for label in VEHICLES if label in seen]
    rules: list[dict[str, Any]] = []
    if truth.lines:
        rules.append({"id": "people-crossing", "when": "line-crossing"})
    if truth.lines and vehicles:
        rules.append({"id": "vehicles-crossing", "when": "line-crossing", "classes": vehicles})
    if truth.zones:
        rules += [
            {"id": "entry", "when": "zone-entry"},
            {"id": "exit", "when": "zone-exit"},
            {"id": "stay", "when": "dwell", "dwell_s": DWELL_S},
            {"id": "crowd", "when": "occupancy", "at_least": CROWD, "for_s": 1},
        ]
    return rules
