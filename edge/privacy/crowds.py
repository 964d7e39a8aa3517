"""What an event says of how many stand on how much floor, and of how many pass."""

from edge.privacy.canonical import JsonObject, number
from edge.values.crowd import COVERAGE, Crowd
from edge.values.event import Event, Kind


def crowd(event: Event) -> JsonObject:
    """How dense, and whether that could be measured; for kinds that are about how many stand somewhere."""
    if event.kind not in {Kind.OCCUPANCY, Kind.DENSITY}:
        return {}
    seen = event.crowd
    if seen is None:
        return {"ground": "uncalibrated"}
    told = {
        "per_m2": seen.per_m2,
        "low": seen.low,
        "high": seen.high,
        "coverage": COVERAGE,
        "area_m2": seen.floor.m2,
        "area_sd_m2": seen.floor.sd_m2,
        "missed_max": seen.missed_max,
    }
    numbers: JsonObject = {name: number(value, f"crowd.{name}") for name, value in told.items()}
    sure: JsonObject = {} if seen.at_least is None else {"at_least": seen.at_least}
    said = {**numbers, "table": seen.table.value, "level": seen.level, **sure, **_mapped(seen)}
    return {"ground": "calibrated", "crowd": said}


def _mapped(crowd: Crowd) -> JsonObject:
    """What a density map told and whether it was believed; nothing where there is none."""
    if crowd.mapped is None:
        return {}
    mapped, source = crowd.mapped, crowd.mapped.source
    told: JsonObject = {
        "people": number(mapped.people, "crowd.map.people"),
        "error": number(source.error, "crowd.map.error"),
        "age_s": number(mapped.age_s, "crowd.map.age_s"),
        "model": {"name": source.name, "sha256": source.sha256},
    }
    return {"basis": crowd.basis.value, "map": told}


def flow(event: Event) -> JsonObject:
    """How many pass by the minute and metre; for flows."""
    passing = event.flow
    if passing is None:
        return {}
    told = {
        "per_min_m": passing.per_min_m,
        "low": passing.low,
        "high": passing.high,
        "coverage": COVERAGE,
        "width_m": passing.width.m,
        "width_sd_m": passing.width.sd_m,
        "window_s": passing.window_s,
        "missed_max": passing.missed_max,
    }
    numbers: JsonObject = {name: number(value, f"flow.{name}") for name, value in told.items()}
    return {"flow": {**numbers, "level": passing.level}}
