"""The verb `models resize`: the same weights for smaller pictures: cheaper, and blinder for what is far away.

Law: what the copy is worth is told from the pictures that are given, or not at all. Pictures stay in memory.
"""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from edge.run.models import folder_of
from edge.run.wiring import quantising, resizing
from edge.run.wiring.modelling import store_of
from edge.values.errors import ConfigError
from edge.values.frame import Size

_SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line.

    Attributes:
        model: name or path.
        size: of the input, as WIDTHxHEIGHT.
        frames: a clip or a folder on which copy and original are compared; None to compare nothing.
        name: of the copy; None for that of the model with its size.
    """

    model: str
    size: str
    frames: Path | None
    name: str | None
    store: Path | None
    as_json: bool


def resize(request: Request) -> None:
    """Make the copy, say how much of what its original finds it finds, and put it into the store.

    Raises:
        ConfigError: the size is none, or there are no such pictures.
        ModelError: the model cannot be resized, or the name is taken.
    """
    size = _size(request.size)
    model = quantising.loaded(folder_of(request.model, request.store))
    store = store_of(request.store)
    name = request.name or f"{model.card.name}-{request.size}"
    store.accept_name(name)
    copy = resizing.copy_of(model, name, size)
    measured = resizing.measured(model, copy, request.frames) if request.frames else ()
    folder = quantising.installed(store, model, copy, replace(copy.card, quality=measured))
    if request.as_json:
        told = {figure.measure: figure.value for figure in measured}
        print(json.dumps({"name": name, "folder": str(folder), **told}))
        return
    print(folder)
    for figure in measured:
        print(f"{figure.measure}: {figure.value:.1%} on {figure.measured_on}")
    print(f"how fast it is here: safecity-edge models bench {name}")


def _size(text: str) -> Size:
    """Raises `ConfigError` for what is not WIDTHxHEIGHT."""
    if (found := _SIZE.fullmatch(text)) is None:
        raise ConfigError(f"--input: wanted WIDTHxHEIGHT in pixels, such as 320x192, got {text}")
    return Size(int(found[1]), int(found[2]))
