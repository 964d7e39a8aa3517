"""Why a density or a flow has its level: the table, and between what numbers the level holds."""

from collections.abc import Sequence

from edge.messages.event_crowd import CrowdData, FlowData
from edge.rules.density import CLEARS
from edge.values.crowd import FLOW_LEVELS, LEVELS, DensityTable

_MEANS = {
    "slowed": "everybody walks slower",
    "touching": "people touch without wanting to",
    "pressed": "forces become dangerous",
    "critical": "nobody moves by their own will",
}
"""What the levels of standing crowds mean; those of walkways are letters."""


def of_crowd(crowd: CrowdData) -> str:
    """Such as `level C of fruin-walkway: 0.43 to 0.72 persons/m²`; "" where every level is possible."""
    steps = LEVELS[crowd.table]
    value = crowd.low if crowd.at_least else crowd.per_m2
    if crowd.at_least and crowd.level == steps[0][1]:
        return ""
    higher = " or higher" if crowd.at_least else ""
    named = f"level {crowd.level} of {crowd.table.value}{higher}: {_bounds(steps, crowd.level)} persons/m²"
    means = _MEANS.get(crowd.level) if crowd.table is DensityTable.STANDING else None
    return named + _held(steps, crowd.level, value) + (f"; {means}" if means else "")


def of_flow(flow: FlowData) -> str:
    """Such as `level E of the walkway table: 66 to 82 persons/min/m`."""
    named = f"level {flow.level} of the walkway table: {_bounds(FLOW_LEVELS, flow.level)} persons/min/m"
    return named + _held(FLOW_LEVELS, flow.level, flow.per_min_m)


def _bounds(steps: Sequence[tuple[float, str]], level: str) -> str:
    """Between what the level holds: `below 0.31`, `0.43 to 0.72`, `2.15 and more`."""
    index = [name for _, name in steps].index(level)
    if index + 1 == len(steps):
        return f"{steps[index][0]:g} and more"
    below = steps[index + 1][0]
    return f"{steps[index][0]:g} to {below:g}" if index else f"below {below:g}"


def _held(steps: Sequence[tuple[float, str]], level: str, value: float) -> str:
    """Why a level holds that its number does not reach any more; "" where it does reach it."""
    least = next(least for least, name in steps if name == level)
    if value >= least:
        return ""
    return f"; once reached it is kept down to {CLEARS * least:.2f}, so that noise does not make it flap"
