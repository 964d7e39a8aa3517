"""Wiring of what a measured place looks like: kept when it is first known well, and known after a restart."""

import logging
from collections.abc import Callable
from pathlib import Path

from edge.adapters.landmark_file import LandmarkFile
from edge.ground.plane import Ground
from edge.values.errors import ConfigError, StorageError
from edge.view.watch import ViewWatch

log = logging.getLogger("watch")

Keep = Callable[[ViewWatch], None]


def view_of(
    data_dir: Path, camera: str, ground: Ground | None, unplaced: ViewWatch | None = None
) -> tuple[ViewWatch, Keep]:
    """The watch over a camera's view, and what keeps the look of its place.

    Where the ground is not measured, that is `unplaced`, and nothing is kept; else one with its spec.
    """
    unplaced = unplaced or ViewWatch()
    if ground is None:
        return unplaced, lambda _: None
    file = LandmarkFile(data_dir, camera, ground)
    anchor = file.load()
    return ViewWatch(unplaced.spec, anchor), _Keeper(file, kept=anchor is not None)


def known_view(data_dir: Path, camera: str, ground: Ground | None, unplaced: ViewWatch) -> ViewWatch:
    """A watch like `unplaced` that knows the place as the box has kept it, and keeps nothing itself.

    Raises:
        ConfigError: the ground is not measured, or nothing is kept of its place.
    """
    if ground is None:
        raise ConfigError(
            f"camera {camera}: its ground is not measured, so the look of its place is not kept"
        )
    file = LandmarkFile(data_dir, camera, ground)
    anchor = file.load()
    if anchor is None:
        raise ConfigError(
            f"camera {camera}: no look of its place is kept, wanted {file.path}: a box writes it some "
            "minutes after its ground was measured"
        )
    return ViewWatch(unplaced.spec, anchor)


class _Keeper:
    """Keeps the landmarks once, and says so once where that fails."""

    def __init__(self, file: LandmarkFile, *, kept: bool) -> None:
        self._file, self._done = file, kept

    def __call__(self, view: ViewWatch) -> None:
        memory = None if self._done else view.memory
        if memory is None or not view.placed:
            return
        self._done = True
        view.remember(memory)
        try:
            self._file.keep(memory)
        except StorageError as failure:
            log.warning("%s; a camera that is turned while this box is off will not be noticed", failure)
