"""Pictures of few colours: what is written is read back, and nothing else passes for one."""

import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.privacy import png
from edge.privacy.background import STRIPES

KEEP = np.array(STRIPES, np.uint8)
CHANCE = np.random.default_rng(4)
STREET = np.clip(
    np.linspace(60, 180, 90)[:, None, None] + CHANCE.normal(0, 3, (90, 160, 3)) + np.array([0, 5, 15]), 0, 255
).astype(np.uint8)


def chunk(name: bytes, content: bytes) -> bytes:
    said = name + content
    return struct.pack(">I", len(content)) + said + struct.pack(">I", zlib.crc32(said))


def parts(raw: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 8
    while at < len(raw):
        (length,) = struct.unpack(">I", raw[at : at + 4])
        found.append((raw[at + 4 : at + 8], raw[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def whole(*chunks: tuple[bytes, bytes]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


def test_any_reader_sees_the_street_nearly_as_it_was() -> None:
    raw = png.encode(STREET, KEEP)
    assert png.size_of(raw) == (160, 90)
    seen = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    assert np.abs(seen[:, :, ::-1].astype(int) - STREET).mean() < 4
    assert len(raw) < STREET.size / 3


def test_stripes_stay_as_they_are() -> None:
    hatched = STREET.copy()
    hatched[10:20, 10:40], hatched[20:30, 10:40] = KEEP
    seen = cv2.imdecode(np.frombuffer(png.encode(hatched, KEEP), np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    assert np.array_equal(seen[10:30, 10:40, ::-1], hatched[10:30, 10:40])


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_every_picture_is_one(height: int, width: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    assert png.size_of(png.encode(pixels, KEEP)) == (width, height)


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_no_byte_can_be_changed(at: int, by: int) -> None:
    raw = bytearray(png.encode(STREET[:9, :9], KEEP))
    raw[at % len(raw)] ^= by
    with pytest.raises(ValueError, match="wanted"):
        png.size_of(bytes(raw))


@given(st.binary(max_size=200))
def test_no_other_bytes_are_one(raw: bytes) -> None:
    for given_ in (raw, b"\x89PNG\r\n\x1a\n" + raw):
        with pytest.raises(ValueError, match="wanted"):
            png.size_of(given_)


def _hidden() -> dict[str, bytes]:
    """Pictures that any viewer shows, with more in them than is seen."""
    head, palette, lines, end = parts(png.encode(STREET, KEEP))
    raw = zlib.decompress(lines[1])
    filtered = bytearray(raw)
    filtered[0] = 1
    many = (b"PLTE", palette[1] + bytes(3))
    return {
        "a text": whole(head, (b"tEXt", b"who\0somebody"), palette, lines, end),
        "a byte after the end": png.encode(STREET, KEEP) + b"x",
        "a second picture after the end": png.encode(STREET, KEEP) * 2,
        "data in parts": whole(head, palette, (b"IDAT", lines[1][:50]), (b"IDAT", lines[1][50:]), end),
        "more lines than are shown": whole(head, palette, (b"IDAT", zlib.compress(raw + raw)), end),
        "something behind the packed lines": whole(head, palette, (b"IDAT", lines[1] + b"more"), end),
        "a colour more": whole(head, many, lines, end),
        "a filter": whole(head, palette, (b"IDAT", zlib.compress(bytes(filtered))), end),
        "a colour of no palette": whole(head, (b"PLTE", palette[1][:6]), lines, end),
        "16 bits": whole((head[0], head[1][:8] + b"\x10" + head[1][9:]), palette, lines, end),
        "words in the end": whole(head, palette, lines, (b"IEND", b"who")),
        "no lines": whole(head, palette, end),
    }


@pytest.mark.parametrize("what", _hidden())
def test_nothing_can_be_hidden_in_one(what: str) -> None:
    with pytest.raises(ValueError, match="wanted"):
        png.size_of(_hidden()[what])


def test_a_bomb_is_not_unpacked() -> None:
    head, palette, _, end = parts(png.encode(STREET, KEEP))
    bomb = whole(head, palette, (b"IDAT", zlib.compress(bytes(1 << 26), 9)), end)
    with pytest.raises(ValueError, match="nothing more"):
        png.size_of(bomb)


def test_a_side_has_its_limit() -> None:
    with pytest.raises(ValueError, match="at most 1024"):
        png.encode(np.zeros((4, 1025, 3), np.uint8), KEEP)
