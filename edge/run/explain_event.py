"""Why an event of a box was told, as a tree in plain words: what was found, by whom, and how sure it is.

Law: every word is the message's; nothing is reckoned anew. What a message cannot say it leaves out for a
reason, and that is told.
"""

from collections.abc import Iterator
from datetime import tzinfo

from rich.text import Text
from rich.tree import Tree

from edge.messages.crowd_words import measured
from edge.messages.event import EventData
from edge.messages.event_crowd import CrowdData, FlowData
from edge.messages.event_parts import SeenObject
from edge.messages.line import happening
from edge.messages.pace_words import halt_words, speed_words
from edge.messages.words import ENDS, figures, lasting, when
from edge.rules.spec import DYNAMICS, MOVERS
from edge.values.crowd import Basis
from edge.values.event import EndCause, Kind

MOST_NAMED = 8
BASES = {
    Basis.BOXES: "people stand loosely: the boxes were counted, the density map was not believed",
    Basis.MAP: "people hide each other: the density map was believed, and not the boxes",
    Basis.BOTH: "between loose and dense: boxes and density map were blended",
}


def of_event(data: EventData, zone: tzinfo) -> Tree:
    """The tree of one message about objects, a crowd, or how something moves; times are told in `zone`."""
    root = Tree(Text("\n".join(_heads(data, zone))))
    for words in _found(data):
        root.add(Text(words))
    if data.objects:
        score = f"{data.confidence:.0%} sure: the mean score that {data.model.name} gave to"
        _named(root.add(Text(score)), data)
    for words in _unknown(data):
        root.add(Text(words, style="yellow"))
    return root


def _heads(data: EventData, zone: tzinfo) -> list[str]:
    lines = [
        f"{data.rule}, {data.severity}: {happening(data)}",
        f"event {data.event_id}, message {data.revision}, of camera {data.camera}",
    ]
    told = when(data.utc, zone)
    if data.started == data.utc:
        return [*lines, f"at {told}"]
    return [*lines, f"began {when(data.started, zone)}, {'over' if data.cause else 'told'} {told}"]


def _found(data: EventData) -> Iterator[str]:
    """What was found that made it an event."""
    if data.kind is Kind.LINE_CROSSING and data.direction is not None:
        sides = ("left", "right") if data.direction.value == "forward" else ("right", "left")
        yield f"feet went over from the {sides[0]} of the line to its {sides[1]}, along its points"
    if data.kind in {Kind.ZONE_ENTRY, Kind.ZONE_EXIT}:
        yield f"feet {'came into' if data.kind is Kind.ZONE_ENTRY else 'left'} the zone"
    if data.dwell_s is not None:
        yield f"the longest stay is {lasting(data.dwell_s)}"
    if data.cause is not EndCause.INSTANT and data.kind not in DYNAMICS | MOVERS:
        most = f", {data.peak} at most" if data.peak > data.count else ""
        after = f", after {lasting(data.duration_s)}" if data.duration_s else ""
        yield f"{data.count} at that moment{most}{after}"
    yield from _numbers(data)
    if data.clearing:
        yield "it is not so any more: it ends unless that changes"
    if data.cause is not None and ENDS[data.cause]:
        yield f"it ended because {ENDS[data.cause]}"


def _numbers(data: EventData) -> Iterator[str]:
    """Measures with their intervals, and what is in these."""
    if data.crowd is not None:
        yield from _crowd(data.crowd)
    if data.flow is not None:
        yield from _flow(data.flow)
    if data.dynamics is not None:
        many = f", of {data.count} people" if data.count and data.kind is not Kind.QUEUE else ""
        yield f"{', '.join(measured(data.dynamics))}{many}; {_held(data.dynamics.coverage)}"
        yield f"they walk at {data.dynamics.speed_mps:.1f} m/s on average"
    if data.speed is not None:
        speed = data.speed
        beyond = "above" if speed.side == "over" else "below"
        yield f"{', '.join(speed_words(speed))}; {_held(speed.coverage)}"
        yield f"the mean of {speed.window_s:.1f} s; told because the whole interval is {beyond} the limit"
    if data.halt is not None:
        by = "1 m of measured ground" if data.halt.measured == "ground" else "40 % of the size of its box"
        yield f"stands {', '.join(halt_words(data.halt))}"
        yield f"to stand is to stay within {by}"


def _crowd(crowd: CrowdData) -> Iterator[str]:
    floor = f"on {crowd.area_m2:.0f} ± {crowd.area_sd_m2:.1f} m² of floor that can be seen"
    if crowd.at_least:
        yield (
            f"at least {crowd.low:.2f} persons/m², {floor}: people are so small or hide each other so much "
            "that the detector cannot take them apart; "
            f"up to {crowd.high:g} can stand there, and no level is known"
        )
        return
    yield (
        f"{crowd.per_m2:.2f} persons/m² ({crowd.low:.2f} to {crowd.high:.2f}), level {crowd.level} of "
        f"{crowd.table.value}; {_held(crowd.coverage)}"
    )
    hidden = f"up to {crowd.missed_max:.0%} of the people may be hidden, which widens the interval upwards"
    yield f"{floor}; {hidden}"
    if crowd.basis is not None and crowd.map is not None:
        people, error, age_s = crowd.map.people, crowd.map.error, crowd.map.age_s
        yield f"{BASES[crowd.basis]} ({people:.0f} people ± {error:.0%}, {lasting(age_s)} old)"


def _flow(flow: FlowData) -> Iterator[str]:
    told, least, most = figures(flow.per_min_m, flow.low, flow.high)
    yield (
        f"{told} persons/min/m ({least} to {most}), level {flow.level} of the walkway table; "
        f"{_held(flow.coverage)}"
    )
    yield (
        f"over {flow.width_m:.1f} ± {flow.width_sd_m:.1f} m of line in {flow.window_s:g} s; up to "
        f"{flow.missed_max:.0%} of the people may be missed"
    )


def _held(coverage: float) -> str:
    return f"such an interval holds the truth {coverage:.0%} of the time"


def _named(branch: Tree, data: EventData) -> None:
    """Who takes part, by names that mean nothing elsewhere."""
    for seen in data.objects[:MOST_NAMED]:
        branch.add(_who(seen))
    more = data.count - min(len(data.objects), MOST_NAMED)
    if more > 0:
        branch.add(Text(f"and {more} more", style="dim"))


def _who(seen: SeenObject) -> Text:
    box = "" if seen.box is None else "  box " + " ".join(f"{side:.2f}" for side in seen.box)
    return Text.assemble(f"{seen.score:4.0%}  {seen.label} {seen.track}", (box, "dim"))


def _unknown(data: EventData) -> Iterator[str]:
    """What the message cannot say, and why."""
    if data.ground == "uncalibrated":
        yield ("its ground is not measured, or the camera was moved: nobody can say persons per square metre")
    if data.kind in DYNAMICS and data.dynamics is None:
        yield "too few people take part to say how it is now"
    if data.kind is Kind.STOPPED and data.halt is not None and data.halt.hidden:
        yield "something hides it now: it is taken to stand there still, for 20 s at most"
