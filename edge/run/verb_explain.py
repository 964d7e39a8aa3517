"""The verb `rules explain`: why a rule fired, as a tree in plain words: a box's, or one over several sources.

Law: it tells what the event says, beside how the rule is written; where the configuration was changed since,
it says so.
"""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TypeVar

from rich.text import Text
from rich.tree import Tree

from edge.config import load as box
from edge.config.fusion import FusionNode, load
from edge.config.fusion_clause import Clause
from edge.config.fusion_words import UNITS, measure_of, worded
from edge.config.spec import NodeSpec
from edge.fusion.spec import Path as Way
from edge.messages.event import EventData, EventMessage
from edge.messages.fused import FusedClause, FusedData, FusedFact, FusedMessage
from edge.messages.parse import ANY_MESSAGE, Message
from edge.messages.words import ENDS, lasting
from edge.rules.spec import HEAT, THINGS
from edge.run.explain_event import of_event
from edge.run.explain_spot import of_spot
from edge.run.explain_thing import of_thing
from edge.run.paper import paper
from edge.run.rule_words import asked
from edge.run.wiring import fusing
from edge.values.errors import ConfigError, MessageError
from edge.values.event import Phase

Told = TypeVar("Told", bound=FusedMessage | EventMessage)
MARKS = {"true": ("✓", "green"), "false": ("✗", "red"), "unknown": ("?", "yellow")}


def explain(event: str, config: Path | None, revision: int | None) -> None:
    """Tell why.

    Raises:
        ConfigError: the configuration is wrong or missing, or there is no such event.
        MessageError: the file holds something else than messages, or no event among them.
        StorageError: the fusion's memory cannot be read.
    """
    written = _written(event)
    of_boxes = [each for each in written if isinstance(each, EventMessage)]
    if of_boxes:
        _of_boxes(of_boxes, None if config is None else box.load(config), revision)
    fused = [each for each in written if isinstance(each, FusedMessage)]
    if of_boxes and not fused:
        return
    if config is None:
        raise ConfigError("--config: wanted the fusion's configuration, in which the rule stands")
    node = load(config)
    remembered = [] if written else [_parsed(body) for body in _remembered(event, node)]
    fused += [each for each in remembered if isinstance(each, FusedMessage)]
    for messages in _by_event(fused, revision):
        paper().print(_tree(_chosen(messages).data, node))


def _of_boxes(written: list[EventMessage], node: NodeSpec | None, revision: int | None) -> None:
    """Tell of each event of a box, and what its rule asks where the box's configuration is given."""
    zone = UTC if node is None else node.timezone
    for messages in _by_event(written, revision):
        data = _chosen(messages).data
        tree = _box_tree(data, zone)
        if node is not None:
            _ask(tree, data, node)
        paper().print(tree)


def _box_tree(data: EventData, zone: tzinfo) -> Tree:
    if data.kind in HEAT and data.spot is not None:
        return of_spot(data, data.spot, zone)
    if data.kind in THINGS and data.thing is not None:
        return of_thing(data, data.thing, zone)
    return of_event(data, zone)


def _ask(tree: Tree, data: EventData, node: NodeSpec) -> None:
    """Add what the rule asks."""
    cameras = [camera for camera in node.cameras if camera.id == data.camera]
    rule = next((rule for camera in cameras for rule in camera.rules if rule.id == data.rule), None)
    if rule is None:
        tree.add(Text(f"this configuration has no rule {data.rule} for {data.camera}", style="yellow"))
        return
    same = node.sha256 == data.config_sha256
    branch = tree.add(
        Text(
            "the rule asks"
            if same
            else "the rule asks, in a configuration that differs from the one it was told under",
            style="" if same else "yellow",
        )
    )
    for words in asked(rule):
        branch.add(Text(words))


def _written(event: str) -> list[FusedMessage | EventMessage]:
    """The events of a file or of standard input, which may hold other messages; none where an id is meant."""
    if event != "-" and not Path(event).is_file():
        return []
    text = sys.stdin.read() if event == "-" else Path(event).read_text(encoding="utf-8")
    messages = [_parsed(line.encode()) for line in text.splitlines() if line.strip()]
    events = [each for each in messages if isinstance(each, FusedMessage | EventMessage)]
    if not events:
        raise MessageError(f"{event}: wanted messages of events, one in a line, got none")
    return events


