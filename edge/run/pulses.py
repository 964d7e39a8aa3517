"""Pulses on their way from a worker to its supervisor: one JSON object a line."""

import json
from dataclasses import asdict

from edge.values.moment import ClockTrust, Moment
from edge.values.pulse import Pulse


def line_of(pulse: Pulse) -> str:
    """The pulse as one line."""
    return json.dumps(asdict(pulse)) + "\n"


def pulse_of(line: bytes) -> Pulse | None:
    """The pulse in a line; None where it holds none."""
    try:
        said = json.loads(line)
        when = said["moment"]
        moment = Moment(when["mono_ns"], when["utc_ns"], ClockTrust(when["trust"]))
        return Pulse(said["worker"], moment, said["state"], said["counts"], said.get("words", {}))
    except (ValueError, TypeError, KeyError):
        return None
