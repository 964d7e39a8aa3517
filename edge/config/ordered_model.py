"""A model that was ordered from afar: which, instead of which, and in which file it is kept.

Law: it holds for as long as the operator's file names the model instead of which it was ordered; who edits
the file has the last word. A file of it that is damaged is an error, never silently another model.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from edge.config.fields import Strict
from edge.values.errors import ConfigError

MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class OrderedModel:
    """One order.

    Attributes:
        model: name of the model.
        sha256: of its weights.
        instead_of: what the operator's file names.
        nonce: of the command.
        signer: who ordered it.
    """

    model: str
    sha256: str
    instead_of: str
    nonce: str
    signer: str

    def as_bytes(self) -> bytes:
        """What its file holds."""
        return json.dumps(asdict(self)).encode() + b"\n"


class _File(Strict):
    model: str
    sha256: str
    instead_of: str
    nonce: str
    signer: str


def folder_of(data_dir: Path) -> Path:
    """Where ordered models are remembered."""
    return data_dir / "model"


def trial_file(data_dir: Path) -> Path:
    """The order that is on trial."""
    return folder_of(data_dir) / "trial.json"


def held_file(data_dir: Path) -> Path:
    """The last order that proved itself."""
    return folder_of(data_dir) / "ordered.json"


def model_beside(config: Path) -> Path:
    """Where the order is that belongs to a copy of a configuration."""
    return config.with_suffix(".model.json")


def read(path: Path) -> OrderedModel | None:
    """The order in a file; None where there is none.

    Raises:
        ConfigError: there is something else.
    """
    try:
        with path.open("rb") as file:
            told = _File.model_validate_json(file.read(MOST_BYTES))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as failure:
        raise ConfigError(f"{path}: wanted a model that was ordered; remove the file") from failure
    return OrderedModel(**told.model_dump())


def in_force(data_dir: Path, named: str) -> OrderedModel | None:
    """The order that holds on a box whose file names this model: one on trial before one that proved itself.

    Raises:
        ConfigError: a file of it is damaged.
    """
    for path in (trial_file(data_dir), held_file(data_dir)):
        if (order := read(path)) is not None and order.instead_of == named:
            return order
    return None
