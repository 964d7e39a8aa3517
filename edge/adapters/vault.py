"""The vault: takes recorded video in, sealing each piece as it comes, and gives none out.

Law: for each camera it holds the key of the running slot, in memory, and that of the segment it writes, and
no other; when the slot is over the key is wiped, so that the box cannot reopen its own past. A segment is
sealed, its file is on the disk, and only then is its row written. A share that was destroyed meanwhile is
never sealed under again: what was begun under it is given up.
"""

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path

from edge.adapters.catalogue import Catalogue
from edge.adapters.key_ring import KeyRing
from edge.adapters.segment_file import next_on_disk, path_of, remove
from edge.adapters.segment_writer import About, SegmentWriter
from edge.adapters.slot_key import SlotKey
from edge.values.errors import FootageError, StorageError
from edge.values.moment import NS_PER_S, Moment
from edge.values.recorded import Recorded
from edge.values.retention import FootagePolicy
from edge.values.segment import SegmentId, SlotId
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
    over_mono_ns: int
    """When it is over, by the monotonic clock: no clock that is set back keeps its key."""


@dataclass(frozen=True, slots=True)
class _Writing:
    """The segment that a camera writes now."""

    writer: SegmentWriter
    slot: SlotId
    share_hash: bytes


class Vault:
    """The `FootageStore` port on sealed files; one process per camera writes."""

    def __init__(self, root: Path, catalogue: Catalogue, ring: KeyRing, policy: FootagePolicy) -> None:
        self._root, self._catalogue, self._ring, self._policy = root, catalogue, ring, policy
        self._running: dict[str, _Running] = {}
        self._writing: dict[str, _Writing] = {}
        self._turn = threading.Lock()

    def put(self, what: Recorded | Unrecorded) -> None:
        """Seal a piece, or note what is missing; it survives a power cut once its last piece was put.

        Raises:
            StorageError: nothing of the stretch was kept.
            FootageError: the key ring's place of this slot is damaged.
        """
        if isinstance(what, Unrecorded):
            self._catalogue.note(what)
            return
        with self._turn:
            if what.opens:
                self._begin(what)
            writing = self._writing.get(what.camera)
            if writing is None:
                raise StorageError(f"camera {what.camera}: the beginning of this stretch was not kept")
            try:
                self._seal(what, writing)
            except (StorageError, FootageError):
                self._give_up(what.camera)
                raise

    def _begin(self, what: Recorded) -> None:
        self._give_up(what.camera)
        running = self._run(SlotId.of(what.camera, what.began.utc_ns), what.began)
        running.sequence += 1  # also where it fails: a number is never tried twice
        name = SegmentId(running.slot, running.sequence - 1)
        about = About(name, what.began.utc_ns, what.began.trust, what.codec)
        writer = SegmentWriter(self._root, about, running.key)
        self._writing[what.camera] = _Writing(writer, running.slot, running.share_hash)

    def _seal(self, what: Recorded, writing: _Writing) -> None:
        if not what.closes:
            writing.writer.add(what.container, what.ended.utc_ns)
            return
        share = self._ring.find(writing.slot)
        if share is None or hashlib.sha256(share).digest() != writing.share_hash:
            raise StorageError(f"the key of slot {writing.slot} was destroyed while it was recorded")
        segment = writing.writer.finish(what.container, what.ended.utc_ns, what.footage_class)
        del self._writing[what.camera]
        try:
            self._catalogue.add(segment)
        except StorageError:
            remove(path_of(self._root, segment.id))
            raise

    def _give_up(self, camera: str) -> None:
        """Nothing stays of a segment that was begun and will not come to its end."""
        writing = self._writing.pop(camera, None)
        if writing is not None:
            writing.writer.give_up()

    def tend(self, now: Moment) -> None:
        """Forget the keys of slots that are over; while something is being sealed, the next time."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            for camera, running in list(self._running.items()):
                if now.mono_ns > running.over_mono_ns + FORGOTTEN_S * NS_PER_S:
                    self._forget(camera)
        finally:
            self._turn.release()

    def close(self) -> None:
        """Forget all keys; what is being written stays as it is, for the next start to take in."""
        for writing in self._writing.values():
            writing.writer.leave()
        self._writing.clear()
        for camera in list(self._running):
            self._forget(camera)

    def _run(self, slot: SlotId, now: Moment) -> _Running:
        """The running slot, begun anew where the camera came into another or its share was destroyed."""
        running = self._running.get(slot.camera)
        share = self._ring.share(slot)
        share_hash = hashlib.sha256(share).digest()
        if running is None or running.slot != slot or running.share_hash != share_hash:
            self._forget(slot.camera)
            key = SlotKey.new(slot, self._policy.sha256, self._policy.holders, share)
            sequence = max(self._catalogue.next_sequence(slot), next_on_disk(self._root, slot))
            over_mono_ns = now.mono_ns + slot.end_ns - now.utc_ns
            running = _Running(key, slot, share_hash, sequence, over_mono_ns)
            self._running[slot.camera] = running
        return running

    def _forget(self, camera: str) -> None:
        running = self._running.pop(camera, None)
        if running is not None:
            running.key.forget()
