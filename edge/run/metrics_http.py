"""The listener that Prometheus scrapes: GET /metrics on this machine's loopback, and nothing else.

Law: it listens on a loopback address alone and answers only whoever calls it by such a name, so that no web
page can read it through a name of its own; it reads no body, so nothing can be ordered; it never holds up the
supervisor for longer than one text takes to write.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from edge.run.metrics import CONTENT_TYPE
from edge.values.errors import ConfigError
from edge.values.loopback import is_loopback

PATIENCE_S = 5.0
MOST_BYTES = 8192
MOST_AT_ONCE = 8
PATH = "/metrics"


@asynccontextmanager
async def scraped(host: str, port: int, text: Callable[[], str]) -> AsyncIterator[str]:
    """Listen for as long as this lasts; its URL. Port 0 takes a free one.

    Raises:
        ConfigError: the address is not of this machine alone, or it cannot be listened on.
    """
    if not is_loopback(host):
        raise ConfigError(f"metrics.host: wanted an address of this machine alone, got {host}")
    listener = _Listener(text)
    try:
        server = await asyncio.start_server(listener.answer, host, port, limit=MOST_BYTES)
    except OSError as failure:
        why = failure.strerror or failure
        raise ConfigError(
            f"metrics.port: {host}:{port} cannot be listened on: {why}; take another one"
        ) from failure
    async with server:
        bound = server.sockets[0].getsockname()
        shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        yield f"http://{shown}:{bound[1]}{PATH}"


class _Listener:
    """Answers one request a connection."""

    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text
        self._at_once = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Whatever a caller does, it ends with its connection; one too many is hung up on."""
        self._at_once += 1
        try:
            # The end of the box cancels this, and asyncio of Python 3.11 would print that as a failure.
            with suppress(ConnectionError, TimeoutError, asyncio.CancelledError):
                if self._at_once <= MOST_AT_ONCE:
                    async with asyncio.timeout(PATIENCE_S):
                        writer.write(await self._reply(reader))
                        await writer.drain()
        finally:
            self._at_once -= 1
            writer.close()

    async def _reply(self, reader: asyncio.StreamReader) -> bytes:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return _http("400 Bad Request", "no request of HTTP\n")
        method, path, host = _asked(head)
        if not is_loopback(host):
            return _http("421 Misdirected Request", "call this machine by a name of loopback\n")
        if method not in ("GET", "HEAD"):
            return _http("405 Method Not Allowed", "wanted GET\n", "Allow: GET, HEAD\r\n")
        if path.partition("?")[0] != PATH:
            return _http("404 Not Found", f"wanted {PATH}\n")
        reply = _http("200 OK", self._text())
        return reply if method == "GET" else reply.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def _asked(head: str) -> tuple[str, str, str]:
    """Method, path and host of a request; "" for what it does not tell."""
    first, *lines = head.split("\r\n")
    method, _, rest = first.partition(" ")
    fields = {
        name.strip().lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)
    }
    with suppress(ValueError):
        return method, rest.partition(" ")[0], urlsplit(f"//{fields.get('host', '')}").hostname or ""
    return method, "", ""


def _http(status: str, text: str, more: str = "") -> bytes:
    body = text.encode()
    kind = CONTENT_TYPE if status.startswith("200") else "text/plain; charset=utf-8"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}"
    return f"{head}Connection: close\r\n\r\n".encode() + body
