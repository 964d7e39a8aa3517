"""The verb `rules explain`: why a rule fired, as a tree in plain words: one over several sources, or one
about a thing that was left or taken, or about something hot.

Law: it tells what the event says, beside how the rule is written; where the rule was changed since, it says
so and tells the bare clauses.
"""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from rich.text import Text
from rich.tree import Tree

from edge.config.fusion import FusionNode, load
from edge.config.fusion_clause import Clause
from edge.config.fusion_words import UNITS, measure_of, worded
from edge.fusion.spec import Path as Way
from edge.messages.event import EventMessage
from edge.messages.fused import FusedClause, FusedData, FusedFact, FusedMessage
from edge.messages.parse import ANY_MESSAGE
from edge.messages.words import ENDS, lasting
from edge.rules.spec import HEAT, THINGS
from edge.run.explain_spot import of_spot
from edge.run.explain_thing import of_thing
from edge.run.verb_rules import paper
from edge.run.wiring import fusing
from edge.values.errors import ConfigError, MessageError
from edge.values.event import Phase

Told = TypeVar("Told", FusedMessage, EventMessage)
MARKS = {"true": ("✓", "green"), "false": ("✗", "red"), "unknown": ("?", "yellow")}


def explain(event: str, config: Path | None, revision: int | None) -> None:
    """Tell why.

    Raises:
        ConfigError: the configuration is wrong or missing, or there is no such event.
        MessageError: the file holds no message of an event that can be explained.
        StorageError: the fusion's memory cannot be read.
    """
    written = _written(event)
    if written and all(isinstance(message, EventMessage) for message in written):
        things = [each for each in written if isinstance(each, EventMessage)]
        data = _chosen(things, revision).data
        paper().print(of_spot(data) if data.kind in HEAT else of_thing(data))
        return
    if config is None:
        raise ConfigError("--config: wanted the fusion's configuration, in which the rule stands")
    node = load(config)
    messages = written or [_parsed(body) for body in _remembered(event, node)]
    fused = [each for each in messages if isinstance(each, FusedMessage)]
    paper().print(_tree(_chosen(fused, revision).data, node))


def _written(event: str) -> list[FusedMessage | EventMessage]:
    """The messages of a file or of standard input; none where an id is meant."""
    if event != "-" and not Path(event).is_file():
        return []
    text = sys.stdin.read() if event == "-" else Path(event).read_text(encoding="utf-8")
    return [_parsed(line.encode()) for line in text.splitlines() if line.strip()]


def _remembered(event: str, node: FusionNode) -> list[bytes]:
    """What the fusion remembers of an event."""
    bodies = fusing.told(node, event)
    if not bodies:
        raise ConfigError(f"{event}: no file, and no event that {node.data_dir} remembers")
    return bodies


def _chosen(messages: list[Told], revision: int | None) -> Told:
    """The message that is asked for: the last that tells a reason, unless a revision is given."""
    if revision is not None:
        messages = [each for each in messages if each.data.revision == revision]
    if not messages:
        raise ConfigError(f"--revision: there is no message {revision} of this event")
    lasting_ones = [each for each in messages if each.data.phase is not Phase.END]
    return (lasting_ones or messages)[-1]


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


def _parsed(line: bytes) -> FusedMessage | EventMessage:
    """A message as it was sent, or as it was before its outbox numbered it."""
    try:
        body = json.loads(line)
        numbers = {"boot": "0", "sequence": "0" * 20}
        message = ANY_MESSAGE.validate_json(json.dumps({**numbers, **body}))
    except ValueError:
        message = None
    about_thing = isinstance(message, EventMessage) and message.data.kind in THINGS | HEAT
    if not isinstance(message, FusedMessage) and not about_thing:
        raise MessageError(
            "wanted messages of a fused event, or of one about a thing that was left or taken, or about "
            "something hot, one in a line, got something else"
        )
    assert isinstance(message, FusedMessage | EventMessage)
    return message
