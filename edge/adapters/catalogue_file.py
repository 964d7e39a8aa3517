"""A catalogue of public models: for each where it is, its size and digest, and the card that it will have.

Law: strict; an entry without size and digest is none. No server is asked for what the catalogue can say.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from edge import strictyaml
from edge.adapters.card_file import CardFile
from edge.adapters.download import Wanted
from edge.detect.coco import LABELS as COCO
from edge.values.errors import ModelError


class EntryFile(CardFile):
    """One model: the keys of a card, and where the weights are; `labels: coco` stands for its 80 classes."""

    url: str = Field(max_length=500, description="https URL of the ONNX file")
    size_bytes: int = Field(gt=0, description="length of the file")

    @field_validator("labels", mode="before")
    @classmethod
    def _coco(cls, labels: object) -> object:
        return COCO if labels == "coco" else labels

    @model_validator(mode="after")
    def _is_safe(self) -> "EntryFile":
        try:
            self.wanted()
        except ModelError as failure:  # the catalogue's mistakes are told with their line
            raise ValueError(str(failure)) from failure
        return self

    def wanted(self) -> Wanted:
        """The file as it must be."""
        return Wanted(self.url, self.size_bytes, self.sha256)


class CatalogueFile(BaseModel):
    """The whole of a catalogue."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    models: tuple[EntryFile, ...] = Field(min_length=1, max_length=1000)

    @model_validator(mode="after")
    def _names_differ(self) -> "CatalogueFile":
        names = [entry.name for entry in self.models]
        if len(set(names)) < len(names):
            raise ValueError("wanted every name once")
        return self


def load(path: Path) -> tuple[EntryFile, ...]:
    """The entries of a catalogue.

    Raises:
        ModelError: it cannot be read, or an entry is wrong; the text names the line.
    """
    return strictyaml.load(path, CatalogueFile, ModelError).models
