"""Sealed segments as they were written before format 2: in one go, when the segment was over."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from edge.adapters import segment_file
from edge.adapters.catalogue import Catalogue
from edge.adapters.key_ring import KeyRing
from edge.adapters.sealing import CHUNK_BYTES, PREFIX_BYTES, SALT_BYTES
from edge.adapters.segment_header import Header
from edge.adapters.slot_key import SlotKey
from edge.values.recorded import Recorded
from edge.values.retention import FootagePolicy
from edge.values.segment import Segment, SegmentId, SlotId


def sealed(content: memoryview, key: bytearray, prefix: bytes, bound: bytes) -> Iterator[bytes]:
    """The chunks of `content`, sealed; one at least, also where there is no content."""
    cipher = AESGCM(key)
    count = max(1, -(-len(content) // CHUNK_BYTES))
    for number in range(count):
        chunk = content[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
        nonce = prefix + number.to_bytes(4, "big") + bytes([number == count - 1])
        yield cipher.encrypt(nonce, chunk, bound)


class Room(Protocol):
    """A vault's folder, as `VaultFolder` and `FootageRoom` are."""

    root: Path
    catalogue: Catalogue
    ring: KeyRing


def put_old(room: Room, what: Recorded, policy: FootagePolicy) -> Segment:
    """Put a stretch into a vault as the recorder did then."""
    slot = SlotId.of(what.camera, what.began.utc_ns)
    key = SlotKey.new(slot, policy.sha256, policy.holders, room.ring.share(slot))
    number = max(room.catalogue.next_sequence(slot), segment_file.next_on_disk(room.root, slot))
    header = Header(
        SegmentId(slot, number), what.began.utc_ns, what.ended.utc_ns, what.began.trust, what.codec,
        what.footage_class, key.sealed, os.urandom(SALT_BYTES), os.urandom(PREFIX_BYTES), 1,
    )  # fmt: skip
    said, path = header.encoded(), segment_file.path_of(room.root, header.id)
    chunks = sealed(
        what.container, key.segment_key(number, header.salt), header.prefix, hashlib.sha256(said).digest()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(said + b"".join(chunks))
    segment = header.segment(*segment_file.fingerprint(path))
    room.catalogue.add(segment)
    return segment
