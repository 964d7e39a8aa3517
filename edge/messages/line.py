"""One message as one line for people: time, node, camera, phase, severity, what happened.

Law: the same words whoever prints them; colour is the printer's, so a line is handed over in parts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, tzinfo

from edge.messages import node_words
from edge.messages.answer import AnswerMessage
from edge.messages.audit import AuditMessage
from edge.messages.background import BackgroundMessage
from edge.messages.camera import CameraData, CameraMessage
from edge.messages.crowd_words import crowd_as_a_whole, heat_map, measured
from edge.messages.event import EventData, EventMessage
from edge.messages.event_crowd import CrowdData, FlowData
from edge.messages.footage import AlarmMessage, FootageMessage
from edge.messages.fused import FusedData, FusedMessage, FusionData, FusionMessage
from edge.messages.heat import HeatMessage
from edge.messages.hot_words import spot_words, what_is_hot
from edge.messages.node import GapMessage, StatusMessage
from edge.messages.pace_words import halt_words, how_it_moves, speed_words
from edge.messages.parse import Message
from edge.messages.thing_words import thing_words, what_happened
from edge.messages.words import ENDS, REASONS, counted, figures, lasting, plural
from edge.rules.spec import DYNAMICS, HEAT, MOVERS, THINGS
from edge.values.camera_state import CameraState, Reason
from edge.values.command import Doubt
from edge.values.crowd import LEVELS, Basis
from edge.values.event import EndCause, Kind, Phase


@dataclass(frozen=True, slots=True)
class Line:
    """The parts of a line.

    Attributes:
        time: hh:mm:ss in the reader's time zone, or blanks for a last will, which knows no time.
        node: node that speaks.
        camera: camera that it is about, or "".
        word: START, UPDATE, END, ONCE (no duration), GAP, STOPPED, or the state of a camera or node.
        severity: severity of an event, or "".
        what: what happened, in words.
    """

    time: str
    node: str
    camera: str
    word: str
    severity: str
    what: str

    def __str__(self) -> str:
        return (
            f"{self.time:8}  {self.node:12}  {self.camera:10}  {self.word:10}  {self.severity:8}  {self.what}"
        )


def readable(message: Message, zone: tzinfo = UTC) -> Line:
    """The message as one line; times are told in `zone`."""
    time, node = node_words.clock(message.time, zone), message.data.node
    match message:
        case EventMessage(data=event):
            word = "once" if event.cause is EndCause.INSTANT else event.phase.value
            return Line(time, node, event.camera, word.upper(), event.severity, _event(event))
        case CameraMessage(data=seen):
            return Line(time, node, seen.camera, _state(seen), "", _camera(seen, zone))
        case GapMessage(data=lost):
            return Line(time, node, "", "GAP", "", node_words.gap(lost, zone))
        case AuditMessage() | AnswerMessage() | StatusMessage():
            return _of_node(message, time, zone)
        case FootageMessage() | AlarmMessage() | HeatMessage() | BackgroundMessage():
            return _of_others(message, time, zone)
        case FusedMessage() | FusionMessage():
            return _of_fusion(message, time)


def _of_governance(message: AuditMessage | AnswerMessage, time: str) -> Line:
    node = message.data.node
    if isinstance(message, AuditMessage):
        return Line(time, node, "", "AUDIT", "", node_words.audit(message.data))
    said = message.data
    why = "" if said.reason is Doubt.NONE else f", {said.reason}"
    return Line(time, node, "", "ANSWER", "", f"{said.verb} by {said.signer}: {said.outcome}{why}")


def _event(data: EventData) -> str:
    return ", ".join(part for part in (happening(data), *_details(data)) if part)


def happening(data: EventData) -> str:
    """What happened and where, without its numbers: `3 people in "square"`."""
    who = counted(data.count, [seen.label for seen in data.objects]) if data.count else "none"
    if data.crowd is not None and data.crowd.basis in {Basis.MAP, Basis.BOTH}:
        who = f"about {data.crowd.per_m2 * data.crowd.area_m2:.0f} people"
    elif data.crowd is not None and data.crowd.at_least:
        who = f"at least {who}"
    place = f'"{data.place.id}"'
    if _is_over(data):
        assert data.cause is not None
        why, prep = ENDS[data.cause], "at" if data.kind.at_line else "in"
        return f"{data.kind.value} {prep} {place} over after {lasting(data.duration_s)}" + (
            why and f", {why}"
        )
    direction = f" {data.direction.value}" if data.direction else ""
    if data.kind in DYNAMICS:
        return crowd_as_a_whole(data)
    if data.kind in THINGS:
        return what_happened(data)
    if data.kind in MOVERS:
        return how_it_moves(data)
    if data.kind in HEAT:
        return what_is_hot(data)
    verbs = {
        Kind.ZONE_ENTRY: f"{who} entered {place}",
        Kind.ZONE_EXIT: f"{who} left {place}",
        Kind.LINE_CROSSING: f"{who} crossed {place}{direction}",
        Kind.DWELL: f"{who} staying in {place}",
        Kind.OCCUPANCY: f"{who} in {place}",
        Kind.DENSITY: f"{who} in {place}",
        Kind.FLOW: f"{crossings(data.count)} of {place}"
        + (f" in {data.flow.window_s:g} s" if data.flow else ""),
    }
    return verbs[data.kind]


def crossings(count: int) -> str:
    """How often a line was crossed; who goes to and fro counts each time."""
    return f"{count} {plural('crossing', count)}"


def _of_node(message: AuditMessage | AnswerMessage | StatusMessage, time: str, zone: tzinfo) -> Line:
    if not isinstance(message, StatusMessage):
        return _of_governance(message, time)
    told = message.data
    return Line(time, told.node, "", told.state.value.upper(), "", node_words.status(told, zone))


def _of_fusion(message: FusedMessage | FusionMessage, time: str) -> Line:
    if isinstance(message, FusionMessage):
        return Line(time, message.data.node, "", "FUSION", "", _fusion(message.data))
    data = message.data
    return Line(time, data.node, "", data.phase.value.upper(), data.severity, _fused(data))


def _fused(data: FusedData) -> str:
    what = f'rule "{data.rule}"' + (f" around {data.around}" if data.around else "")
    if data.cause is not None:
        why = ENDS[data.cause]
        return f"{what} over after {lasting(data.duration_s)}" + (why and f", {why}")
    sources = {fact.source for clause in data.reason for fact in clause.facts or ()}
    doubt = ", doubtful: too much is silent" if data.doubtful else ""
    return f"{what} fulfilled by {counted_sources(len(sources))}{doubt}"


def _fusion(data: FusionData) -> str:
    silent = len(data.silent) + data.more_silent
    blind = f", cannot judge {', '.join(data.blind)}" if data.blind else ""
    told = ", ".join(f"{each.source} ({each.why})" for each in data.distrusted or ())
    doubt = f", does not believe {told}" if told else ""
    return f"hears {data.sources - silent} of {counted_sources(data.sources)}{blind}{doubt}"


def counted_sources(count: int) -> str:
    """So many sources, in words."""
    return f"{count} source{'' if count == 1 else 's'}"


def _is_over(data: EventData) -> bool:
    """Whether it tells the end of something that lasted, which says how long by itself."""
    return data.phase is Phase.END and data.cause is not EndCause.INSTANT


def _details(data: EventData) -> Iterable[str]:
    if data.clearing:
        yield "clearing"
    if data.dwell_s is not None and not _is_over(data):
        yield f"for {lasting(data.dwell_s)}"
    if data.crowd is not None and not _is_over(data):
        yield _crowd(data.crowd)
    elif data.ground == "uncalibrated" and not _is_over(data):
        yield "no persons/m²: uncalibrated"
    if data.flow is not None and not _is_over(data):
        yield _flow(data.flow)
    if data.dynamics is not None and not _is_over(data):
        yield from measured(data.dynamics)
    if data.thing is not None:
        yield from thing_words(data.thing)
        yield f"{data.confidence:.0%} sure"
    if data.speed is not None:
        yield from speed_words(data.speed)
    if data.halt is not None:
        yield from halt_words(data.halt)
    if data.spot is not None:
        yield from spot_words(data.spot)
        yield f"{data.confidence:.0%} sure"
    if data.peak > data.count and data.kind not in THINGS | MOVERS | HEAT:
        yield f"peak {data.peak}"
    if data.objects:
        yield f"{data.confidence:.0%} sure"


def _crowd(crowd: CrowdData) -> str:
    """Such as `1.32 persons/m² (1.10 to 1.96), level E of fruin-walkway`."""
    if crowd.at_least:
        return f"at least {crowd.low:.2f} persons/m²{least_level(crowd)}: too dense to count here"
    interval = f"({crowd.low:.2f} to {crowd.high:.2f})"
    said = f"{crowd.per_m2:.2f} persons/m² {interval}, level {crowd.level} of {crowd.table.value}"
    by = {Basis.MAP: ", counted by a density map", Basis.BOTH: ", counted by boxes and a density map"}
    return said + (by.get(crowd.basis, "") if crowd.basis else "")


def least_level(crowd: CrowdData) -> str:
    """`, level C or higher`; "" for the lowest level, which any crowd has at least."""
    lowest = LEVELS[crowd.table][0][1]
    return "" if crowd.level == lowest else f", level {crowd.level} of {crowd.table.value} or higher"


def _flow(flow: FlowData) -> str:
    """Such as `34 persons/min/m (30 to 49), level C`."""
    told, least, most = figures(flow.per_min_m, flow.low, flow.high)
    return f"{told} persons/min/m ({least} to {most}), level {flow.level}"


def _state(data: CameraData) -> str:
    """The state as a word; a camera that nobody watches any more because that was asked is not dead."""
    return "STOPPED" if data.reason is Reason.WORKER_STOPPED else data.state.value.upper()


def _camera(data: CameraData, zone: tzinfo) -> str:
    if data.state is CameraState.OK:
        counts = data.counts
        looked = f"{counts.answered} {plural('picture', counts.answered)} analysed"
        return f"watching, {looked}, {counts.still} still, {counts.dropped} dropped"
    off = f"; off: {', '.join(data.rules_off)}" if data.rules_off else ""
    return f"{REASONS[data.reason]}, since {node_words.clock(data.since, zone)}{off}"


def _of_others(
    message: FootageMessage | AlarmMessage | HeatMessage | BackgroundMessage, time: str, zone: tzinfo
) -> Line:
    node = message.data.node
    if isinstance(message, BackgroundMessage):
        return Line(time, node, message.data.camera, "STREET", "", message.data.words)
    if isinstance(message, HeatMessage):
        return Line(time, node, message.data.camera, "HEAT", "", heat_map(message.data, zone))
    if isinstance(message, AlarmMessage):
        return Line(time, node, "", "ALARM", message.data.severity, node_words.alarm(message.data, zone))
    return Line(time, node, "", message.data.state.value.upper(), "", node_words.footage(message.data))
