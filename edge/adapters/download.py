"""Fetches one file of known size and digest over HTTPS, and goes on where it stopped.

Law: the size and the digest are known before the first byte is asked for. Not a byte more than that size is
taken, nobody leads to another scheme than https (http on this machine alone), and a file that is not the
promised one is gone before the error is told.
"""

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from edge import __version__
from edge.values.errors import ModelError, SafecityError, StorageError

MOST_BYTES = 512 << 20
TRIES = 4
PAUSE_S = 1.0
TIMEOUT_S = 30.0
CHUNK = 1 << 16
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as it must be.

    Attributes:
        url: where it is.
        size_bytes: its length.
        sha256: its digest, lower-case hexadecimal.
    """

    url: str
    size_bytes: int
    sha256: str

    def __post_init__(self) -> None:
        check_url(self.url)
        if not 0 < self.size_bytes <= MOST_BYTES:
            raise ModelError(
                f"{self.url}: wanted a file of at most {MOST_BYTES >> 20} MiB, got {self.size_bytes} bytes"
            )


def check_url(url: str) -> None:
    """Refuse what is neither https nor on this machine, or carries a password.

    Raises:
        ModelError: it is so.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        place = f"{parts.scheme}://{parts.hostname or ''}"
        raise ModelError(f"wanted a URL that begins with https://, got {place}")
    if parts.password is not None or parts.username is not None:
        raise ModelError(f"wanted a URL without user name and password, got one for {parts.hostname}")


def fetch(
    wanted: Wanted,
    target: Path,
    on_bytes: Callable[[int], None] = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Bring the file to `target`; what is there already from an earlier try is gone on with.

    Args:
        wanted: the file.
        target: where it comes; it holds the whole, proven file when this returns.
        on_bytes: told after every chunk how much is there.
        sleep: waits between two tries, seconds.

    Raises:
        ModelError: it is not the promised file; nothing of it is left.
        SafecityError: it cannot be fetched now; what is there is kept, and trying again goes on from it.
        StorageError: the disk is full or fails.
    """
    failure: Exception | None = None
    for attempt in range(TRIES):
        if attempt:
            sleep(PAUSE_S * 2**attempt)
        try:
            _go_on(wanted, target, on_bytes)
        except (http.client.HTTPException, TimeoutError, ConnectionError, urllib.error.URLError) as cut:
            if isinstance(cut, urllib.error.HTTPError) and cut.code < 500:
                raise SafecityError(f"{wanted.url}: the server answered {cut.code} {cut.reason}") from cut
            failure = cut
            continue
        if _length(target) == wanted.size_bytes:
            return _prove(wanted, target)
        failure = ConnectionError(f"it stopped after {_length(target)} of {wanted.size_bytes} bytes")
    raise SafecityError(
        f"{wanted.url}: cannot be fetched: {failure}; {_length(target)} of {wanted.size_bytes} bytes are "
        "kept, the same command goes on from there"
    ) from failure


def _go_on(wanted: Wanted, target: Path, on_bytes: Callable[[int], None]) -> None:
    """Ask for what is missing, and take it as far as it comes."""
    have = _length(target)
    if have > wanted.size_bytes:
        target.unlink()
        have = 0
    if have == wanted.size_bytes:
        return
    request = urllib.request.Request(wanted.url, headers={"User-Agent": f"safecity-edge/{__version__}"})  # noqa: S310 (checked)
    if have:
        request.add_header("Range", f"bytes={have}-")
    with _OPENER.open(request, timeout=TIMEOUT_S) as answer:
        have = _beginning(wanted, answer, have)
        _accept_length(wanted, answer, have)
        _take(wanted, answer, target, have, on_bytes)


def _beginning(wanted: Wanted, answer: Any, have: int) -> int:
    """Byte from which the answer goes: a server that knows no ranges begins again."""
    if answer.status != 206:
        return 0
    told = str(answer.headers.get("Content-Range", ""))
    if not told.startswith(f"bytes {have}-"):
        raise SafecityError(f"{wanted.url}: wanted the bytes from {have} on, got {told or 'no range'}")
    return have


def _accept_length(wanted: Wanted, answer: Any, have: int) -> None:
    told = answer.headers.get("Content-Length")
    if told is not None and (not told.isdigit() or int(told) != wanted.size_bytes - have):
        raise ModelError(
            f"{wanted.url}: wanted {wanted.size_bytes - have} bytes, the server announces {told[:20]}; "
            "it is another file than the promised one"
        )


def _take(wanted: Wanted, answer: Any, target: Path, have: int, on_bytes: Callable[[int], None]) -> None:
    try:
        with target.open("r+b" if have else "wb") as file:
            file.seek(have)
            while chunk := answer.read(CHUNK):
                have += len(chunk)
                if have > wanted.size_bytes:
                    break
                file.write(chunk)
                on_bytes(have)
    except OSError as failure:
        if isinstance(failure, TimeoutError | ConnectionError):
            raise
        raise StorageError(f"{target} cannot be written: {failure.strerror or failure}") from failure
    if have > wanted.size_bytes:
        target.unlink()
        raise ModelError(f"{wanted.url}: wanted {wanted.size_bytes} bytes, got more; nothing of it was kept")


def _prove(wanted: Wanted, target: Path) -> None:
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != wanted.sha256:
        target.unlink()
        raise ModelError(
            f"{wanted.url}: wanted a file of SHA-256 {wanted.sha256}, got {digest}; nothing of it was kept: "
            "either it was changed on its way, or its owner has published another"
        )


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    """Follows a server to other https places only."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        check_url(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """HTTP and HTTPS alone: no file, no ftp, no data."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        _OnlyHttps(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener


_OPENER = _opener()
