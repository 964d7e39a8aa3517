"""Where models are found: bundled ones and those of the node's store by name, others by a folder's path."""

import os
from pathlib import Path

import edge
from edge.values.errors import ModelError

CARD = "card.yaml"
STORE_VARIABLE = "SAFECITY_MODELS"
STORE = Path("/var/lib/safecity-edge/models")


def shelves() -> tuple[Path, ...]:
    """Folders that hold bundled models: inside an installed package, or beside it in a checkout."""
    package = Path(edge.__file__).parent
    return (package / "bundled", package.parent / "models")


def store_folder() -> Path:
    """Where this machine keeps models of its own.

    That which SAFECITY_MODELS names, else /var/lib/safecity-edge/models where its parent is (an installed
    box) or the user is root, else a folder of the user.
    """
    if named := os.environ.get(STORE_VARIABLE):
        return Path(named).absolute()
    if STORE.parent.is_dir() or os.geteuid() == 0:
        return STORE
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(home) / "safecity-edge" / "models"


def bundled() -> tuple[Path, ...]:
    """Folders of the bundled models, by name."""
    found = {
        card.parent.name: card.parent for shelf in reversed(shelves()) for card in shelf.glob(f"*/{CARD}")
    }
    return tuple(found[name] for name in sorted(found))


def folder_of(model: str, store: Path | None = None) -> Path:
    """The folder of a model, by name or path.

    Args:
        model: name of a bundled model or of one in the store, else a path with a slash in it.
        store: the node's store; that of this machine unless given.

    Raises:
        ModelError: there is none.
    """
    if "/" in model:
        return Path(model)
    store = store or store_folder()
    for shelf in (*shelves(), store):
        if (shelf / model / CARD).exists() and not model.startswith("."):
            return shelf / model
    known = sorted(
        {card.parent.name for shelf in (*shelves(), store) for card in shelf.glob(f"[!.]*/{CARD}")}
    )
    raise ModelError(
        f"there is no model {model!r}; there are: {', '.join(known) or 'none'} (bundled, or in {store}). "
        "For a model of your own give the path of its folder, such as ./my-model, or bring it in with "
        "safecity-edge models import"
    )
