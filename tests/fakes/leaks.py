"""How much of a known random texture any bytes show: as raw pixels, pictures and films, as text or packed.

The measure is a correlation: near 1 where the texture is there, under `CHANCE` in anything else.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import av
import av.error
import cv2
import numpy as np
import numpy.typing as npt

from edge.adapters.memory_file import memory_file

F32 = npt.NDArray[np.float32]
CHANCE = 0.6
FILM_STEP = 3
"""Every third picture of a film is looked at."""
LEAST_SIDE = 8
FLAT = 4.0
"""A place that varies less than so many grey levels shows nothing."""
BASE64, HEX = re.compile(rb"[A-Za-z0-9+/_-]{400,}={0,2}"), re.compile(rb"(?:[0-9a-fA-F]{2}){200,}")
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF")
FILMS = {b"ftyp": 4, b"\x1aE\xdf\xa3": 0, b"\0\0\0\1\x67": 0, b"\0\0\0\1\x40\x01": 0}
"""How films begin, and so many bytes before that: MP4, Matroska, and bare H.264 and H.265."""
PACKED = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")


class Texture:
    """A known texture, as a camera of a known width shows it."""

    def __init__(
        self,
        pixels: npt.NDArray[np.uint8],
        width: int,
        small: int,
        rim: tuple[npt.NDArray[np.uint8], int] | None = None,
    ) -> None:
        """A texture.

        Args:
            pixels: uint8 H×W×3, RGB.
            width: of the camera's picture, pixels.
            small: width of the picture that a model sees.
            rim: another body, uint8 H×W×3, and how many pixels of it on each side count: in pictures its rim
                is looked for by itself, whatever is in the middle.
        """
        self._grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
        self._width, self._small = width, small
        self._rim = None if rim is None else _rim(*rim)

    def shown_in(self, content: bytes, depth: int = 3) -> float:
        """The best correlation in the bytes and in all that can be unpacked from them."""
        if content.count(content[:1]) == len(content):
            return 0.0  # a ballast, all the same
        found = self._raw(content)
        for look in (self._pictured, lambda c: self._packed(c, depth)):
            if found < CHANCE:
                found = max(found, look(content))
        return found

    def in_picture(self, picture: npt.NDArray[np.uint8]) -> float:
        """The best correlation anywhere in a picture of the whole view, uint8 H×W×3 of any size."""
        height = round(picture.shape[0] * self._width / picture.shape[1])
        seen = cv2.resize(picture, (self._width, height), interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY).astype(np.float32)
        whole = _best(grey, self._grey)
        return whole if self._rim is None or whole >= CHANCE else max(whole, _best(grey, *self._rim))

    def _pictured(self, content: bytes) -> float:
        return max((self.in_picture(each) for each in _pictures(content)), default=0.0)

    def _packed(self, content: bytes, depth: int) -> float:
        inside = _unpacked(content) if depth else ()
        return max((self.shown_in(each, depth - 1) for each in inside), default=0.0)

    def _raw(self, content: bytes) -> float:
        """The same in raw pixels, at whatever byte rows begin; a body alone has rows of its own width."""
        own = self._grey.shape[1]
        return max(self._in_rows(content, width) for width in (self._width, self._small, own))

    def _in_rows(self, content: bytes, width: int) -> float:
        scale = self._small / self._width if width == self._small else 1.0
        known = cv2.resize(self._grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found, pixels = 0.0, np.frombuffer(content, np.uint8)
        for channels in (1, 3):
            rows = len(pixels) // (width * channels)
            if rows >= LEAST_SIDE:
                table = pixels[: rows * width * channels].reshape(rows, width, channels)
                grey = np.ascontiguousarray(table.mean(axis=2, dtype=np.float32))
                whole = np.hstack([grey, np.roll(grey, -1, axis=0)])  # a row's end may cut a body in two
                found = max(found, _best(whole, known.astype(np.float32)))
        return found


def _rim(pixels: npt.NDArray[np.uint8], deep: int) -> tuple[F32, F32]:
    """A body in grey, and 1 where its rim is."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    counts = np.ones_like(grey)
    counts[deep:-deep, deep:-deep] = 0.0
    return grey, counts


def _best(grey: F32, known: F32, counts: F32 | None = None) -> float:
    if grey.shape[0] < known.shape[0] or grey.shape[1] < known.shape[1]:
        return 0.0
    fits = cv2.matchTemplate(grey, known, cv2.TM_CCOEFF_NORMED, mask=counts)
    high, wide = known.shape
    mean = cv2.blur(grey, (wide, high), anchor=(0, 0))[: fits.shape[0], : fits.shape[1]]
    square = cv2.blur(grey * grey, (wide, high), anchor=(0, 0))[: fits.shape[0], : fits.shape[1]]
    fits[square - mean * mean < FLAT**2] = 0.0
    return float(np.abs(np.nan_to_num(fits, posinf=0.0, neginf=0.0)).max())


def _pictures(content: bytes) -> Iterator[npt.NDArray[np.uint8]]:
    for mark in PICTURES:
        for at in _marks(content, mark):
            seen = cv2.imdecode(np.frombuffer(content[at:], np.uint8), cv2.IMREAD_COLOR)
            if seen is not None:
                yield np.asarray(seen[:, :, ::-1], np.uint8)
    for mark, before in FILMS.items():
        for at in _marks(content, mark):
            yield from _filmed(content[max(0, at - before) :])


def _filmed(content: bytes) -> Iterator[npt.NDArray[np.uint8]]:
    with suppress(av.error.FFmpegError, IndexError), memory_file(content) as path:
        with av.open(str(path)) as film:
            for picture in islice(film.decode(video=0), 0, None, FILM_STEP):
                yield picture.to_ndarray(format="rgb24")


def _unpacked(content: bytes) -> Iterator[bytes]:
    for found in BASE64.findall(content):
        with suppress(binascii.Error):
            yield base64.b64decode(found.replace(b"-", b"+").replace(b"_", b"/") + b"===")
    for found in HEX.findall(content):
        yield bytes.fromhex(found.decode())
    for mark in PACKED:
        for at in _marks(content, mark):
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(content[at:], 1 << 24)
    for at in _marks(content, b"\x1f\x8b\x08"):
        with suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(content[at:], 1 << 24)


def _marks(content: bytes, mark: bytes) -> Iterator[int]:
    at = content.find(mark)
    while at != -1:
        yield at
        at = content.find(mark, at + 1)
