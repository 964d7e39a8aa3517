"""Wiring of the verb `models resize`: a copy of a model for smaller or larger pictures, in the store."""

import hashlib
from dataclasses import replace
from pathlib import Path

from edge.adapters.model_folder import LoadedModel
from edge.adapters.resizer import resized
from edge.detect.card import Quality
from edge.run.wiring import pictures
from edge.run.wiring.quantising import compared
from edge.run.wiring.watching import fit_of
from edge.values.frame import Size

MOST_PICTURES = 96


def copy_of(model: LoadedModel, name: str, size: Size) -> LoadedModel:
    """A copy for another size of picture; what its card says of quality was measured at the old one and goes.

    Raises:
        ModelError: the model cannot be resized.
    """
    card, weights = model.card, resized(model, size)
    was, now = (f"{each.width}x{each.height}" for each in (card.input.size, size))
    return LoadedModel(
        replace(
            card,
            name=name,
            input=replace(card.input, size=size),
            sha256=hashlib.sha256(weights).hexdigest(),
            source=f"{card.name} of SHA-256 {card.sha256}, resized from {was} to {now}",
            quality=(),
            trades=(),
            trades_on="",
            limits=(f"Its weights were trained on pictures of {was}, it looks at {now}.", *card.limits),
            self_test=None,
        ),
        weights,
        None,
    )


def measured(model: LoadedModel, copy: LoadedModel, frames: Path) -> tuple[Quality, ...]:
    """How much each finds of what the other finds in a clip or a folder of pictures.

    Raises:
        ConfigError: there are no such pictures.
        CameraError: the clip cannot be read.
    """
    seen = pictures.of_path(frames, fit_of(max(model, copy, key=_area)), MOST_PICTURES, lambda _: None)
    found = compared(model, copy, seen.pixels)
    where = f"{len(seen.pixels)} pictures of {seen.name}"
    shares = {
        f"share found of what {model.card.name} finds": found.recall,
        f"share {model.card.name} finds of what it finds": found.precision,
    }
    return tuple(Quality(where, what, round(share, 3)) for what, share in shares.items() if share is not None)


def _area(model: LoadedModel) -> int:
    return model.card.input.size.width * model.card.input.size.height
