"""Wiring of the verbs `models`: model folders, the store, and detectors that passed the door."""

from dataclasses import dataclass
from pathlib import Path

from edge.adapters import model_folder
from edge.adapters.model_store import ModelStore
from edge.adapters.onnx_detector import OnnxDetector
from edge.detect.card import Card
from edge.run.models import bundled, store_folder

Store = ModelStore


@dataclass(frozen=True, slots=True)
class Shelved:
    """A model as it stands on a shelf; its weights are not proven yet.

    Attributes:
        folder: where it is.
        origin: `bundled`, or `store`.
        card: what it says of itself.
        size_bytes: of the weights.
    """

    folder: Path
    origin: str
    card: Card
    size_bytes: int


def store_of(folder: Path | None) -> ModelStore:
    """The node's store, or another."""
    return ModelStore(folder or store_folder())


def shelved_folders(store: ModelStore) -> list[tuple[Path, str]]:
    """Folder and origin of every model: the bundled ones, then those of the store."""
    return [*((f, "bundled") for f in bundled()), *((f, "store") for f in store.installed())]


def shelved(folder: Path, origin: str) -> Shelved:
    """What the folder of a model says of it.

    Raises:
        ModelError: the card is missing or wrong, or there are no weights.
    """
    card, weights = model_folder.card_of(folder)
    return Shelved(folder, origin, card, model_folder.size_of(weights))


def accepted(folder: Path) -> OnnxDetector:
    """The model of a folder after digest, capability, shapes, plain grey and self-test.

    Raises:
        ModelError: it is not accepted.
    """
    return OnnxDetector(model_folder.load(folder))
