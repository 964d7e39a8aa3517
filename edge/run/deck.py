"""The recording of one camera: a thread that opens, reads, seals, and opens again for ever.

Law: nothing that a camera or the disk does ends it. What could not be recorded or sealed becomes a gap with
a cause; a gap that cannot be written down, because the disk is full, is written down when it can be.
"""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from edge.footage.admission import Admission, Mode, whole
from edge.footage.gaps import Gaps
from edge.ports import Clock, FootageStore, Tape
from edge.run.backoff import Backoff
from edge.values.camera_state import Reason
from edge.values.errors import CameraError, FootageError, StorageError
from edge.values.moment import Moment
from edge.values.recorded import Recorded
from edge.values.segment import FootageClass
from edge.values.unrecorded import Unrecorded, UnrecordedCause

log = logging.getLogger("record")

HEALTHY_S = 30.0


@dataclass(frozen=True, slots=True)
class DeckSpec:
    """How one camera is recorded.

    Attributes:
        segment_s: usual length of a segment, seconds.
        hang_s: longest silence that the stream's own adapter lets pass, seconds.
        mode: when footage is kept.
        before_s: with `Mode.ON_HOLD`, how long the past waits in memory, seconds.
    """

    segment_s: float = 20.0
    hang_s: float = 8.0
    mode: Mode = Mode.ALWAYS
    before_s: float = 60.0

    @property
    def patience_s(self) -> float:
        """Silence after which the thread is stuck, seconds: opening and reading give up long before."""
        return 2 * self.hang_s + 4.0


@dataclass(slots=True)
class DeckCount:
    """What one recording lived through."""

    segments: int = 0
    kib: int = 0
    connects: int = 0
    failures: int = 0
    refused: int = 0
    unsealed: int = 0


