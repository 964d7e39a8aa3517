"""A file that others read while it is replaced: they see the old one or the new one, never half."""

import tempfile
from pathlib import Path

from edge.values.errors import StorageError

READABLE = 0o644


def replace_whole(out: Path, content: bytes) -> None:
    """Write the file at once, whether or not there is one.

    Raises:
        StorageError: it cannot be written.
    """
    fresh: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
            fresh = Path(file.name)
            file.write(content)
        fresh.chmod(READABLE)
        fresh.replace(out)
    except OSError as failure:
        if fresh is not None:
            fresh.unlink(missing_ok=True)
        raise StorageError(f"{out} cannot be written: {failure.strerror}") from failure