def _remembered(event: str, node: FusionNode) -> list[bytes]:
    """What the fusion remembers of an event."""
    bodies = fusing.told(node, event)
    if not bodies:
        raise ConfigError(f"{event}: no file, and no event that {node.data_dir} remembers")
    return bodies


def _by_event(messages: list[Told], revision: int | None) -> list[list[Told]]:
    """The messages of each event, in the order in which events came; only one revision, where it is given."""
    events: dict[str, list[Told]] = {}
    for each in messages:
        if revision in {None, each.data.revision}:
            events.setdefault(each.data.event_id, []).append(each)
    if not events:
        raise ConfigError(f"--revision: there is no message {revision} of this event")
    return list(events.values())


def _chosen(messages: list[Told]) -> Told:
    """The message that explains an event best: the last that tells a reason, and not that it fades."""
    going_on = [each for each in messages if each.data.phase is not Phase.END]
    holding = [each for each in going_on if not (isinstance(each, EventMessage) and each.data.clearing)]
    return (holding or going_on or messages)[-1]


def _tree(data: FusedData, node: FusionNode) -> Tree:
    ruled = node.ruled.get(data.rule)
    known = next((rule for rule in node.spec.rules if rule.id == data.rule), None)
    changed = known is None or known.sha256 != data.rule_sha256
    clauses = {} if ruled is None or changed else ruled.clauses
    root = Tree(Text("\n".join(_heads(data, node, changed))))
    branches: dict[Way, Tree] = {}
    for told in data.reason:
        way = tuple(int(step) for step in told.clause.split(".")[1:])
        branches[way] = _above(branches, way, root).add(_clause(told, clauses, way))
        for fact in told.facts or ():
            branches[way].add(_fact(fact, clauses.get(way), node))
        if told.more:
            branches[way].add(Text(f"and {told.more} more", style="dim"))
        for source in told.silent or ():
            branches[way].add(Text(f"nothing is known of {source}", style="yellow"))
    return root


def _above(branches: Mapping[Way, Tree], way: Way, root: Tree) -> Tree:
    """The nearest clause around this one."""
    shorter = (way[:length] for length in range(len(way) - 1, -1, -1))
    return next((branches[each] for each in shorter if each in branches), root)


def _heads(data: FusedData, node: FusionNode, changed: bool) -> list[str]:
    around = f" around {data.around}" if data.around else ""
    lines = [
        f"{data.rule}, {data.severity}{around}: {_state(data)}",
        f"event {data.event_id}, message {data.revision}",
        f"since {_clock(data.started, node)}, judged {_clock(data.utc, node)}",
    ]
    if changed:
        lines.append("the rule was changed since, or is not in this configuration: its clauses have no words")
    return lines


def _state(data: FusedData) -> str:
    if data.cause is not None:
        why = ENDS[data.cause]
        return f"over after {lasting(data.duration_s)}" + (why and f", {why}")
    return "it is unknown whether it goes on" if data.doubtful else "fulfilled"


def _clause(told: FusedClause, clauses: Mapping[Way, Clause], way: Way) -> Text:
    mark, colour = MARKS[told.truth]
    words = worded(clauses[way]) if way in clauses else told.clause
    return Text.assemble((mark, colour), f" {words}")


def _fact(fact: FusedFact, clause: Clause | None, node: FusionNode) -> Text:
    said = f" says {fact.says}" if fact.says else ""
    if fact.value is not None:
        unit = f" {UNITS[measure_of(clause)]}" if clause is not None else ""
        said = f" measures {fact.value:g}{unit}"
    words = f"{_clock(fact.utc, node)}  {fact.source}{said}"
    return Text.assemble(words, (f"  ({fact.id})", "dim"))


def _clock(utc: str, node: FusionNode) -> str:
    return f"{datetime.fromisoformat(utc).astimezone(node.timezone):%Y-%m-%d %H:%M:%S.%f}"[:-3]


def _parsed(line: bytes) -> Message:
    """A message as it was sent, or as it was before its outbox numbered it."""
    try:
        body = json.loads(line)
        numbers = {"boot": "0", "sequence": "0" * 20}
        return ANY_MESSAGE.validate_json(json.dumps({**numbers, **body}))
    except (ValueError, TypeError) as wrong:
        raise MessageError("wanted messages as boxes send them, one in a line, got something else") from wrong
