"""What a rule of a box asks, in plain words."""

from collections.abc import Iterator, Sequence

from edge.messages.words import lasting, plural
from edge.rules.schedule import Window
from edge.rules.spec import MEASURES, RuleSpec, Step
from edge.values.event import Kind
from edge.values.hot import Level

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ASKS = {
    Kind.ZONE_ENTRY: "{who} comes into {where}",
    Kind.ZONE_EXIT: "{who} leaves {where}",
    Kind.LINE_CROSSING: "{who} passes over {where}",
    Kind.DWELL: "{who} stays in {where} for {dwell_s} or longer",
    Kind.OCCUPANCY: "{at_least} or more ({who}) in {where}",
    Kind.DENSITY: "{at_least} persons/m² or more in {where}",
    Kind.FLOW: "{at_least} persons/min/m or more over {where}",
    Kind.COUNTER_FLOW: "{share} or more of those who walk in {where} go against the stream",
    Kind.QUEUE: "{at_least} people or more queue in {where}",
    Kind.SURGE: "the density in {where} rises by {at_least} persons/m² a minute or faster",
    Kind.DISPERSAL: "people in {where} suddenly go {at_least} m/s faster than usual, or more",
    Kind.PRESSURE: "the pressure in {where} is {at_least} /s² or more",
    Kind.STOP_AND_GO: "people in {where} stop {at_least} times a minute or more",
    Kind.ROUTE: "it takes {at_least} s or longer until all before {where} are through",
    Kind.ABANDONED: "a thing of {size_m} stands in {where}, and its owner is {owner_m} m away or further",
    Kind.REMOVED: "a thing of {size_m} is missing in {where} that had been there for a minute",
    Kind.SPEED: "{who} in {where} is {pace}, by the whole interval",
    Kind.STOPPED: "{who} stands in {where} for {stood_s} or longer",
    Kind.HOT_SPOT: "something in {where} is {hot}",
    Kind.FIRE_LIKE: "something in {where} is {hot} and grows as a fire does",
}


def asked(rule: RuleSpec) -> Iterator[str]:
    """What it looks for; then, each by itself, when it starts, ends, is serious, and is on duty."""
    yield _looked_for(rule)
    yield from _lasting(rule)
    if rule.steps:
        yield ", ".join(_step(rule, step) for step in rule.steps)
    if rule.queue_of is not None:
        yield f"where {rule.queue_of} stand at once they wait, and that does not count"
    if rule.cooldown_s:
        yield f"not again within {lasting(rule.cooldown_s)}"
    if rule.schedule is not None:
        windows = "; ".join(_window(window) for window in rule.schedule.windows)
        yield f"on duty {windows} ({rule.schedule.zone})"


def _step(rule: RuleSpec, step: Step) -> str:
    """From how much on it is so serious, and how far down it stays so."""
    return f"{step.severity.word} from {step.at_least:g}, until below {rule.clearing(step.at_least):g}"


def _looked_for(rule: RuleSpec) -> str:
    words = ASKS[rule.kind].format(
        who=_either(sorted(rule.classes)) if rule.classes else "anything",
        where=_either([f'"{place}"' for place in rule.places]),
        at_least=f"{rule.at_least:g}",
        share=f"{rule.at_least:.0%}",
        dwell_s=lasting(rule.dwell_s or 0.0),
        size_m="{:g} to {:g} m".format(*rule.size_m),
        owner_m=f"{rule.owner_m:g}",
        stood_s=lasting(rule.stood_s),
        pace=_pace(rule),
        hot="" if rule.hot is None else _hot(rule.hot),
    )
    return words + (f", {rule.direction.value} only" if rule.direction else "")


def _either(names: Sequence[str]) -> str:
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _pace(rule: RuleSpec) -> str:
    side = "faster" if rule.over_kmh is not None else "slower"
    return f"{side} than {rule.over_kmh or rule.under_kmh or 0.0:g} km/h"


def _hot(level: Level) -> str:
    size = f", on {level.min_px} {plural('pixel', level.min_px)} or more,"
    if level.above_c is not None:
        return f"hotter than {level.above_c:g} °C{size}"
    if level.above_k is not None:
        return f"{level.above_k:g} K or more above what is usual there{size}"
    return f"{level.contrast or 0.0:.0%} of the grey scale or more above what is usual there{size}"


def _lasting(rule: RuleSpec) -> Iterator[str]:
    if rule.instant:
        return
    if rule.for_s:
        yield f"starts when that has held for {_span(rule.for_s)}"
    counts = rule.kind in MEASURES or rule.at_least != 1 or rule.clear_below is not None
    below = f"{rule.clears_below:.0%}" if rule.kind is Kind.COUNTER_FLOW else f"{rule.clears_below:g}"
    over = f"it has been below {below}" if counts else "that has not been so"
    yield f"ends when {over} for {_span(rule.clear_s)}"


def _span(seconds: float) -> str:
    """A duration, to the tenth where it is short."""
    return f"{seconds:g} s" if seconds < 10 else lasting(seconds)


def _window(window: Window) -> str:
    days = (
        "every day" if len(window.days) == len(DAYS) else " ".join(DAYS[day] for day in sorted(window.days))
    )
    ends = f"{window.ends:%H:%M}" if window.ends.hour or window.ends.minute else "24:00"
    return f"{days} {window.begins:%H:%M} to {ends}"
