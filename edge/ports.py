"""The ports: what the program needs of the outside, at most two methods each.

Each port has one contract suite in `tests/contract`, run on the fake in `tests/fakes`
and on the real adapter.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from edge.values.audit import AuditEntry, Receipt
from edge.values.deletion import Deletion
from edge.values.delivery import Pending, Reply, Settlement
from edge.values.hold import Hold
from edge.values.lanes import FREE, Passage
from edge.values.message import RedactedMessage
from edge.values.moment import Moment
from edge.values.press import Press
from edge.values.recorded import Recorded
from edge.values.retention import Doom, Kept
from edge.values.segment import SlotId
from edge.values.unrecorded import Unrecorded

if TYPE_CHECKING:  # numpy takes 20 MB, and not every process has pictures
    from edge.values.density import DensityMap
    from edge.values.detections import Detections, NotAnswered
    from edge.values.frame import Frame


class Camera(Protocol):
    """A source of sampled frames; opened by its constructor's caller, used by one capture thread."""

    def read(self) -> "Frame | None":
        """The next sampled frame, blocking until it is there; None at the end of a file.

        Raises:
            CameraError: the stream broke; open a new one.
        """

    def close(self) -> None:
        """Let go of the stream; safe from another thread, also while `read` blocks."""


class Detector(Protocol):
    """Finds objects in a frame; one session, one thread at a time."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes, by class index."""

    def detect(self, frame: "Frame") -> "Detections | NotAnswered":
        """Objects in the frame, boxes in its pixels, by descending score."""


class CrowdCounter(Protocol):
    """Counts people who stand too densely to be found one by one; one session, one thread at a time."""

    def count(self, frame: "Frame") -> "DensityMap | NotAnswered":
        """How many people stand where in the frame's wide picture.

        Raises:
            ValueError: the frame has no wide picture.
        """


class Outbox(Protocol):
    """The durable queue between what was seen and what was sent."""

    def put(self, messages: Sequence[RedactedMessage]) -> None:
        """Commit all messages, in order, or none; they survive a power cut once this returns.

        Raises:
            StorageError: nothing was committed.
        """


class Backlog(Protocol):
    """The reading end of the outbox; one process at a time has it."""

    def take(self, limit: int, urgent: bool = False, passage: Passage = FREE) -> Sequence[Pending]:
        """The next messages in the order they are to be sent; none of them twice until it is settled back.

        `urgent` asks for live alarms alone, of a backlog that knows them: it lets them overtake what waits.
        `passage` says of which lanes, and of which only one each. Messages of a lane that rested come
        between those of the others, in their order.

        Raises:
            StorageError: nothing was taken.
        """

    def settle(self, settlement: Settlement) -> None:
        """Let go of delivered messages, set aside dead ones, and put the others back in their place.

        Raises:
            StorageError: nothing was settled.
        """


class Broker(Protocol):
    """One connection to a broker; opened and closed by its constructor's caller."""

    def send(self, messages: Sequence[Pending]) -> None:
        """Hand messages over for sending, in order; what became of them comes by `replies`.

        Raises:
            BrokerError: the connection is lost; what was not judged may or may not have arrived.
        """

    def replies(self, wait_s: float) -> Reply:
        """What the broker said since the last call; waits at most `wait_s` for a first word.

        Raises:
            BrokerError: the connection is lost; what was not judged may or may not have arrived.
        """


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> Moment:
        """Both clocks, read now."""


class Tape(Protocol):
    """A stream that is recorded as it comes; opened by its constructor's caller, used by one thread."""

    @property
    def packets(self) -> int:
        """How many packets came until now; a stream that lives makes it grow."""

    def read(self) -> Recorded | None:
        """The next piece of a stretch, blocking until there is one; None at a file's end or after `close`.

        The last piece of a stretch comes whatever happens to the stream.

        Raises:
            CameraError: the stream broke; what it had sent until then was given out before.
        """

    def close(self) -> None:
        """Ask for the end: `read` gives out what it has, and then None; safe from another thread."""


class FootageStore(Protocol):
    """Where recorded video goes in and does not come out."""

    def put(self, what: Recorded | Unrecorded) -> None:
        """Seal a piece, or note what is missing; it survives a power cut once its last piece was put.

        Raises:
            StorageError: nothing of its stretch was kept.
        """

    def tend(self, now: Moment) -> None:
        """Forget the keys of slots that are over."""


class Inventory(Protocol):
    """What footage there is."""

    def kept(self) -> Sequence[Kept]:
        """Every slot that is not doomed, with the holds that keep it.

        Raises:
            StorageError: nobody can say; nothing may be deleted.
        """

    def doomed(self) -> Sequence[Doom]:
        """Slots whose deletion was begun and not finished.

        Raises:
            StorageError: nobody can say.
        """


class HoldBook(Protocol):
    """The holds."""

    def place(self, hold: Hold) -> None:
        """Enter a hold, or its new state; it keeps its footage once this returns.

        Raises:
            StorageError: it was not entered.
        """

    def holds(self) -> Sequence[Hold]:
        """All holds, released ones too.

        Raises:
            StorageError: nobody can say; nothing may be deleted.
        """


class Presses(Protocol):
    """Presses of a panic button that wait to be carried out."""

    def waiting(self) -> Iterator[Press]:
        """Those that wait, oldest first.

        Raises:
            StorageError: nobody can say.
        """

    def done(self, press: Press) -> None:
        """Take out one that was carried out.

        Raises:
            StorageError: it stays, and will be carried out once more.
        """


class Undertaker(Protocol):
    """Deletes a slot's footage for ever; one process at a time has it."""

    def doom(self, doom: Doom) -> bool:
        """Mark a slot, unless a hold keeps it; whether it is marked, and then no hold can keep it any more.

        Raises:
            StorageError: it was not marked.
        """

    def bury(self, slot: SlotId, deletion: Deletion) -> None:
        """Destroy the key of a marked slot, then its files, and put the certificate in their place.

        Raises:
            StorageError: it is not finished, and has to be done again.
        """


class Audit(Protocol):
    """The record of what was done; nothing that wants an entry happens before it has one."""

    def append(self, entry: AuditEntry) -> Receipt:
        """Write an entry; it survives a power cut once this returns.

        Raises:
            StorageError: nothing was written, so what it tells of may not happen.
        """


class Verifier(Protocol):
    """Checks signatures."""

    def verify(self, key: bytes, covered: bytes, signature: bytes) -> bool:
        """Whether `signature` (64 bytes) on `covered` was made with the private half of `key` (32 bytes).

        Ed25519, RFC 8032. A key or signature that is none is no valid one.
        """


class Signer(Protocol):
    """Signs with one key that never leaves it."""

    @property
    def key(self) -> bytes:
        """The public half, 32 bytes."""

    def sign(self, covered: bytes) -> bytes:
        """The signature on these bytes, 64 bytes; Ed25519, RFC 8032."""
