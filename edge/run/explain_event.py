"""Why an event of a box was told, as a tree in plain words: what was found, by whom, and how sure it is.

Law: every word is the message's; nothing is reckoned anew. What a message cannot say it leaves out for a
reason, and that is told.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import tzinfo

from rich.text import Text
from rich.tree import Tree

from edge.messages.crowd_words import besides, is_known, measured, quantity
from edge.messages.event import EventData
from edge.messages.event_crowd import CrowdData, DynamicsData, FlowData
from edge.messages.event_parts import SeenObject
from edge.messages.line import crossings, happening
from edge.messages.pace_words import halt_words, speed_words
from edge.messages.words import counted, figures, give_or_take, lasting, when
from edge.rules.leaving import BLOCKED, FULL, SOON_S
from edge.rules.spec import DYNAMICS, MOVERS
from edge.run.explain_level import of_crowd, of_flow
from edge.values.crowd import Basis
from edge.values.dynamics import Passage
from edge.values.event import EndCause, Kind, Phase
from edge.values.pace import KMH

MOST_NAMED = 8
BASES = {
    Basis.BOXES: "people stand loosely: the boxes were counted, the density map was not believed",
    Basis.MAP: "people hide each other: the density map was believed, and not the boxes",
    Basis.BOTH: "between loose and dense: boxes and density map were blended",
}
STATES = {
    Passage.BLOCKED: f"people stand before it, and in the last {SOON_S:g} s fewer than {BLOCKED:.0%} passed "
    "of those who can",
    Passage.OVER: "people stand before it, and more come than can pass",
    Passage.FULL: f"{FULL:.0%} or more pass of those who can",
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
        f"{data.rule}, {data.severity}: {', '.join((happening(data), *_in_short(data)))}",
        f"event {data.event_id}, message {data.revision}, of camera {data.camera}",
    ]
    told = when(data.utc, zone)
    if data.started == data.utc:
        return [*lines, f"at {told}"]
    if data.cause is EndCause.INSTANT:
        return [*lines, f"happened {when(data.started, zone)}, told {told}"]
    return [*lines, f"began {when(data.started, zone)}, {'over' if data.cause else 'told'} {told}"]


def _in_short(data: EventData) -> Iterator[str]:
    """The numbers that a headline wants, without their intervals; none of what is over."""
    if data.phase is Phase.END and data.cause is not EndCause.INSTANT:
        return
    if data.crowd is not None:
        least = "at least " if data.crowd.at_least else ""
        yield f"{least}{data.crowd.low if least else data.crowd.per_m2:.2f} persons/m²"
    if data.flow is not None:
        yield f"{figures(data.flow.per_min_m)[0]} persons/min/m"
    if data.dynamics is not None:
        yield quantity(data.dynamics)
        if data.kind is Kind.QUEUE:
            yield from besides(data.dynamics)
    if data.speed is not None:
        yield f"{figures(data.speed.mps * KMH)[0]} km/h at a limit of {data.speed.limit_mps * KMH:.0f}"
    if data.halt is not None:
        yield f"for {lasting(data.halt.stood_s)}"
    if data.dwell_s is not None and data.kind is Kind.DWELL:
        yield f"for {lasting(data.dwell_s)}"


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
        to_and_fro = "" if data.flow is None else "; who goes to and fro counts each time"
        yield f"{_how_many(data)}{_so_far(data)}{to_and_fro}"
    yield from _numbers(data)
    if data.clearing:
        yield "it is not so any more: it ends unless that changes"


def _how_many(data: EventData) -> str:
    if data.flow is not None:
        return f"{crossings(data.count)} in the last {data.flow.window_s:g} s"
    who = counted(data.count, [seen.label for seen in data.objects]) if data.count else "none"
    return f"{who} at that moment"


def _so_far(data: EventData) -> str:
    most = f", {data.peak} at most" if data.peak > data.count else ""
    return most + (f", {lasting(data.duration_s)} after it began" if data.duration_s else "")


def _numbers(data: EventData) -> Iterator[str]:
    """Measures with their intervals, and what is in these."""
    if data.crowd is not None:
        yield from _crowd(data.crowd)
    if data.flow is not None:
        yield from _flow(data.flow)
    if data.dynamics is not None:
        yield from _dynamics(data, data.dynamics)
    if data.speed is not None:
        speed = data.speed
        beyond = "above" if speed.side == "over" else "below"
        yield f"{', '.join(speed_words(speed))}; {_held(speed.coverage)}"
        yield f"the mean of {speed.window_s:.1f} s; told because the whole interval is {beyond} the limit"
    if data.halt is not None:
        by = "1 m of measured ground" if data.halt.measured == "ground" else "40 % of the size of its box"
        yield f"stands {', '.join(halt_words(data.halt))}"
        yield f"to stand is to stay within {by}"


def _dynamics(data: EventData, dynamics: DynamicsData) -> Iterator[str]:
    many = f"{data.count} people: " if data.count and data.kind is not Kind.QUEUE else ""
    held = f"; {_held(dynamics.coverage)}" if is_known(dynamics) else ""
    yield f"{many}{', '.join(measured(dynamics))}{held}"
    if dynamics.state in STATES:
        yield f"{dynamics.state}: {STATES[dynamics.state]}"
    if data.kind is Kind.PRESSURE:
        yield "from about 0.02 /s² on, a dense crowd pushes people to and fro (Helbing et al. 2007)"
    free = "; where nothing hurries them people walk at about 1.3" if data.kind is Kind.DISPERSAL else ""
    yield f"they move at {dynamics.speed_mps:.1f} m/s on average{free}"


def _crowd(crowd: CrowdData) -> Iterator[str]:
    floor = f"on {give_or_take(crowd.area_m2, crowd.area_sd_m2)} m² of floor that can be seen"
    if crowd.at_least:
        yield (
            f"at least {crowd.low:.2f} persons/m², {floor}: people are so small or hide each other so much "
            f"that the detector cannot take them apart; up to {crowd.high:g} can stand there"
        )
        yield of_crowd(crowd) or f"every level of {crowd.table.value} is possible"
    else:
        interval = f"({crowd.low:.2f} to {crowd.high:.2f})"
        yield f"{crowd.per_m2:.2f} persons/m² {interval}; {_held(crowd.coverage)}"
        yield of_crowd(crowd)
        hidden = (
            f"up to {crowd.missed_max:.0%} of the people may be hidden, which widens the interval upwards"
        )
        yield f"{floor}; {hidden}"
    if crowd.basis is not None and crowd.map is not None:
        people, error, age_s = crowd.map.people, crowd.map.error, crowd.map.age_s
        yield f"{BASES[crowd.basis]} ({people:.0f} people ± {error:.0%}, {lasting(age_s)} old)"
    if crowd.at_least and crowd.basis is not None:
        yield f"{crowd.per_m2:.2f} persons/m² by it is a guess: nobody measured how far that model is off"


def _flow(flow: FlowData) -> Iterator[str]:
    told, least, most = figures(flow.per_min_m, flow.low, flow.high)
    yield f"{told} persons/min/m ({least} to {most}); {_held(flow.coverage)}"
    yield of_flow(flow)
    yield (
        f"over {give_or_take(flow.width_m, flow.width_sd_m)} m of line; up to {flow.missed_max:.0%} of the "
        "people may be missed, which widens the interval upwards"
    )


def _held(coverage: float) -> str:
    return f"such an interval holds the truth {coverage:.0%} of the time"


def _named(branch: Tree, data: EventData) -> None:
    """Who takes part, by names that mean nothing elsewhere."""
    times = Counter(seen.track for seen in data.objects)
    latest = {seen.track: seen for seen in reversed(data.objects)}
    named = [track for track, _ in zip(times, range(MOST_NAMED), strict=False)]
    for track in named:
        branch.add(_who(latest[track], times[track]))
    more = data.count - sum(times[track] for track in named)
    if more > 0:
        branch.add(Text(f"and {more if data.flow is None else crossings(more)} more", style="dim"))


def _who(seen: SeenObject, times: int) -> Text:
    box = "" if seen.box is None else "  box " + " ".join(f"{side:.2f}" for side in seen.box)
    often = f", {times} times" if times > 1 else ""
    return Text.assemble(f"{seen.score:4.0%}  {seen.label} {seen.track}{often}", (box, "dim"))


def _unknown(data: EventData) -> Iterator[str]:
    """What the message cannot say, and why."""
    if data.ground == "uncalibrated":
        yield ("its ground is not measured, or the camera was moved: nobody can say persons per square metre")
    if data.kind in DYNAMICS and data.dynamics is None:
        yield "too few people take part to say how it is now"
    if data.kind is Kind.STOPPED and data.halt is not None and data.halt.hidden:
        yield "something hides it now: it is taken to stand there still, for 20 s at most"
