"""A vault of many small segments, every second of them of the format that was written before."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from edge.adapters import segment_file
from edge.adapters.sealing import PREFIX_BYTES, SALT_BYTES, TAG_BYTES, Sealer
from edge.adapters.segment_frames import After, Frame
from edge.adapters.segment_header import Header
from edge.adapters.slot_key import SlotKey
from edge.values.moment import NS_PER_S, ClockTrust
from edge.values.segment import SLOT_S, FootageClass, Segment, SegmentId, SlotId
from tests.fakes.format_one import sealed
from tests.fakes.vaults import VaultFolder

SEGMENTS_OF_SLOT, SEGMENT_S = 30, 20
VIDEO = bytes(1000)


def filled(root: Path, count: int) -> VaultFolder:
    """So many sealed segments of one camera."""
    vault = VaultFolder(root)
    vault.ring._sync = lambda: None  # type: ignore[method-assign]  # the vault is made, not measured
    starts = range(0, count, SEGMENTS_OF_SLOT)
    vault.catalogue.add_all(segment for at in starts for segment in _of_slot(vault, at, count))
    return vault


def _of_slot(vault: VaultFolder, first: int, count: int) -> Iterator[Segment]:
    slot = SlotId("plaza", first // SEGMENTS_OF_SLOT * SLOT_S)
    key = SlotKey.new(slot, vault.policy.sha256, vault.policy.holders, vault.ring.share(slot))
    for at in range(min(SEGMENTS_OF_SLOT, count - first)):
        began = (slot.start_s + at * SEGMENT_S) * NS_PER_S
        header = Header(
            SegmentId(slot, at), began, began + SEGMENT_S * NS_PER_S, ClockTrust.SYNCED, "h264",
            FootageClass.ROUTINE, key.sealed, os.urandom(SALT_BYTES), os.urandom(PREFIX_BYTES), 1 + at % 2,
        )  # fmt: skip
        path = segment_file.path_of(vault.root, header.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = header.encoded() + _sealed(header, key)
        path.write_bytes(content)
        yield header.segment(len(content), hashlib.sha256(content).hexdigest())


def _sealed(header: Header, key: SlotKey) -> bytes:
    secret = key.segment_key(header.id.sequence, header.salt)
    bound = hashlib.sha256(header.encoded()).digest()
    if header.version == 1:
        return b"".join(sealed(memoryview(VIDEO), secret, header.prefix, bound))
    said = Frame(len(VIDEO) + TAG_BYTES, header.ended_ns, After.END_ROUTINE).encoded()
    return said + Sealer(secret, header.prefix, bound).chunk(VIDEO, said, last=True)
