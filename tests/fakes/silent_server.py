"""A server that answers too little: it accepts, says what it was told to say, and hangs."""

import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType


class SilentServer:
    """A TCP server on a free port that accepts connections, greets each, and says no more."""

    def __init__(self, greeting: Iterable[bytes] = (), every_s: float = 0.0) -> None:
        self._greeting, self._every_s = tuple(greeting), every_s
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._clients: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._clients.append(client)
            with suppress(OSError):  # whoever was spoken to may have gone
                for part in self._greeting:
                    client.sendall(part)
                    time.sleep(self._every_s)

    def __enter__(self) -> "SilentServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        for client in self._clients:
            client.close()
