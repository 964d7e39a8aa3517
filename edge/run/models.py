"""Where models are found: the bundled ones by name, others by the path of their folder."""

from pathlib import Path

import edge
from edge.values.errors import ModelError

CARD = "card.yaml"


def shelves() -> tuple[Path, ...]:
    """Folders that hold bundled models: inside an installed package, or beside it in a checkout."""
    package = Path(edge.__file__).parent
    return (package / "bundled", package.parent / "models")


def folder_of(model: str) -> Path:
    """The folder of a model, by name or path.

    Raises:
        ModelError: there is none.
    """
    if "/" in model:
        return Path(model)
    for shelf in shelves():
        if (shelf / model / CARD).exists():
            return shelf / model
    known = sorted({card.parent.name for shelf in shelves() for card in shelf.glob(f"*/{CARD}")})
    raise ModelError(
        f"there is no bundled model {model!r}; there are: {', '.join(known) or 'none'}. "
        "For a model of your own give the path of its folder, such as ./my-model"
    )
