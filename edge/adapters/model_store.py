"""The node's store of models: one folder for each, put there whole or not at all.

Law: a name in the store stands for one set of weights for good. A model is made ready beside the others and
gets its name by one rename, which fails if the name is taken; so nothing that runs is ever touched, and what
was half done when the power went is neither listed nor found.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.adapters.model_folder import CARD
from edge.values.errors import ModelError, StorageError

_UNREADY = ".unready-"


class ModelStore:
    """A folder of model folders.

    Attributes:
        folder: where they are; it is made when the first model comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def installed(self) -> tuple[Path, ...]:
        """Folders of the models that are there, by name."""
        found = self.folder.glob(f"*/{CARD}")
        return tuple(sorted(card.parent for card in found if not card.parent.name.startswith(".")))

    @contextmanager
    def unready(self) -> Iterator[Path]:
        """A fresh folder on the store's disk to make a model ready in; it is gone afterwards.

        Raises:
            StorageError: the store cannot be written to.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=_UNREADY, dir=self.folder))
        except OSError as failure:
            raise self._unwritable(failure) from failure
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def partial(self, sha256: str) -> Path:
        """Where a file of this digest is fetched to; what was left of an earlier try is there.

        Raises:
            StorageError: the store cannot be written to.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f".partial-{sha256}"
            path.touch()
        except OSError as failure:
            raise self._unwritable(failure) from failure
        return path

    def install(self, unready: Path, name: str) -> Path:
        """Give the model of an unready folder its name; the folder where it is now.

        Raises:
            ModelError: the name is taken.
            StorageError: the disk is full or fails.
        """
        target = self.folder / name
        try:
            for path in unready.iterdir():
                path.chmod(0o644)
                _sync(path)
            unready.chmod(0o755)
            _sync(unready)
            unready.rename(target)
            _sync(self.folder)
        except OSError as failure:
            if target.exists():
                raise self.taken(name) from failure
            raise StorageError(f"{target} cannot be written: {failure.strerror}") from failure
        return target

    def accept_name(self, name: str) -> None:
        """Refuse a name that is taken, before work is put into the model.

        Raises:
            ModelError: it is.
        """
        if (self.folder / name).exists():
            raise self.taken(name)

    def _unwritable(self, failure: OSError) -> StorageError:
        return StorageError(
            f"the model store {self.folder} cannot be written to: {failure.strerror}; run this as the user "
            "who owns it, or name another with --store"
        )

    def taken(self, name: str) -> ModelError:
        """The error of a name that is taken."""
        return ModelError(
            f"{self.folder / name}: there is a model of that name, and a name stands for one model for good; "
            "choose another with --name, or remove that folder"
        )


def _sync(path: Path) -> None:
    """Bring a file or the entries of a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
