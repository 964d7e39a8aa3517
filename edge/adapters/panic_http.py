"""A button on the network of this machine alone: POST /panic on loopback.

Law: it listens on 127.0.0.1 and nowhere else, and takes JSON alone, which no web page can send here without
being asked first; it tells nothing but the hold that it placed.
"""

import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from edge.values.errors import ConfigError, SafecityError, StorageError
from edge.values.press import cameras_in

LOOPBACK = "127.0.0.1"
MOST_BYTES = 8192
PATIENCE_S = 5.0

Pressed = Callable[[tuple[str, ...]], dict[str, object]]
"""Presses the button for these cameras, all if none; what is told to whoever pressed."""


class PanicHttp:
    """The listener; a context manager.

    Raises:
        ConfigError: the port is taken.
    """

    def __init__(self, port: int, pressed: Pressed) -> None:
        try:
            self._server = ThreadingHTTPServer((LOOPBACK, port), _handler(pressed))
        except OSError as failure:
            raise ConfigError(
                f"footage.panic.http_port: {LOOPBACK}:{port} cannot be listened on: {failure.strerror}"
            ) from failure
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="panic-http", daemon=True)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_address[1])

    def __enter__(self) -> "PanicHttp":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(pressed: Pressed) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE_S
        server_version = "safecity-edge"
        sys_version = ""

        def do_POST(self) -> None:
            """Press, and tell what was held."""
            try:
                self._answer(HTTPStatus.OK, pressed(self._cameras()))
            except (ConfigError, ValueError) as failure:
                self._answer(HTTPStatus.BAD_REQUEST, {"error": str(failure)})
            except StorageError as failure:
                self._answer(HTTPStatus.INSUFFICIENT_STORAGE, {"error": str(failure)})
            except SafecityError as failure:
                self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": str(failure)})

        def _cameras(self) -> tuple[str, ...]:
            if self.path != "/panic":
                raise ValueError(f"wanted POST /panic, got {self.path[:80]!r}")
            if self.headers.get_content_type() != "application/json":
                raise ValueError("wanted Content-Type: application/json")
            length = int(self.headers.get("Content-Length") or 0)
            if length > MOST_BYTES:
                raise ValueError(f"wanted at most {MOST_BYTES} bytes")
            return cameras_in(self.rfile.read(length))

        def _answer(self, status: HTTPStatus, told: dict[str, object]) -> None:
            body = json.dumps(told).encode() + b"\n"
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: presses are logged where they are carried out."""

    return Handler
