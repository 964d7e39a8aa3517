"""The verb `models import`: an ONNX file becomes a model of the store, described, tested and drawn."""

import hashlib
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from edge.detect.capability import COUNTED, PERMITTED
from edge.detect.card import Card, Family, Input
from edge.detect.coco import LABELS as COCO
from edge.detect.fit import Fit
from edge.detect.map_reading import MapReading
from edge.detect.recognise import USUAL, Recognised, spelled
from edge.run import model_picture
from edge.run.models import bundled
from edge.run.wiring import modelling
from edge.values.crowd import UNMEASURED
from edge.values.density import DensityMap
from edge.values.errors import ConfigError
from edge.values.frame import Size

NOT_STATED = "not stated"
NEVER_MEASURED = (
    "nobody measured yet how well it counts: its intervals allow for an error of "
    f"{UNMEASURED:.0%}; count some of your pictures by hand, and write crowd.error into its card"
)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line; None where nothing was said."""

    file: Path
    name: str | None = None
    labels: str | None = None
    licence: str | None = None
    source: str | None = None
    data: str | None = None
    size: str | None = None
    colour: str | None = None
    divisor: float | None = None
    fit: Fit | None = None
    picture: Path | None = None
    look: Path | None = None
    store: Path | None = None
    as_json: bool = False


Ask = Callable[[str, str], str]
"""Asks the operator a question with a proposed answer; "" where nobody can be asked."""


def bring_in(request: Request, ask: Ask) -> None:
    """Recognise the file, ask for what it cannot tell, test it, draw what it finds, and install it.

    Raises:
        ModelError: the file, or what it tells, is not accepted; nothing was installed.
        ConfigError: something was not said that nobody can guess.
    """
    name = request.name or spelled_name(request.file.stem)
    _accept_name(name)
    look = request.look or Path(f"{name}.png")
    model_picture.accept_path(look)
    store = modelling.store_of(request.store)
    store.accept_name(name)
    weights, card = described(request, ask)
    picture = modelling.self_test_picture(request.picture)
    doubts = [] if request.picture or card.counts else modelling.better_inputs(card, weights)
    made = modelling.install(store, card, weights, picture)
    if isinstance(made.found, DensityMap):
        model_picture.save(model_picture.counted(made.pixels, made.found), look)
        doubts.append(NEVER_MEASURED)
    else:
        model_picture.save(model_picture.drawn(made.pixels, made.found, made.card.labels), look)
    _tell(made, look, doubts, request.as_json)


def described(request: Request, ask: Ask) -> tuple[bytes, Card]:
    """The bytes of the file, and the card that it gets.

    Raises:
        ModelError: the file, or what it tells, is not accepted.
        ConfigError: something was not said that nobody can guess.
    """
    name = request.name or spelled_name(request.file.stem)
    weights = modelling.weights_of(request.file)
    looked = modelling.look_at(request.file.name, weights, _size(request.size))
    return weights, _card(name, weights, looked, request, ask)


def spelled_name(stem: str) -> str:
    """A name for a model from that of its file."""
    return re.sub(r"[^a-z0-9.-]+", "-", stem.lower()).strip("-.")[:64] or "model"


def _accept_name(name: str) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", name):
        raise ConfigError(f"--name: wanted lower-case letters, digits, '.', '_' and '-', got {name!r}")
    if name in {folder.name for folder in bundled()}:
        raise ConfigError(f"--name: {name} is a bundled model; choose another name")


def _size(text: str | None) -> Size | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text)
    if found is None:
        raise ConfigError(f"--size: wanted WIDTHxHEIGHT, such as 640x384, got {text!r}")
    return Size(int(found[1]), int(found[2]))


def _card(name: str, weights: bytes, looked: modelling.Looked, request: Request, ask: Ask) -> Card:
    recognised, size = looked.recognised, looked.size
    usual = USUAL[recognised.family]
    missing: list[str] = []
    labels = _labels(recognised, request, ask, missing)
    licence = request.licence or recognised.licence or ask("licence of the weights (SPDX)", "")
    if not licence:
        missing.append("--licence SPDX-ID (such as Apache-2.0)")
    if missing:
        raise ConfigError(
            f"{request.file.name}: it is of the family {recognised.family}, {size.width}x{size.height}; "
            f"what it does not tell has to be said: {', '.join(missing)}"
        )
    try:
        return Card(
            name=name,
            family=recognised.family,
            input=_input(usual.input(size, looked.picture), request),
            labels=labels,
            thresholds=usual.thresholds,
            sha256=hashlib.sha256(weights).hexdigest(),
            licence=licence,
            source=request.source or f"file {request.file.name}",
            data=request.data or recognised.data or NOT_STATED,
            outputs=(COUNTED if recognised.family is Family.DENSITY_MAP else PERMITTED,),
            crowd=MapReading() if recognised.family is Family.DENSITY_MAP else None,
        )
    except ValueError as failure:
        raise ConfigError(f"{request.file.name}: {failure}") from failure


def _input(usual: Input, request: Request) -> Input:
    """The usual input of the family, with what the operator says otherwise."""
    said = {"colour": request.colour, "divisor": request.divisor, "fit": request.fit}
    return replace(usual, **{key: value for key, value in said.items() if value is not None})  # type: ignore[arg-type]


def _labels(recognised: Recognised, request: Request, ask: Ask, missing: list[str]) -> tuple[str, ...]:
    classes = recognised.classes
    if request.labels is None and recognised.labels is not None:
        return recognised.labels
    proposed = "coco" if classes in (None, len(COCO)) else ""
    said = request.labels or ask(f"labels of its {classes or ''} classes: coco, a file, or a,b,c", proposed)
    if not said:
        missing.append("--labels coco, FILE or a,b,c" + (f" ({classes} of them)" if classes else ""))
        return ()
    labels = _read_labels(said)
    if classes is not None and len(labels) != classes:
        raise ConfigError(f"--labels: wanted {classes}, as the model's output has, got {len(labels)}")
    return labels


def _read_labels(said: str) -> tuple[str, ...]:
    """Labels from `coco`, from a file with one a line, or from a list with commas."""
    if said == "coco":
        return COCO
    if "," in said or not Path(said).is_file():
        return spelled([label.strip() for label in said.split(",")])
    try:
        lines = Path(said).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as failure:
        raise ConfigError(f"--labels: {said} cannot be read as text: {failure}") from failure
    return spelled([line.strip() for line in lines if line.strip()])


def _tell(made: modelling.Made, look: Path, doubts: Sequence[str], as_json: bool) -> None:
    card, picture, found = made.card, made.card.input, made.found
    if as_json:
        told = {"name": card.name, "folder": str(made.folder), "look": str(look), "doubts": list(doubts)}
        print(json.dumps({**told, "card": asdict(card)}))
        return
    if isinstance(found, DensityMap):
        print(f"recognised   {card.family}: people for each place of the picture, nobody one by one")
    else:
        print(f"recognised   {card.family}, {len(card.labels)} classes: {', '.join(card.labels[:6])} …")
    print(
        f"input        {picture.size.width}x{picture.size.height} {picture.colour}, "
        f"divisor {picture.divisor:g}, {picture.fit}"
    )
    print(f"licence      {card.licence}")
    print(f"SHA-256      {card.sha256}")
    if isinstance(found, DensityMap):
        print(f"self-test    {found.people:.1f} people counted and written into the card")
    else:
        print(f"self-test    {len(found)} objects found and written into the card")
    print(f"installed    {made.folder}")
    print(f"look at      {look}: is that what is there?")
    print(f"use it       {'density' if card.counts else 'detector'}: {{model: {card.name}}}")
    for doubt in doubts:
        print(f"warning: {doubt}", file=sys.stderr)
