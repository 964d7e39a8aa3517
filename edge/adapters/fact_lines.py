"""Facts and standings as lines of JSON, for a journal; what is read back is what was written."""

import json
from dataclasses import asdict
from typing import Any

from edge.fusion.episode import Open, Standing
from edge.fusion.facts import Fact, Health, Reading, Seen
from edge.fusion.fusion import Saved
from edge.values.fused import FusionTally, Truth


def line_of(fact: Fact) -> str:
    """A fact in one line."""
    return _line({"fact": type(fact).__name__.lower(), **asdict(fact)})


def fact_of(line: str) -> Fact:
    """The fact that was written."""
    fields = json.loads(line)
    match fields.pop("fact"):
        case "reading":
            return Reading(**{**fields, "numbers": tuple(fields["numbers"])})
        case "seen":
            return Seen(**fields)
    return Health(**fields)


def standing_lines(saved: Saved) -> str:
    """Where a fusion stood, in one line."""
    return _line(asdict(saved))


def saved_of(line: str) -> Saved:
    """Where a fusion stood."""
    fields = json.loads(line)
    return Saved(
        fields["judged_ns"],
        FusionTally(**fields["tally"]),
        tuple(_standing(each) for each in fields["standings"]),
    )


def _standing(fields: dict[str, Any]) -> Standing:
    event = fields.pop("event")
    truth = Truth(fields.pop("truth"))
    return Standing(**fields, truth=truth, event=None if event is None else Open(**event))


def _line(fields: dict[str, Any]) -> str:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"))
