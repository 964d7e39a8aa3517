"""Writes one sealed segment while it is recorded: what came is sealed and written piece by piece.

Law: exclusive create, write, fsync, rename, fsync of the folder. Until then the file is called `.part`, holds
sealed bytes only, and is locked, so that whoever looks at the vault knows that somebody writes it. Every
piece ends with a chunk: where the writer dies, what was written until then can be opened.
"""

import fcntl
import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from edge.adapters.durable import make_folder, sync_folder
from edge.adapters.sealing import CHUNK_BYTES, PREFIX_BYTES, SALT_BYTES, TAG_BYTES, Sealer, wipe
from edge.adapters.segment_file import PART, path_of, remove
from edge.adapters.segment_frames import ENDS, After, Frame
from edge.adapters.segment_header import Header
from edge.adapters.slot_key import SlotKey
from edge.values.errors import StorageError
from edge.values.moment import ClockTrust
from edge.values.segment import FootageClass, Segment, SegmentId


@dataclass(frozen=True, slots=True)
class About:
    """What is to be said about a new segment besides its key."""

    id: SegmentId
    began_ns: int
    clock: ClockTrust
    codec: str


class SegmentWriter:
    """One segment's file, from its first piece to its end.

    Raises:
        StorageError: nothing of it is there; the disk is full, read-only or damaged.
    """

    def __init__(self, root: Path, about: About, key: SlotKey) -> None:
        self._path = path_of(root, about.id)
        self._part = self._path.with_suffix(PART)
        self._header = Header(
            about.id,
            about.began_ns,
            about.began_ns,
            about.clock,
            about.codec,
            FootageClass.ROUTINE,
            key.sealed,
            os.urandom(SALT_BYTES),
            os.urandom(PREFIX_BYTES),
        )
        self._until_ns, self._size, self._digest = about.began_ns, 0, hashlib.sha256()
        self._file = -1
        try:
            make_folder(self._path.parent, root)
            self._open(key)
        except OSError as failure:
            raise self._trouble(failure) from failure

    def _open(self, key: SlotKey) -> None:
        said = self._header.encoded()
        secret = key.segment_key(self._header.id.sequence, self._header.salt)
        self._sealer = Sealer(secret, self._header.prefix, hashlib.sha256(said).digest())
        wipe(secret)
        self._file = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._write(said)

    def add(self, content: memoryview, until_ns: int) -> None:
        """Seal a piece.

        Args:
            content: plaintext; may be empty.
            until_ns: UTC until which there are pictures with it and with all before it.

        Raises:
            StorageError: nothing of the segment is there any more.
        """
        self._seal(content, max(until_ns, self._until_ns), After.MORE)

    def finish(self, content: memoryview, until_ns: int, footage_class: FootageClass) -> Segment:
        """Seal the last piece and give the file its name; its row, which is for the caller to write.

        Raises:
            StorageError: nothing of the segment is there any more.
        """
        until_ns = max(until_ns, self._until_ns)
        self._seal(content, until_ns, ENDS[footage_class])
        there = self._path.exists()
        try:
            os.fsync(self._file)
            if there:
                raise FileExistsError(0, "it is there already, and a segment is never replaced")
            self._part.rename(self._path)
            sync_folder(self._path.parent)
        except OSError as failure:
            if not there:
                remove(self._path)
            raise self._trouble(failure) from failure
        self.leave()
        ended = replace(self._header, ended_ns=until_ns, footage_class=footage_class)
        return ended.segment(self._size, self._digest.hexdigest())

    def give_up(self) -> None:
        """Take away what was written."""
        if self._file >= 0:
            self.leave()
            remove(self._part)

    def leave(self) -> None:
        """Let go of the file as it is; the next start takes it for torn."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _seal(self, content: memoryview, until_ns: int, after: After) -> None:
        """The chunks of a piece; only with the last of them the pictures are there until its end."""
        starts = range(0, len(content), CHUNK_BYTES) or (range(1) if after is not After.MORE else ())
        try:
            for at in starts:
                chunk, ends = content[at : at + CHUNK_BYTES], at + CHUNK_BYTES >= len(content)
                if ends:
                    self._until_ns = until_ns
                frame = Frame(len(chunk) + TAG_BYTES, self._until_ns, after if ends else After.MORE)
                said = frame.encoded()
                self._write(said + self._sealer.chunk(chunk, said, frame.is_last))
        except OSError as failure:
            raise self._trouble(failure) from failure

    def _write(self, block: bytes) -> None:
        self._digest.update(block)
        self._size += len(block)
        left = memoryview(block)
        while left:
            left = left[os.write(self._file, left) :]

    def _trouble(self, failure: OSError) -> StorageError:
        self.give_up()
        return StorageError(f"segment {self._header.id} cannot be written: {failure.strerror}")
