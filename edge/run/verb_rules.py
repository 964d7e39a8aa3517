"""The verbs `rules check` and `rules replay`: what rules over several sources ask, and would say."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.text import Text
from rich.tree import Tree

from edge.config.fusion import FusionNode, load
from edge.config.fusion_words import worded
from edge.fusion.fusion import Fusion
from edge.fusion.lanes import LATENESS_NS, lanes, urgent_sources
from edge.fusion.spec import FusionRule, sources_of
from edge.messages.words import counted
from edge.privacy.fusion_reports import fused
from edge.privacy.spec import Origin
from edge.run.fuse_facts import told_by
from edge.run.paper import paper
from edge.values.errors import ConfigError

NS_PER_S = 1_000_000_000
MOST_NAMES = 6


def check(config: Path, as_json: bool) -> None:
    """Tell what the rules ask, of which sources, and where.

    Raises:
        ConfigError: the file is wrong, or a rule can never hold or always holds.
    """
    node = load(config)
    if as_json:
        for rule in node.spec.rules:
            print(json.dumps(_asked(node, rule), ensure_ascii=False))
        return
    console = paper()
    for rule in node.spec.rules:
        console.print(_tree(node, rule))
        for note in _notes(node, rule):
            console.print(Text(f"    {note}", style="dim"))
        console.print()
    spots = sum(len(rule.spots) for rule in node.spec.rules)
    console.print(
        f"{counted(len(node.spec.rules), ['rule'])} at {counted(spots, ['spot'])} over "
        f"{counted(len(node.spec.sources), ['source'])}; an event "
        f"comes {node.lateness_ns / NS_PER_S:g} s after its time."
    )


def replay(config: Path, messages: Path) -> None:
    """Judge recorded messages, and print the fused ones, one in a line.

    Raises:
        ConfigError: a file is wrong or cannot be read.
        MessageError: a line is no message.
    """
    node = load(config)
    try:
        lines = messages.read_bytes().splitlines()
    except OSError as failure:
        raise ConfigError(f"{messages}: cannot be read: {failure.strerror}") from failure
    facts = [fact for line in lines if line.strip() and (fact := told_by(line, node.sensors)) is not None]
    if not facts:
        raise ConfigError(f"{messages}: holds nothing about a source of {config}")
    fusion = Fusion(node.spec)
    times = sorted(fact.utc_ns for fact in facts)
    fusion.judge(times[0] - 1)
    for fact in facts:
        fusion.hear(fact, times[-1])
    origin = Origin(node.region, node.name)
    for event in fusion.judge(times[-1]):
        print(fused(origin, event).body.decode())


def _tree(node: FusionNode, rule: FusionRule) -> Tree:
    """The rule as it was written, in words."""
    clauses = node.ruled[rule.id].clauses
    root = Tree(f"[bold]{rule.id}[/bold], {rule.severity.word}: {worded(clauses[()])}")
    branches: dict[tuple[int, ...], Tree] = {(): root}
    for path in sorted(path for path in clauses if path):
        branches[path] = branches[path[:-1]].add(Text(worded(clauses[path])))
    return root


def _notes(node: FusionNode, rule: FusionRule) -> Iterator[str]:
    ruled = node.ruled[rule.id]
    asked = sorted({source for _, expression in rule.spots for source in sources_of(expression)})
    yield f"asks {_listed(asked)}"
    if rule in lanes(node.spec)[1].rules:
        yield _urgent(node)
    elif urgent := sorted(urgent_sources(node.spec).intersection(asked)):
        yield (
            f"asks {_listed(urgent)} among others, for which it waits like any rule: where these alone are "
            "enough, a rule of their own tells it sooner"
        )
    if rule.spots[0][0]:
        yield f"around {_listed([around for around, _ in rule.spots])}"
    if ruled.lonely:
        yield f"never around {_listed(ruled.lonely)}: what it needs is not near"


def _urgent(node: FusionNode) -> str:
    if node.ears is None:
        return (
            "asks urgent sensors alone, but hears them with all others, whose flood holds it up: see `ears`"
        )
    late_s = min(node.lateness_ns, LATENESS_NS) / NS_PER_S
    return f"asks urgent sensors alone: comes {late_s:g} s after its time, whatever the others do"


def _asked(node: FusionNode, rule: FusionRule) -> dict[str, object]:
    ruled = node.ruled[rule.id]
    return {
        "rule": rule.id,
        "severity": rule.severity.word,
        "sha256": rule.sha256,
        "clauses": len(ruled.clauses),
        "sources": sorted({source for _, expression in rule.spots for source in sources_of(expression)}),
        "around": [around for around, _ in rule.spots if around],
        "lonely": list(ruled.lonely),
    }


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return shown + (f" and {more} more" if more > 0 else "")
