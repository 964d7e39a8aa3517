"""The verb `samples`: make clips with exact truth from scene files."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from edge.samples.clip import make
from edge.values.errors import ConfigError


def make_all(scenes: Sequence[Path], out: Path, seed: int | None) -> None:
    """Render each scene to a clip and its truth.

    Raises:
        ConfigError: there is no scene, or one is wrong.
    """
    files = [file for scene in scenes for file in _files(scene)]
    if not files:
        raise ConfigError(f"wanted scene files, got none in {', '.join(map(str, scenes))}")
    with Progress(
        TextColumn("{task.description:12}"),
        BarColumn(),
        TextColumn("{task.completed:.0f} of {task.total:.0f} pictures"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    ) as progress:
        for file in files:
            tell = partial(_tell, progress, progress.add_task(file.stem, total=None))
            clip, truth = make(file, out, seed, tell)
            print(f"{clip}  {clip.stat().st_size >> 10} KiB, truth in {truth.name}")


def _tell(progress: Progress, task: TaskID, done: int, total: int) -> None:
    progress.update(task, completed=done, total=total)


def _files(scene: Path) -> list[Path]:
    return sorted(scene.glob("*.yaml")) if scene.is_dir() else [scene]
