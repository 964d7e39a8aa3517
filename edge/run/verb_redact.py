"""The verb `footage redact`: a copy of a clip in which people and vehicles are filled."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from edge import strictyaml
from edge.config.load import compiled, load
from edge.config.schema import Node
from edge.config.spec import NodeSpec
from edge.privacy.redaction import DARK, Redaction
from edge.privacy.trails import Hold
from edge.run.choose import camera_for
from edge.run.film import Film
from edge.run.redact import Reading, Tell, pictures, planned
from edge.run.wiring import redacting
from edge.scene.polygons import Point
from edge.values.errors import ConfigError
from edge.values.frame import Pixels

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


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of it.

    Attributes:
        pictures: of the clip.
        clip_s: time of the last of them, seconds.
        followed: objects that were followed, invented ones too.
        blank: pictures that are filled whole.
        filled: share of all the pictures' area that is filled.
    """

    pictures: int
    clip_s: float
    followed: int
    blank: int
    filled: float


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
            redaction = planned(reading, tell)
            filled, blank = _written(half, reading, redaction, masks, tell)
        half.replace(request.out)
    finally:
        half.unlink(missing_ok=True)
    last_s = redaction.times_s[-1]
    _tell(request, Summary(len(redaction), last_s, len(redaction.trails), blank, round(filled, 4)))


def bare_node(model: str) -> NodeSpec:
    """A box without places, for a clip that has no configuration.

    Raises:
        ConfigError: the model's name is none.
    """
    text = {
        "node": "redaction",
        "region": "redaction",
        "broker": "embedded",
        "detector": {"model": model},
        "cameras": [{"id": "clip", "source": "clip.mp4"}],
    }
    return compiled(strictyaml.parse(json.dumps(text), "--model", Node, ConfigError))


def _asked(request: Request) -> tuple[NodeSpec, tuple[tuple[Point, ...], ...]]:
    """The box whose model looks, and the masks of the camera that the clip stands for."""
    if not request.clip.is_file():
        raise ConfigError(f"{request.clip}: there is no such clip")
    if request.config is None:
        return bare_node(request.model), ()
    node = load(request.config)
    return node, camera_for(node, request.clip, request.camera).masks


def _written(
    path: Path, reading: Reading, redaction: Redaction, masks: tuple[tuple[Point, ...], ...], tell: Tell
) -> tuple[float, int]:
    """Write the video; the share of it that is filled, and how many pictures are filled whole."""
    filled, blank = 0.0, 0
    rate = (len(redaction) - 1) / redaction.times_s[-1] if redaction.times_s[-1] > 0 else reading.fps
    with Film(path, rate) as film:
        for shown in pictures(reading, redaction, tell):
            film.add(_masked(shown.pixels, masks), shown.at_s)
            filled += float(shown.region.covers(redaction.analysed).mean())
            blank += shown.region.whole
    return filled / len(redaction), blank


def _masked(pixels: Pixels, masks: tuple[tuple[Point, ...], ...]) -> Pixels:
    """The picture with the places filled at which nobody may look."""
    size = np.array(pixels.shape[1::-1])
    for mask in masks:
        cv2.fillPoly(pixels, [np.round(np.array(mask) * size).astype(np.int32)], (DARK, DARK, DARK))
    return pixels


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