class Deck:
    """Records one camera."""

    def __init__(
        self,
        camera: str,
        opener: Callable[[], Tape],
        store: FootageStore,
        clock: Clock,
        chance: random.Random,
        spec: DeckSpec,
        *,
        ended_ns: int | None = None,
        held: Callable[[Recorded], bool] = lambda _: False,
        room: Callable[[], bool] = lambda: True,
    ) -> None:
        """A recording that has not begun.

        Args:
            camera: camera id.
            opener: opens its stream.
            store: where stretches and gaps go.
            clock: tells the time.
            chance: jitter of the back-off.
            spec: how it is recorded.
            ended_ns: end of the last picture in the store, UTC ns; None where there is none.
            held: whether a hold covers a stretch.
            room: whether the disk has room for footage that nobody holds.
        """
        self.camera = camera
        self.count = DeckCount()
        self.fault: BaseException | None = None
        self._opener, self._store, self._clock, self._spec = opener, store, clock, spec
        self._held, self._room = held, room
        self._backoff = Backoff(chance)
        self._admission = Admission(spec.mode, spec.before_s)
        self._gaps = Gaps(camera, ended_ns, clock.now())
        self._owed: list[Unrecorded] = []
        self._telling = threading.Lock()  # of gaps, which two threads do
        self._waiting: list[Recorded] | None = None
        self._is_lost = False
        self._stop = threading.Event()
        self._tape: Tape | None = None
        self._busy = False
        self._seen = (0, clock.now())
        self._thread = threading.Thread(target=self._run, name=f"record-{camera}", daemon=True)
        self.state = "starting"

    def start(self) -> None:
        """Begin to record."""
        self._thread.start()

    def stop(self) -> None:
        """Ask for the end; what was recorded until now is sealed."""
        self._stop.set()
        if self._tape is not None:
            self._tape.close()

    def join(self, wait_s: float) -> bool:
        """Wait for the end; whether it came."""
        self._thread.join(wait_s)
        return not self._thread.is_alive()

    def is_stuck(self, now: Moment) -> bool:
        """Whether the thread hangs in the camera; to be asked every second."""
        packets = 0 if self._tape is None else self._tape.packets
        if not self._busy or packets != self._seen[0]:
            self._seen = (packets, now)
        return now.seconds_since(self._seen[1]) > self._spec.patience_s

    def tell_gap(self, now: Moment) -> None:
        """Write down a gap that goes on, so that a crash does not hide it."""
        with self._telling:
            gap = self._gaps.open(now, 2 * self._spec.segment_s)
            if gap is not None:
                self._put_gap(gap)

    def _run(self) -> None:
        wait_s = 0.0
        try:
            while not self._stop.wait(wait_s):
                wait_s = self._connection()
        except BaseException as fault:
            self.fault = fault
            raise

    def _connection(self) -> float:
        """From opening to the end; how long to wait for the next, for ever after the end of a file."""
        began = self._clock.now()
        try:
            self._busy = True
            self._tape = self._opener()
            self.count.connects += 1
            self._read_on(self._tape)
        except CameraError as error:
            self.count.failures += 1
            self.state = error.reason.value
            wrong = error.reason in (Reason.CORRUPT, Reason.NO_VIDEO)
            self._gaps.failed(UnrecordedCause.FORMAT if wrong else UnrecordedCause.CAMERA)
            log.warning("camera %s is not recorded: %s", self.camera, error)
        else:
            self.state = "ended"
            self._stop.set()
        finally:
            self._busy = False
            self._tape = None
        if self._clock.now().seconds_since(began) >= HEALTHY_S:
            self._backoff.reset()
        return self._backoff.next_s()

    def _read_on(self, tape: Tape) -> None:
        if self._stop.is_set():
            tape.close()
        while (piece := tape.read()) is not None:
            self._take(piece)

    def _take(self, piece: Recorded) -> None:
        """A piece goes in at once, or waits for the end of its stretch where only that decides."""
        if piece.opens:
            self._waiting = None if self._admission.passes(self._room()) else []
            self._is_lost = False
        if self._waiting is None:
            self._keep(piece, (self._of_its_class(piece),))
            return
        self._waiting.append(piece)
        if piece.closes:
            self._judge(whole(self._waiting))
            self._waiting = []

    def _of_its_class(self, piece: Recorded) -> Recorded:
        is_event = piece.closes and self._held(piece)
        return replace(piece, footage_class=FootageClass.EVENT) if is_event else piece

    def _judge(self, stretch: Recorded) -> None:
        verdict = self._admission.judge(stretch, self._held(stretch), self._room())
        if verdict.refused:
            self.count.refused += 1
            self.state = "no room"
            self._gaps.failed(UnrecordedCause.HELD)
            return
        self._keep(stretch, verdict.kept)

    def _keep(self, piece: Recorded, kept: Sequence[Recorded]) -> None:
        """Put what is kept, and the gap before it; where that fails, the rest of this stretch is lost."""
        if self._is_lost:
            return
        if piece.opens:
            self._begin(piece)
        try:
            for each in kept:
                self._store.put(each)
                self.count.segments += each.closes
                self.count.kib += len(each.container) >> 10
        except (StorageError, FootageError) as error:
            self._is_lost = True
            self.count.unsealed += 1
            self.state = "not sealed"
            self._gaps.failed(UnrecordedCause.DISK)
            log.error("camera %s: %s", self.camera, error)
            return
        self.state = "recording"
        if piece.closes:
            with self._telling:
                self._gaps.recorded(piece)
                self._pay()

    def _begin(self, piece: Recorded) -> None:
        with self._telling:
            gap = self._gaps.before(piece)
            if gap is not None:
                self._put_gap(gap)

    def _put_gap(self, gap: Unrecorded) -> None:
        self._owed = [owed for owed in self._owed if owed.began_ns != gap.began_ns] + [gap]
        self._pay()

    def _pay(self) -> None:
        """Write down what is owed; what the disk does not take stays owed."""
        try:
            while self._owed:
                self._store.put(self._owed[0])
                del self._owed[0]
        except StorageError as error:
            log.error("camera %s: a gap cannot be written down yet: %s", self.camera, error)
