"""A thief with the whole disk: all that can be tried on the bytes of a box without two keyholders."""

import io
import itertools
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import av
import av.error
import pyrage

from edge.adapters import segment_file
from edge.adapters.key_ring import PLACE_BYTES
from edge.adapters.segment_header import Header, read_header
from edge.adapters.slot_key import SlotKey
from edge.values.errors import FootageError, StorageError

MARKS = (b"ftyp", b"moof", b"mdat", b"\0\0\0\1\x67", b"\0\0\0\1\x65", b"\0\0\1\xb3")
"""Beginnings of video in a container or a byte stream."""
MOST_KEYS = 64


def loot(disk: Path) -> int:
    """Pictures that a thief gets out of a copy of a box's disk."""
    return carved(disk) + _unsealed(disk)


def _files(disk: Path) -> Iterator[Path]:
    return (file for file in sorted(disk.rglob("*")) if file.is_file())


def carved(disk: Path) -> int:
    """Pictures in the raw bytes of every file, looked for at every mark of video."""
    found = 0
    for file in _files(disk):
        content = file.read_bytes()
        for mark in MARKS:
            at = content.find(mark)
            while at != -1:
                found += _pictures(content[max(0, at - 4) :])
                at = content.find(mark, at + (1 << 20))
    return found


def _unsealed(disk: Path) -> int:
    """Tries everything that could be a key as either share, or as the key itself."""
    keys = list(itertools.islice(_key_like(disk), MOST_KEYS))
    found = 0
    for file in _files(disk):
        with suppress(FootageError, StorageError):
            header = read_header(file)
            found += _tried(file, header, keys)
    return found


def _key_like(disk: Path) -> Iterator[bytes]:
    yield bytes(32)
    for ring in disk.rglob("keyring"):
        content = ring.read_bytes()
        for at in range(0, len(content), PLACE_BYTES):
            if any(content[at : at + PLACE_BYTES]):
                yield content[at + 48 : at + 80]
    for file in _files(disk):
        content = file.read_bytes()
        if len(content) == 32:
            yield content
        for line in content.splitlines():
            if line.startswith(b"AGE-SECRET-KEY-1"):
                yield from _opened_with(line.decode(), disk)


def _opened_with(identity: str, disk: Path) -> Iterator[bytes]:
    """What one stolen identity opens of the sealed shares."""
    own = pyrage.x25519.Identity.from_str(identity)
    for file in _files(disk):
        with suppress(FootageError, StorageError):
            for share in read_header(file).slot.shares:
                with suppress(pyrage.DecryptError):
                    opened = pyrage.decrypt(share.sealed, [own])
                    yield opened[:32]
                    yield pyrage.decrypt(opened, [own])


def _tried(file: Path, header: Header, keys: list[bytes]) -> int:
    found = 0
    for share_s, share_b in itertools.product(keys, repeat=2):
        with suppress(FootageError):
            content = b"".join(segment_file.read(file, SlotKey(header.slot, bytearray(share_s), share_b)))
            found += _pictures(content)
    for key in keys:
        slot = SlotKey(header.slot, bytearray(32), bytes(32))
        slot._key = bytearray(key)
        with suppress(FootageError):
            found += _pictures(b"".join(segment_file.read(file, slot)))
    return found


def _pictures(content: bytes) -> int:
    with suppress(av.error.FFmpegError, ValueError, IndexError), av.open(io.BytesIO(content)) as opened:
        return sum(1 for _ in itertools.islice(opened.decode(video=0), 100))
    return 0
