"""The verb `evaluate`: a scorecard of clips against their exact truth."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from edge.config.load import load
from edge.config.spec import CameraSpec, NodeSpec
from edge.evaluate.compare import Verdict, compare
from edge.evaluate.record import RunRecord
from edge.evaluate.score import score
from edge.evaluate.scorecard import Scorecard
from edge.run.choose import camera_for
from edge.run.evaluated import clips_in, recorded, truth_of
from edge.run.from_truth import node_for
from edge.run.wiring import watching
from edge.values.errors import ConfigError
from edge.values.moment import NS_PER_S
from edge.values.truth import Truth

START_NS = 1_767_268_800 * NS_PER_S  # 2026-01-01T12:00:00Z
_STYLES = {Verdict.BETTER: "green", Verdict.WORSE: "bold red"}


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line; None where nothing was said."""

    where: Path
    config: Path | None
    model: str
    gated: bool
    save: Path | None
    against: Path | None
    as_json: bool


def evaluate(request: Request) -> None:
    """Score every clip, print the table, and keep it where asked.

    Raises:
        SafecityError: configuration, model, clip or truth are not as they should be.
    """
    before = None if request.against is None else _saved(request.against)
    card = score(_runs(request))
    if request.save is not None:
        _write(request.save, card)
    if request.as_json:
        print(json.dumps(card.to_json()))
    elif before is None:
        _print_table(card)
    else:
        _print_comparison(before, card)


def _runs(request: Request) -> Iterator[tuple[Truth, RunRecord]]:
    clips = clips_in(request.where)
    with Progress(
        TextColumn("{task.description:12}"),
        BarColumn(),
        TextColumn("{task.completed:.0f} of {task.total:.0f} s"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as progress:
        for clip in clips:
            truth = _truth(truth_of(clip))
            task = progress.add_task(clip.stem, total=len(truth.frames) / truth.fps)
            yield truth, _run(clip, truth, request, progress, task)


def _run(clip: Path, truth: Truth, request: Request, progress: Progress, task: TaskID) -> RunRecord:
    node, camera = _asked(clip, truth, request)
    replay = watching.replay_of(node, camera, clip, START_NS)
    return recorded(replay, camera, START_NS, lambda second: progress.update(task, completed=second))


def _asked(clip: Path, truth: Truth, request: Request) -> tuple[NodeSpec, CameraSpec]:
    if request.config is None:
        node = node_for(truth, request.model, request.gated)
        return node, node.cameras[0]
    node = load(request.config)
    return node, camera_for(node, clip, None)


def _truth(path: Path) -> Truth:
    try:
        return Truth.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as failure:
        raise ConfigError(f"{path}: wanted the truth of a clip: {failure}") from failure


def _saved(path: Path) -> Scorecard:
    try:
        return Scorecard.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as failure:
        raise ConfigError(f"--compare: {path}: wanted a saved scorecard: {failure}") from failure


def _write(path: Path, card: Scorecard) -> None:
    try:
        path.write_text(json.dumps(card.to_json(), indent=2) + "\n", encoding="utf-8")
    except OSError as failure:
        raise ConfigError(f"--save: {path} cannot be written: {failure.strerror}") from failure


def _print_table(card: Scorecard) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(card.header()):
        table.add_column(name, justify="right" if index else "left", no_wrap=True)
    for row in card.rows():
        table.add_row(*row)
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(table)
    console.print(card.caption(), style="dim")


def _print_comparison(before: Scorecard, after: Scorecard) -> None:
    try:
        changes = compare(before, after)
    except ValueError as failure:
        raise ConfigError(f"--compare: {failure}") from failure
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(("", "before", "after", "change", "")):
        table.add_column(name, justify="right" if 0 < index < 4 else "left", no_wrap=True)
    for change in changes:
        verdict = Text(str(change.verdict), style=_STYLES.get(change.verdict, "dim"))
        table.add_row(change.measure, change.before, change.after, change.change, verdict)
    Console().print(table)
