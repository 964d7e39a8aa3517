"""Clauses of a rule in plain words, the same wherever they are told."""

from edge.config.fusion_clause import Clause
from edge.values.sensor import RANGES

UNITS = {
    "db": "dB",
    "percent_per_m": "% per metre",
    "entered_per_min": "entered a minute",
    "left_per_min": "left a minute",
}


def worded(clause: Clause) -> str:
    """One clause, without those in it."""
    return _head(clause) + _span(clause)


def _head(clause: Clause) -> str:
    if clause.sensor is not None:
        return _sensor(clause)
    if clause.event is not None:
        return _event(clause)
    return {
        "all_of": "all of these",
        "any_of": "any of these",
        "of": f"at least {clause.at_least} of these",
        "not": "not",
        "rule": f"what the rule {clause.rule} wants",
    }[clause.head]


def _sensor(clause: Clause) -> str:
    who = " or ".join(clause.sensors) or f"any {clause.sensor} sensor"
    if clause.at_least > 1:
        among = ", ".join(clause.sensors) or f"the {clause.sensor} sensors"
        who = f"at least {clause.at_least} of {among}"
    if clause.is_ is not None:
        return f"{who} says {clause.is_}"
    unit = UNITS[measure_of(clause)]
    bounds = [("above", clause.above), ("below", clause.below)]
    return f"{who} {' and '.join(f'{word} {bound:g}' for word, bound in bounds if bound is not None)} {unit}"


def measure_of(clause: Clause) -> str:
    """What a clause about a sensor's number asks for."""
    assert clause.sensor is not None
    return clause.measure or next(iter(RANGES[clause.sensor]))


def _event(clause: Clause) -> str:
    what = f"{clause.event}"
    if clause.objects:
        what += f" of {clause.objects} or more"
    if clause.severity != "info":
        what += f", {clause.severity} or worse,"
    if clause.places:
        what += f" at {' or '.join(clause.places)}"
    if clause.rules:
        what += f" by {' or '.join(clause.rules)}"
    who = " or ".join(clause.cameras) or "any camera"
    if clause.at_least > 1:
        who = f"at least {clause.at_least} of {', '.join(clause.cameras) or 'the cameras'}"
    return f"{clause.times} times {what} at {who}" if clause.times > 1 else f"{what} at {who}"


def _span(clause: Clause) -> str:
    return f" within {clause.within_s:g} s" if clause.within_s else ""
