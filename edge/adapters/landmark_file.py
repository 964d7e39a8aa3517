"""What a place looked like when its ground was measured, kept in a file, so that a restart forgets no turn.

Law: one file for each camera and measured ground; a new measurement begins a new one, and the old goes. It
holds means of edges over two minutes at least, in about 104×58 numbers: nobody can be seen in it. A file that
cannot be read counts as none.
"""

import hashlib
import io
import logging
import os
import zipfile
from pathlib import Path

import numpy as np

from edge.adapters.durable import make_folder, sync_folder
from edge.ground.plane import Ground
from edge.values.errors import StorageError
from edge.view.landmarks import Memory

log = logging.getLogger("watch")

FOLDER = "landmarks"


class LandmarkFile:
    """The landmarks of one camera under one measured ground."""

    def __init__(self, data_dir: Path, camera: str, ground: Ground) -> None:
        said = ground.plane.tobytes() + ground.doubts.tobytes() + repr(ground.lens).encode()
        self._root, self._camera = data_dir, camera
        self.path = data_dir / FOLDER / f"{camera}.{hashlib.sha256(said).hexdigest()[:16]}.npz"

    def load(self) -> Memory | None:
        """What was kept; None where nothing was, or nothing that can be read."""
        try:
            with np.load(io.BytesIO(self.path.read_bytes()), allow_pickle=False) as kept:
                return Memory(np.asarray(kept["mean"], np.float32), float(kept["usual"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as failure:
            log.warning("%s: the landmarks cannot be read (%s); they are learned anew", self.path, failure)
            return None

    def keep(self, memory: Memory) -> None:
        """Keep these, whole or not at all, in place of those of earlier measurements.

        Raises:
            StorageError: they cannot be written.
        """
        content = io.BytesIO()
        np.savez_compressed(content, mean=memory.mean.astype(np.float16), usual=np.float64(memory.usual))
        fresh, folder = self.path.with_suffix(".new"), self.path.parent
        try:
            make_folder(folder, self._root)
            with fresh.open("wb") as file:
                file.write(content.getvalue())
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            for other in folder.glob(f"{self._camera}.*.npz"):
                if other != self.path:
                    other.unlink()
            sync_folder(folder)
        except OSError as failure:
            raise StorageError(f"{self.path} cannot be written: {failure.strerror}") from failure
