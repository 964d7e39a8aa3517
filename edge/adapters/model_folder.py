"""A model folder: `card.yaml`, the weights and the self-test picture, read with suspicion and written whole.

Law: a folder is somebody else's work. Every name in a card stays within the folder, every file is a plain
file of bounded size, and the weights are those of the card's SHA-256. Running them is the business of others.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import yaml

from edge import strictyaml
from edge.adapters.card_file import CardFile, described
from edge.detect.capability import check_card
from edge.detect.card import Card
from edge.values.errors import ModelError

CARD = "card.yaml"
MAX_WEIGHTS = 512 << 20
MAX_PICTURE = 4 << 20


@dataclass(frozen=True, slots=True, repr=False)
class LoadedModel:
    """A model folder in memory, its weights proven to be those of the card.

    Attributes:
        card: what the folder says of itself.
        weights: the bytes that the digest was taken of; nobody can change them between proof and use.
        picture: the encoded self-test picture, None where the card has none.
    """

    card: Card
    weights: bytes
    picture: bytes | None


def load(folder: Path, weights: Path | None = None) -> LoadedModel:
    """The model of a folder, or of a card with weights that lie elsewhere.

    Raises:
        ModelError: something is missing, too large, outside the folder, not what the card says, or tells
            more than a model may.
    """
    file = strictyaml.load(folder / CARD, CardFile, ModelError)
    check_card(file.card())
    path = weights or _inside(folder, file.weights)
    raw = _read(path, MAX_WEIGHTS)
    digest = hashlib.sha256(raw).hexdigest()
    if digest != file.sha256:
        raise ModelError(
            f"{path}: wanted weights of SHA-256 {file.sha256}, as {folder / CARD} says, got {digest}; "
            "the file is damaged or not this model: fetch it again"
        )
    test, crowd = file.self_test, file.crowd
    named = test.picture if test else crowd and crowd.picture
    picture = _read(_inside(folder, named), MAX_PICTURE) if named else None
    return LoadedModel(file.card(), raw, picture)


def card_of(folder: Path) -> tuple[Card, Path]:
    """The card of a folder and the path of its weights, which are neither read nor proven.

    Raises:
        ModelError: the card is missing or wrong, or its weights are outside the folder.
    """
    file = strictyaml.load(folder / CARD, CardFile, ModelError)
    return file.card(), _inside(folder, file.weights)


def read_weights(path: Path) -> bytes:
    """The bytes of a file of weights that is in no folder yet.

    Raises:
        ModelError: it is missing, no plain file, or too large.
    """
    return _read(path, MAX_WEIGHTS)


def read_picture(path: Path) -> bytes:
    """The bytes of a picture for a self-test.

    Raises:
        ModelError: it is missing, no plain file, or too large.
    """
    return _read(path, MAX_PICTURE)


def size_of(weights: Path) -> int:
    """Bytes of a file of weights.

    Raises:
        ModelError: it is not there.
    """
    try:
        return weights.stat().st_size
    except OSError as failure:
        raise ModelError(f"{weights}: cannot be read: {failure.strerror}") from failure


def _inside(folder: Path, name: str) -> Path:
    """The path of a file in the folder; a link that leads out of it is refused."""
    path = folder / name
    if path.resolve().parent != folder.resolve():
        raise ModelError(f"{path}: wanted a file in the model folder itself, got a link to {path.resolve()}")
    return path


def _read(path: Path, most: int) -> bytes:
    """The bytes of a plain file of at most `most` bytes."""
    try:
        if path.exists() and not path.is_file():
            raise ModelError(f"{path}: wanted a plain file")
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > most:
                raise ModelError(f"{path}: wanted at most {most >> 20} MiB, got more")
            return file.read()
    except OSError as failure:
        raise ModelError(f"{path}: cannot be read: {failure.strerror}") from failure


def save_card(folder: Path, card: Card, weights: str = "model.onnx") -> None:
    """Write `card.yaml`; a card that was there is replaced at once or not at all.

    Raises:
        ModelError: the card says what `card.yaml` cannot, such as a label in capitals; nothing was written.
    """
    plain = described(card, weights)
    text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    strictyaml.parse(text, CARD, CardFile, ModelError)
    fresh = folder / f".{CARD}.new"
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(folder / CARD)
