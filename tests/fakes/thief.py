"""A thief with the whole disk: all that can be tried on the bytes of a box without two keyholders."""

import hashlib
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
from edge.adapters.sealing import Opener
from edge.adapters.segment_frames import frames
from edge.adapters.segment_header import Header, read_beginning
from edge.adapters.slot_key import SlotKey
from edge.values.errors import FootageError

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
                found += pictures_in(content[max(0, at - 4) :])
                at = content.find(mark, at + (1 << 20))
    return found


def _unsealed(disk: Path) -> int:
    """Tries everything that could be a key as either share, or as the key itself."""
    keys = list(itertools.islice(_key_like(disk), MOST_KEYS))
    found = 0
    for file in _files(disk):
        with suppress(FootageError):
            found += _tried(file, _header(file), keys)
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
        with suppress(FootageError):
            for share in _header(file).slot.shares:
                with suppress(pyrage.DecryptError):
                    opened = pyrage.decrypt(share.sealed, [own])
                    yield opened[:32]
                    yield pyrage.decrypt(opened, [own])


def _header(file: Path) -> Header:
    with file.open("rb") as opened:
        return read_beginning(opened, file)


def _tried(file: Path, header: Header, keys: list[bytes]) -> int:
    found = 0
    for share_s, share_b in itertools.product(keys, repeat=2):
        key = SlotKey(header.slot, bytearray(share_s), share_b)
        found += pictures_in(b"".join(_salvaged(file, header, key)))
    for each in keys:
        key = SlotKey(header.slot, bytearray(32), bytes(32))
        key._key = bytearray(each)
        found += pictures_in(b"".join(_salvaged(file, header, key)))
    return found


def _salvaged(file: Path, header: Header, key: SlotKey) -> Iterator[bytes]:
    """Whatever a key opens, chunk by chunk: a thief does not mind a missing end."""
    with suppress(FootageError):
        if header.version == 1:
            yield from segment_file.read(file, key)
            return
        said, secret = header.encoded(), key.segment_key(header.id.sequence, header.salt)
        opener = Opener(secret, header.prefix, hashlib.sha256(said).digest())
        content = file.read_bytes()
        reader = io.BytesIO(content)
        reader.seek(len(said))
        for end, frame in frames(reader, len(content)):
            yield opener.chunk(content[end - frame.length : end], frame.encoded(), frame.is_last)


def pictures_in(content: bytes) -> int:
    """Pictures that can be decoded before the first that cannot; a hundred are enough."""
    found = 0
    with suppress(av.error.FFmpegError, ValueError, IndexError), av.open(io.BytesIO(content)) as opened:
        for _ in itertools.islice(opened.decode(video=0), 100):
            found += 1
    return found
