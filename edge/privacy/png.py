"""Pictures of few colours as PNG (ISO/IEC 15948), and what is none of ours.

Law: a picture is its pixels and a palette: four chunks, no text, no time, no profile, not a byte after the
end, nothing hidden in what a viewer skips. `size_of` takes what `encode` writes and nothing else, so a
receiver holds a picture to what a box may send.
"""

import struct
import zlib

import numpy as np
import numpy.typing as npt

from edge.values.frame import Pixels

COLOURS = 48
"""Colours of a palette: a street stays a street, and noise goes."""
MOST_SIDE = 1024
ROUNDS = 6
SAMPLES = 4096
_MARK = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">IIBBBBB")
_INDEXED = (8, 3, 0, 0, 0)
"""Bit depth, indexed colour, deflate, no filter method but 0, not interlaced."""

Palette = npt.NDArray[np.uint8]


def encode(pixels: Pixels, keep: Palette) -> bytes:
    """A picture, uint8 H×W×3 RGB, in at most `COLOURS` colours; those of `keep`, k×3, stay as they are.

    Raises:
        ValueError: a side is too long.
    """
    height, width = pixels.shape[:2]
    if max(height, width) > MOST_SIDE:
        raise ValueError(f"a picture wants sides of at most {MOST_SIDE} pixels, got {width}x{height}")
    palette = np.concatenate([keep, _palette(pixels.reshape(-1, 3), COLOURS - len(keep))])
    indices = np.concatenate([_nearest(row, palette) for row in pixels]).reshape(height, width)
    lines = np.pad(indices.astype(np.uint8), ((0, 0), (1, 0)))  # each line begins with its filter, none
    chunks = (
        (b"IHDR", _HEAD.pack(width, height, *_INDEXED)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return _MARK + b"".join(_chunk(name, content) for name, content in chunks)


def size_of(raw: bytes) -> tuple[int, int]:
    """Width and height of a picture of `encode`.

    Raises:
        ValueError: it is none.
    """
    if not raw.startswith(_MARK):
        raise ValueError("wanted a PNG")
    at, found = len(_MARK), []
    for wanted in (b"IHDR", b"PLTE", b"IDAT", b"IEND"):
        content, at = _read(raw, at, wanted)
        found.append(content)
    if at != len(raw):
        raise ValueError("wanted nothing after the end of the PNG")
    head, palette, packed, end = found
    return _checked(head, palette, packed, end)


def _checked(head: bytes, palette: bytes, packed: bytes, end: bytes) -> tuple[int, int]:
    if len(head) != _HEAD.size or _HEAD.unpack(head)[2:] != _INDEXED or end:
        raise ValueError("wanted a PNG of 8 bits, indexed, not interlaced")
    width, height = _HEAD.unpack(head)[:2]
    colours, rest = divmod(len(palette), 3)
    if rest or not 1 <= colours <= COLOURS or not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise ValueError(f"wanted at most {COLOURS} colours and sides of at most {MOST_SIDE}")
    lines = np.frombuffer(_unpacked(packed, height * (width + 1)), np.uint8).reshape(height, width + 1)
    if lines[:, 0].any() or int(lines.max()) >= colours:
        raise ValueError("wanted lines without filter, of colours in the palette")
    return width, height


def _unpacked(packed: bytes, size: int) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        lines = unpacking.decompress(packed, size + 1)
    except zlib.error as failure:
        raise ValueError("wanted a PNG that can be unpacked") from failure
    if len(lines) != size or not unpacking.eof or unpacking.unused_data or unpacking.unconsumed_tail:
        raise ValueError("wanted as many pixels as the PNG says, and nothing more")
    return lines


def _read(raw: bytes, at: int, wanted: bytes) -> tuple[bytes, int]:
    """The content of the chunk at `at`, and where it ends."""
    length = int.from_bytes(raw[at : at + 4], "big")
    chunk = raw[at : at + 12 + length]
    content = chunk[8 : 8 + length]
    if chunk != _chunk(wanted, content):
        raise ValueError(f"wanted the chunk {wanted.decode()}, whole")
    return content, at + len(chunk)


def _chunk(name: bytes, content: bytes) -> bytes:
    said = name + content
    return len(content).to_bytes(4, "big") + said + zlib.crc32(said).to_bytes(4, "big")


def _palette(colours: npt.NDArray[np.uint8], count: int) -> Palette:
    """Means of groups of like colours (Lloyd's k-means from evenly ranked beginnings), count×3."""
    taken = colours[:: max(1, len(colours) // SAMPLES)].astype(np.float32)
    ranked = taken[np.argsort(taken.sum(axis=1), kind="stable")]
    means = ranked[np.linspace(0, len(ranked) - 1, count).astype(np.intp)]
    for _ in range(ROUNDS):
        group = _nearest(taken, means)
        sums = np.stack([np.bincount(group, taken[:, k], count) for k in range(3)], axis=1)
        sizes = np.bincount(group, minlength=count)[:, None]
        means = np.where(sizes > 0, sums / np.maximum(sizes, 1), means).astype(np.float32)
    return np.asarray(np.round(means), np.uint8)


def _nearest(colours: npt.NDArray[np.generic], palette: npt.NDArray[np.generic]) -> npt.NDArray[np.intp]:
    """For each colour of n×3 which of the palette is nearest."""
    off = colours.astype(np.float32)[:, None, :] - palette.astype(np.float32)[None]
    return np.asarray((off * off).sum(axis=2).argmin(axis=1))
