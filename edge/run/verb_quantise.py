"""The verb `models quantise`: an INT8 copy, calibrated on the camera's own pictures, kept only if it is good.

Law: pictures stay in memory. A copy is judged on pictures that it was not calibrated on: the last third by
time, as neighbours in time look alike.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.console import Console

from edge.config.load import load
from edge.detect.agreement import Agreement
from edge.detect.card import Quantised
from edge.run.models import folder_of
from edge.run.wiring import pictures, quantising
from edge.run.wiring.modelling import store_of
from edge.run.wiring.watching import fit_of
from edge.values.errors import ConfigError, ModelError
from edge.values.frame import Size

LEAST_PICTURES = 24
LEAST_BOXES = 20
"""Boxes that the original must find in the pictures that judge; fewer say nothing of a share."""
HELD_OUT = 1 / 3


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line.

    Attributes:
        model: name or path.
        frames: a clip or a folder; None where `config` and `camera` say whose pictures.
        most: pictures to take.
        every_s: time between pictures of a live camera, seconds.
        least: smallest share of boxes, both ways, on which original and copy must agree.
        name: of the copy; None for that of the model with -int8.
    """

    model: str
    frames: Path | None
    config: Path | None
    camera: str | None
    most: int
    every_s: float
    least: float
    name: str | None
    store: Path | None
    as_json: bool


def quantise(request: Request) -> None:
    """Make the copy, judge it, and put it into the store.

    Raises:
        SafecityError: there are too few pictures or objects, or the copy is not as good as it must be.
    """
    model = quantising.loaded(folder_of(request.model, request.store))
    store, name = store_of(request.store), request.name or f"{model.card.name}-int8"
    store.accept_name(name)
    with _telling() as tell:
        seen = _pictures(request, fit_of(model), tell)
        held = round(len(seen.pixels) * HELD_OUT)
        shown, hidden = seen.pixels[:-held], seen.pixels[-held:]
        tell(f"calibrating on {len(shown)} pictures; this takes a minute or two")
        copy = quantising.copy_of(model, name, shown)
        tell(f"comparing on {held} other pictures")
        found = quantising.compared(model, copy, hidden)
    calibration = quantising.calibration(len(shown), seen.name)
    judged = _judged(request, found, held, Quantised(model.card.sha256, calibration, 0, 0))
    folder = quantising.installed(store, model, copy, replace(copy.card, quantised=judged))
    if request.as_json:
        print(json.dumps({"name": name, "folder": str(folder), **asdict(judged), "judged_on": held}))
    else:
        print(
            f"{folder}\n{name} finds {judged.recall:.1%} of what {model.card.name} finds in {held} pictures "
            f"that it was not calibrated on; {judged.precision:.1%} of its own finds are found there too"
        )


def _pictures(
    request: Request, fit: Callable[[Size], Size], tell: Callable[[str], None]
) -> pictures.Pictures:
    def count(so_far: int) -> None:
        tell(f"{so_far} of {request.most} pictures")

    if request.frames is not None and request.config is None:
        seen = pictures.of_path(request.frames, fit, request.most, count)
    elif request.frames is None and request.config is not None:
        node = load(request.config)
        known = {camera.id: camera for camera in node.cameras}
        wanted = request.camera or (node.cameras[0].id if len(known) == 1 else None)
        if wanted not in known:
            raise ConfigError(f"--camera: wanted one of {', '.join(known)}, got {request.camera or 'none'}")
        seen = pictures.of_camera(known[wanted], fit, request.most, request.every_s, count)
    else:
        raise ConfigError("wanted either --frames with a clip or folder, or --config with the camera's id")
    if len(seen.pixels) < LEAST_PICTURES:
        raise ConfigError(f"wanted at least {LEAST_PICTURES} pictures, {seen.name} gave {len(seen.pixels)}")
    return seen


def _judged(request: Request, found: Agreement, held: int, draft: Quantised) -> Quantised:
    """What the card will say of the copy.

    Raises:
        ModelError: there was too little to judge by, or it is not as good as it must be.
    """
    of_original = found.both + found.first_alone
    if of_original < LEAST_BOXES:
        raise ModelError(
            f"wanted at least {LEAST_BOXES} objects in {held} pictures to judge the copy by, the original "
            f"found {of_original}; take more pictures (--most), or at a busier time"
        )
    recall, precision = found.recall or 0.0, found.precision or 0.0
    if min(recall, precision) < request.least:
        raise ModelError(
            f"the INT8 copy of {request.model} is refused: wanted agreement of at least {request.least:.0%}, "
            f"got recall {recall:.1%} and precision {precision:.1%} on {of_original} objects; stay with the "
            "original, calibrate on more and busier pictures, or accept less with --least"
        )
    return Quantised(draft.of, draft.calibration, round(recall, 4), round(precision, 4))


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """Says what goes on, on a terminal."""
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with console.status("opening") as status:
        yield status.update
