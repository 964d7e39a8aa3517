"""The vault: takes recorded video in and gives none out.

Law: for each camera it holds the key of the running slot, in memory, and no other; when the slot is over the
key is wiped, so that the box cannot reopen its own past. A segment is sealed, its file is on the disk, and
only then is its row written. A share that was destroyed meanwhile is never sealed under again.
"""

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path

from edge.adapters.catalogue import Catalogue
from edge.adapters.key_ring import KeyRing
from edge.adapters.segment_file import About, next_on_disk, path_of, remove, write
from edge.adapters.slot_key import SlotKey
from edge.values.errors import StorageError
from edge.values.moment import NS_PER_S, Moment
from edge.values.recorded import Recorded
from edge.values.retention import FootagePolicy
from edge.values.segment import Segment, SegmentId, SlotId
from edge.values.unrecorded import Unrecorded

FORGOTTEN_S = 90.0
"""A key goes this long after its slot: a segment that began in the slot may end so much later."""


@dataclass(slots=True)
class _Running:
    """The slot that a camera writes now."""

    key: SlotKey
    slot: SlotId
    share_hash: bytes
    sequence: int


class Vault:
    """The `FootageStore` port on sealed files; one process per camera writes."""

    def __init__(self, root: Path, catalogue: Catalogue, ring: KeyRing, policy: FootagePolicy) -> None:
        self._root, self._catalogue, self._ring, self._policy = root, catalogue, ring, policy
        self._running: dict[str, _Running] = {}
        self._turn = threading.Lock()

    def put(self, what: Recorded | Unrecorded) -> None:
        """Seal a stretch, or note one that is missing; it survives a power cut once this returns.

        Raises:
            StorageError: nothing of it was kept.
            FootageError: the key ring's place of this slot is damaged.
        """
        if isinstance(what, Unrecorded):
            self._catalogue.note(what)
            return
        with self._turn:
            segment = self._sealed(what)
            try:
                self._catalogue.add(segment)
            except StorageError:
                remove(path_of(self._root, segment.id))
                raise

    def _sealed(self, what: Recorded) -> Segment:
        running = self._run(SlotId.of(what.camera, what.began.utc_ns))
        running.sequence += 1  # also where it fails: a number is never tried twice
        about = About(
            SegmentId(running.slot, running.sequence - 1),
            what.began.utc_ns,
            max(what.began.utc_ns, what.ended.utc_ns),
            what.began.trust,
            what.codec,
            what.footage_class,
        )
        return write(self._root, about, running.key, what.container)

    def tend(self, now: Moment) -> None:
        """Forget the keys of slots that are over; while something is being sealed, the next time."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            for camera, running in list(self._running.items()):
                if now.utc_ns > running.slot.end_ns + FORGOTTEN_S * NS_PER_S:
                    self._forget(camera)
        finally:
            self._turn.release()

    def close(self) -> None:
        """Forget all keys."""
        for camera in list(self._running):
            self._forget(camera)

    def _run(self, slot: SlotId) -> _Running:
        """The running slot, begun anew where the camera came into another or its share was destroyed."""
        running = self._running.get(slot.camera)
        share = self._ring.share(slot)
        share_hash = hashlib.sha256(share).digest()
        if running is None or running.slot != slot or running.share_hash != share_hash:
            self._forget(slot.camera)
            key = SlotKey.new(slot, self._policy.sha256, self._policy.holders, share)
            sequence = max(self._catalogue.next_sequence(slot), next_on_disk(self._root, slot))
            running = _Running(key, slot, share_hash, sequence)
            self._running[slot.camera] = running
        return running

    def _forget(self, camera: str) -> None:
        running = self._running.pop(camera, None)
        if running is not None:
            running.key.forget()
