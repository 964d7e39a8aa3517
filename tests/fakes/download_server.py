"""An HTTP server on this machine that serves one file, honestly or in one of the ways of failing servers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Shelf:
    """What the server serves, and how.

    Attributes:
        body: the file.
        stop_after: bytes after which the connection is cut, once for each entry.
        announced: Content-Length in place of the true one.
        ranges: whether it knows ranges.
        location: redirects there.
        wrong_range: answers another range than asked for.
        status: of every answer.
        asked: the Range header of each request.
    """

    body: bytes
    stop_after: list[int] = field(default_factory=list)
    announced: int | None = None
    ranges: bool = True
    location: str | None = None
    wrong_range: bool = False
    chunked: bool = False
    status: int = 200
    asked: list[str | None] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(shelf: Shelf) -> Iterator[Shelf]:
    """The server, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            shelf.asked.append(asked)
            if shelf.location is not None:
                self.send_response(302)
                self.send_header("Location", shelf.location)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if shelf.status != 200:
                self.send_error(shelf.status)
                return
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and shelf.ranges else 0
            body = shelf.body[start:]
            self.send_response(206 if start else 200)
            if start:
                told = start + 1 if shelf.wrong_range else start
                self.send_header("Content-Range", f"bytes {told}-{len(shelf.body) - 1}/{len(shelf.body)}")
            if shelf.announced is not None or not shelf.chunked:
                self.send_header("Content-Length", str(shelf.announced or len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            cut = shelf.stop_after.pop(0) if shelf.stop_after else len(body)
            self.wfile.write(body[:cut])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    shelf.url = f"http://127.0.0.1:{server.server_port}/model.onnx"
    try:
        yield shelf
    finally:
        server.shutdown()
        server.server_close()
