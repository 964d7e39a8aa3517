"""Wiring of the verb `models pull`: catalogue, download and store."""

from collections.abc import Callable
from pathlib import Path

from edge.adapters import catalogue_file, download, model_folder
from edge.adapters.catalogue_file import EntryFile
from edge.adapters.model_store import ModelStore
from edge.run.wiring.modelling import Made, install
from edge.values.errors import ModelError

Entry = EntryFile


def entries_of(catalogue: Path) -> tuple[Entry, ...]:
    """The entries of a catalogue.

    Raises:
        ModelError: it cannot be read, or an entry is wrong.
    """
    return catalogue_file.load(catalogue)


def entry_of(entries: tuple[Entry, ...], name: str) -> Entry:
    """The entry of that name.

    Raises:
        ModelError: there is none.
    """
    for entry in entries:
        if entry.name == name:
            return entry
    known = ", ".join(entry.name for entry in entries)
    raise ModelError(
        f"the catalogue has no model {name!r}; it has {known}. Write an entry of your own into a file, and "
        "name that with --catalogue"
    )


def pull(store: ModelStore, entry: Entry, picture: bytes, on_bytes: Callable[[int], None]) -> Made:
    """Fetch, prove and install a model; what was fetched before is gone on with.

    Raises:
        ModelError: it is not what the entry says, or is not accepted; nothing was installed.
        SafecityError: it cannot be fetched now.
        StorageError: the store cannot be written to.
    """
    partial = store.partial(entry.sha256)
    download.fetch(entry.wanted(), partial, on_bytes)
    try:
        return install(store, entry.card(), model_folder.read_weights(partial), picture)
    finally:
        partial.unlink()
