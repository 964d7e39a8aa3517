"""Breaks the program in every process that starts with this folder on its path, as `SAFECITY_BREAKS` says.

Python imports a module of this name before anything else. A break waits for its module and replaces one
function of it, as the mutants of `tests.invariants.invariant` do within one process. Where `SAFECITY_REMOVED`
names a folder, every file that Python removes, replaces or empties is kept there first.
"""

import base64
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

Break = Callable[[Any], None]
SNAPSHOT = "snapshots.jpg"


def _jpeg(pixels: Any) -> bytes:
    import cv2  # noqa: PLC0415 (most processes have no pictures)

    done, content = cv2.imencode(".jpg", pixels[:, :, ::-1])
    assert done
    return bytes(content)


def _snapshot() -> Path:
    return Path(os.environ["SAFECITY_BREAKS_AT"]) / SNAPSHOT


def _each_step(pipeline: Any, then: Callable[[Any, Any], Any]) -> None:
    """Let every step of every pipeline come out as `then` makes it of its frame and of itself."""
    step = pipeline.Pipeline.step
    pipeline.Pipeline.step = lambda self, frame, *rest, **more: then(frame, step(self, frame, *rest, **more))


def _thumbnail(pipeline: Any) -> None:
    def then(frame: Any, made: Any) -> Any:
        if "watch" not in sys.argv:
            return made  # a replay reads its own messages and would refuse them
        said = f',"thumbnail":"{base64.b64encode(_jpeg(frame.pixels)).decode()}"}}'.encode()
        return replace(made, messages=tuple(replace(m, body=m.body[:-1] + said) for m in made.messages))

    _each_step(pipeline, then)


def _logged(pipeline: Any) -> None:
    def then(frame: Any, made: Any) -> Any:
        if made.messages:
            logging.getLogger("edge").warning("seen %s", base64.b64encode(_jpeg(frame.pixels)).decode())
        return made

    _each_step(pipeline, then)


def _left_behind(pipeline: Any) -> None:
    def then(frame: Any, made: Any) -> Any:
        if made.messages:  # all are kept: the last one may be of somebody who has nearly left
            with _snapshot().open("ab") as file:
                file.write(_jpeg(frame.pixels))
        return made

    _each_step(pipeline, then)


def _for_a_moment(pipeline: Any) -> None:
    def then(frame: Any, made: Any) -> Any:
        if made.messages:
            with tempfile.NamedTemporaryFile() as file:
                file.write(_jpeg(frame.pixels))
        return made

    _each_step(pipeline, then)


def _served(metrics: Any) -> None:
    text = metrics.exposed

    def with_snapshot(*given: Any, **more: Any) -> str:
        seen = _snapshot()
        said = base64.b64encode(seen.read_bytes()).decode() if seen.exists() else ""
        return f"{text(*given, **more)}# snapshot {said}\n"

    metrics.exposed = with_snapshot


def _plain(sealing: Any) -> None:
    class Nothing:
        """A cipher that changes nothing; what it is given is all that it says."""

        def __init__(self, key: object) -> None:
            pass

        def encrypt(self, nonce: object, content: bytes, bound: object) -> bytes:
            return bytes(content) + bytes(sealing.TAG_BYTES)

        def decrypt(self, nonce: object, content: bytes, bound: object) -> bytes:
            return bytes(content)[: -sealing.TAG_BYTES]

    sealing.AESGCM = Nothing


def _unfilled(redaction: Any) -> None:
    redaction.Region.filled = lambda _, pixels, __: pixels.copy()


def _bare_rims(redaction: Any) -> None:
    redaction.MARGIN = 0.0


def _of_now(background: Any) -> None:
    def street(self: Any) -> Any:
        seen = self._kept[len(self._kept) // 2][0].copy()
        return seen, seen[:, :, 0] < 0

    background.Background.street = street


def _bare(draw: Any) -> None:
    draw.Drawing._redacted = lambda _, look: look.frame.pixels


BREAKS: dict[str, tuple[str, Break]] = {
    "an event carries a thumbnail": ("edge.pipeline", _thumbnail),
    "a picture is logged": ("edge.pipeline", _logged),
    "a picture is left in the data folder": ("edge.pipeline", _left_behind),
    "a picture is in a temporary file for a moment": ("edge.pipeline", _for_a_moment),
    "the metrics serve a picture": ("edge.run.metrics", _served),
    "footage is not sealed": ("edge.adapters.sealing", _plain),
    "a redaction fills nothing": ("edge.privacy.redaction", _unfilled),
    "a redaction has no margin": ("edge.privacy.redaction", _bare_rims),
    "the console gets a picture of now": ("edge.privacy.background", _of_now),
    "the annotated view is not redacted": ("edge.run.draw", _bare),
}
"""For each break the module that it waits for, and what it does to it."""


class _Waiting(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module as always, and breaks it."""

    def __init__(self, module: str, breaks: Sequence[Break]) -> None:
        self._module, self._breaks = module, breaks

    def find_spec(
        self, name: str, path: Any = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec whose loader is this, for the module that is waited for."""
        if name != self._module:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path, target)
        if found is None or found.loader is None:
            return None
        self._loader = found.loader
        found.loader = self
        return found

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """As always."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """As always, and then the breaks."""
        self._loader.exec_module(module)
        for each in self._breaks:
            each(module)


NAMELESS = "nameless"


def _keep_removed(folder: Path) -> None:
    """Keep what Python is about to take away; a link where that will do, as content may still be on its way.

    What a library takes away by itself is not seen, and a file that never has a name can only be told of.
    """

    def keep(path: Any, copied: bool) -> None:
        if isinstance(path, int):
            return
        path = Path(os.fsdecode(path))
        if not path.is_file():
            return
        kept = folder / f"{os.getpid()}-{next(numbers)}-{path.name}"
        try:
            (shutil.copyfile if copied else os.link)(path, kept)
        except OSError:
            shutil.copyfile(path, kept)

    def hook(event: str, given: tuple[Any, ...]) -> None:
        match event:
            case "os.remove":
                keep(_beside(given[0], given[1]), copied=False)
            case "os.rename":
                keep(_beside(given[1], given[3]), copied=False)
            case "os.truncate":
                keep(given[0], copied=True)
            case "open" if isinstance(given[2], int) and given[2] & os.O_TMPFILE == os.O_TMPFILE:
                (folder / NAMELESS).write_text(f"{given[0]} of {sys.argv}")
            case "open" if isinstance(given[2], int) and given[2] & os.O_TRUNC:
                keep(given[0], copied=True)

    numbers = itertools.count()
    sys.addaudithook(hook)


def _beside(path: Any, folder: int) -> Any:
    """A path that is relative to an open folder, as removing a whole tree gives it."""
    return path if folder == -1 else Path(f"/proc/self/fd/{folder}") / os.fsdecode(path)


def _begin() -> None:
    if removed := os.environ.get("SAFECITY_REMOVED"):
        _keep_removed(Path(removed))
    wanted = [BREAKS[name] for name in os.environ.get("SAFECITY_BREAKS", "").split(",") if name]
    for module in {module for module, _ in wanted}:
        sys.meta_path.insert(0, _Waiting(module, [does for of, does in wanted if of == module]))


_begin()
