"""A file that is on no disk: bytes under a path, for libraries that want one.

Law: what is in it is in the memory of this process alone, and gone with it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def memory_file(content: bytes = b"") -> Iterator[Path]:
    """The path of a new file with this content; only this process can use it, and only until the end."""
    handle = os.memfd_create("footage", os.MFD_CLOEXEC)
    try:
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(content)
        yield Path(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)
