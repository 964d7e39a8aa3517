"""The verb `footage redact`: a copy of a clip in which people and vehicles are filled."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.privacy.trails import Hold
from edge.run.bare import bare_node
from edge.run.choose import camera_for
from edge.run.redact import Tell
from edge.run.redacted_film import Masks, Summary, write_redacted
from edge.run.wiring import redacting
from edge.values.errors import ConfigError

READINGS = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line.

    Attributes:
        clip: what is redacted.
        out: the video that is written.
        config: names the model, and the masks of `camera`; None for `model` and no masks.
        camera: id in the configuration; None for the one that the clip stands for.
        model: name or path, where there is no configuration.
        fps: pictures per second that the detector looks at.
        as_json: for scripts.
    """

    clip: Path
    out: Path
    config: Path | None
    camera: str | None
    model: str
    fps: float
    as_json: bool


def redact(request: Request) -> None:
    """Write the redacted copy, and tell how much of the clip it still shows.

    Raises:
        SafecityError: configuration, model or clip are not as they should be, or the copy cannot be written.
    """
    if request.out.exists():
        raise ConfigError(f"--out: {request.out} is there already; nothing is overwritten")
    node, masks = _asked(request)
    reading = redacting.reading_of(node, request.clip, request.fps, Hold())
    half = request.out.with_name(f".{request.out.stem}.part{request.out.suffix}")
    try:
        with _progress(request.clip) as tell:
            summary = write_redacted(half, reading, masks, tell)
        half.replace(request.out)
    finally:
        half.unlink(missing_ok=True)
    _tell(request, summary)


def _asked(request: Request) -> tuple[NodeSpec, Masks]:
    """The box whose model looks, and the masks of the camera that the clip stands for."""
    if not request.clip.is_file():
        raise ConfigError(f"{request.clip}: there is no such clip")
    if request.config is None:
        return bare_node(request.model), ()
    node = load(request.config)
    return node, camera_for(node, request.clip, request.camera).masks


@contextmanager
def _progress(clip: Path) -> Iterator[Tell]:
    """A bar on a terminal, over all readings of the clip."""
    total = READINGS * (redacting.clip_seconds(clip) or 0.0)
    with Progress(
        TextColumn("redact"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as progress:
        task = progress.add_task("redact", total=total)
        done = before = 0.0

        def tell(at_s: float) -> None:
            nonlocal done, before
            if at_s < before:
                done += before
            before = at_s
            progress.update(task, completed=done + at_s)

        yield tell


def _tell(request: Request, summary: Summary) -> None:
    if request.as_json:
        print(json.dumps(asdict(summary)))
        return
    print(
        f"{request.out}: {summary.pictures} pictures, {summary.clip_s:.1f} s; {summary.followed} objects "
        f"followed; {summary.filled:.0%} of the area is filled, {summary.blank} pictures whole"
    )
