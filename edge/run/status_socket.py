"""The way to a running box's status: a socket in its data folder, for whoever may read that folder.

Law: whoever connects gets one JSON object and the end; nothing is read, so nothing can be ordered. No port is
opened. The folder is reached by its descriptor, because the path of a socket may hold only 107 bytes.
"""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from edge.run.status import BoxStatus
from edge.values.errors import SafecityError

NAME = "status.sock"
PATIENCE_S = 5.0


@asynccontextmanager
async def told(folder: Path, status: Callable[[], BoxStatus]) -> AsyncIterator[None]:
    """Tell the status to whoever asks, as long as this lasts."""

    async def tell(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write(json.dumps(status().to_json()).encode())
            await writer.drain()
        writer.close()

    with _short(folder) as path:
        server = await asyncio.start_unix_server(tell, path)
        Path(path).chmod(0o600)
    try:
        yield
    finally:
        server.close()
        (folder / NAME).unlink(missing_ok=True)


def ask(folder: Path) -> BoxStatus:
    """The status of the box that runs with this data folder.

    Raises:
        SafecityError: none runs, or it may not be asked.
    """
    try:
        with _short(folder) as path, socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE_S)
            line.connect(path)
            said = b"".join(iter(lambda: line.recv(1 << 16), b""))
        return BoxStatus.from_json(json.loads(said))
    except (FileNotFoundError, ConnectionRefusedError) as failure:
        raise SafecityError(
            f"no box runs with the data folder {folder}: start it with safecity-edge run"
        ) from failure
    except (OSError, ValueError) as failure:
        raise SafecityError(f"{folder / NAME}: the box cannot be asked: {failure}") from failure


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A path to the socket that is short enough, however long the folder's is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{NAME}"
    finally:
        os.close(handle)
