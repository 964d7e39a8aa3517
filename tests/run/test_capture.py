"""The capture thread: what it delivers, reports, survives, and how it is abandoned. Time is a fake's."""

import random
import threading
from collections.abc import Iterable

import pytest

from edge.run.capture import Capture, CaptureSpec
from edge.run.newest_slot import NewestSlot
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.errors import CameraError
from edge.values.moment import NS_PER_S
from tests.fakes.box import eventually
from tests.fakes.camera import HANG, STUCK, FakeCamera, Scene
from tests.fakes.clock import FakeClock
from tests.fakes.frames import grey_frame

PATIENCE_S = 60.0  # only a broken program waits this long


class Street:
    """A capture with scripted connections; the last one stays as it is for ever."""

    def __init__(self, *connections: Iterable[Scene] | CameraError, spec: CaptureSpec | None = None) -> None:
        self.clock = FakeClock()
        self.freed = threading.Event()
        self.cameras: list[FakeCamera] = []
        self.first_numbers: list[int] = []
        self.waits: list[float] = []
        self.reports: list[CameraReport] = []
        self._connections = iter(connections)
        self._exhausted = threading.Event()
        self.slot = NewestSlot(NS_PER_S, threading.Event())
        self.capture = Capture(
            "gate",
            self._open,
            self.slot,
            self.reports.append,
            self.clock,
            random.Random(7),
            spec,
            sleep=self._sleep,
        )

    def _open(self, first_seq: int) -> FakeCamera:
        self.first_numbers.append(first_seq)
        connection = next(self._connections, None)
        if connection is None:
            self._exhausted.set()
        if isinstance(connection, CameraError):
            raise connection
        camera = FakeCamera(connection or [HANG], self.freed)
        self.cameras.append(camera)
        return camera

    def _sleep(self, over: threading.Event, seconds: float) -> None:
        del over
        if seconds:
            self.waits.append(seconds)
            self.clock.pass_s(seconds)

    def play(self) -> "Street":
        """Run until all scripted connections are over, then stop."""
        self.capture.start()
        assert self._exhausted.wait(PATIENCE_S)
        self.stop()
        return self

    def stop(self) -> None:
        self.freed.set()
        self.capture.stop()
        self.join()

    def join(self) -> None:
        """Wait until all capture threads are gone."""
        for thread in threading.enumerate():
            if thread.name == "capture-gate":
                thread.join(PATIENCE_S)

    @property
    def told(self) -> list[tuple[CameraState, Reason]]:
        return [(report.state, report.reason) for report in self.reports]


def broke(reason: Reason) -> CameraError:
    return CameraError("it broke", reason)


def test_it_is_connecting_until_the_first_frame() -> None:
    street = Street()
    assert (street.capture.state.state, street.capture.state.reason) == (
        CameraState.CONNECTING,
        Reason.STARTING,
    )


def test_frames_go_to_the_slot_and_the_camera_is_ok() -> None:
    street = Street([grey_frame(seq=0), grey_frame(seq=1), broke(Reason.STREAM_ENDED)]).play()
    newest = street.slot.take()
    assert newest is not None and newest.seq == 1
    assert street.slot.replaced == 1
    assert street.told == [(CameraState.OK, Reason.NONE), (CameraState.DEAD, Reason.STREAM_ENDED)]


def test_each_change_is_told_once_with_its_beginning() -> None:
    street = Street(broke(Reason.UNREACHABLE), broke(Reason.UNREACHABLE), broke(Reason.UNAUTHORISED)).play()
    assert street.told == [(CameraState.DEAD, Reason.UNREACHABLE), (CameraState.DEAD, Reason.UNAUTHORISED)]
    first, second = street.reports
    assert first.since == second.since == first.moment < second.moment


def test_it_reconnects_for_ever_with_growing_jittered_waits() -> None:
    street = Street(*[broke(Reason.UNREACHABLE)] * 12).play()
    assert len(street.waits) == 12
    for index, wait in enumerate(street.waits):
        most = min(60.0, 2.0**index)
        assert most / 2 <= wait <= most
    assert len({round(wait / min(60.0, 2.0**index), 6) for index, wait in enumerate(street.waits)}) == 12


def test_frames_for_long_enough_forgive_earlier_failures() -> None:
    spec = CaptureSpec(healthy_s=10.0)
    street = Street(
        *[broke(Reason.UNREACHABLE)] * 5, [grey_frame(seq=0), broke(Reason.STREAM_ENDED)], spec=spec
    )
    street.play()
    assert street.waits[5] >= 16.0

    class Watched(FakeCamera):
        def read(self):  # type: ignore[no-untyped-def]
            healthy.clock.pass_s(6.0)
            return super().read()

    healthy = Street(*[broke(Reason.UNREACHABLE)] * 5, [], spec=spec)
    scripted = healthy._open

    def opened(first_seq: int) -> FakeCamera:
        camera = scripted(first_seq)
        script: list[Scene] = [*(grey_frame(seq=n) for n in range(4)), broke(Reason.STREAM_ENDED)]
        return Watched(script) if len(healthy.cameras) == 1 else camera

    healthy.capture._opener = opened
    healthy.play()
    assert healthy.waits[5] <= 1.0


def test_numbers_go_on_over_connections() -> None:
    street = Street(
        [grey_frame(seq=0), grey_frame(seq=1), broke(Reason.STREAM_ENDED)],
        [grey_frame(seq=2), broke(Reason.HUNG)],
    )
    street.play()
    assert street.first_numbers == [0, 2, 3]


def test_every_connection_is_closed() -> None:
    street = Street(
        [grey_frame(), broke(Reason.CORRUPT)], [broke(Reason.HUNG)], [grey_frame(seq=1), broke(Reason.HUNG)]
    )
    street.play()
    assert all(camera.closed for camera in street.cameras)


def test_the_end_of_a_file_ends_the_capture() -> None:
    street = Street([grey_frame(seq=0), None])
    street.capture.start()
    street.join()
    assert street.told[-1] == (CameraState.ENDED, Reason.END_OF_FILE)
    assert street.first_numbers == [0]
    assert street.cameras[0].closed


def test_a_view_that_is_not_its_place_is_told_and_withdrawn() -> None:
    street = Street([grey_frame(seq=0), HANG])
    street.capture.start()
    wait_until_reading(street)
    eventually(lambda: street.capture.state.state is CameraState.OK)
    street.capture.viewed(Reason.COVERED_PICTURE)
    street.capture.viewed(Reason.COVERED_PICTURE)
    street.capture.viewed(Reason.NONE)
    assert street.told[1:] == [(CameraState.IMPAIRED, Reason.COVERED_PICTURE), (CameraState.OK, Reason.NONE)]
    street.capture.stop()


def wait_until_reading(street: Street, connection: int = 0) -> None:
    deadline = threading.Event()
    for _ in range(int(PATIENCE_S * 100)):
        if len(street.cameras) > connection and street.cameras[connection].reading.wait(0.01):
            return
        deadline.wait(0.01)
    raise AssertionError("the camera was never read")


def test_a_read_that_blocks_too_long_is_abandoned_and_the_camera_opened_again() -> None:
    street = Street([STUCK], [grey_frame(seq=0), HANG])
    street.capture.start()
    wait_until_reading(street)
    street.clock.pass_s(8.9)
    street.capture.check()
    assert street.told == []
    street.clock.pass_s(0.2)
    street.capture.check()
    assert street.told == [(CameraState.DEAD, Reason.HUNG)]
    wait_until_reading(street, connection=1)
    street.stop()
    assert street.told[-1] == (CameraState.OK, Reason.NONE)
    assert street.capture.count.abandoned == 1
    assert not street.capture.stuck


def test_dead_is_told_within_ten_seconds_of_the_last_frame() -> None:
    assert CaptureSpec().read_s + 0.5 < 10.0


def test_what_an_abandoned_thread_brings_is_ignored() -> None:
    street = Street([STUCK, grey_frame(seq=99)], [grey_frame(seq=0), HANG])
    street.capture.start()
    wait_until_reading(street)
    street.clock.pass_s(10)
    street.capture.check()
    wait_until_reading(street, connection=1)
    street.stop()
    assert street.capture.count.frames == 1
    assert street.first_numbers == [0, 0]


def test_too_many_stuck_threads_ask_for_the_end_of_the_worker() -> None:
    street = Street(*[[STUCK]] * 9, spec=CaptureSpec(most_abandoned=2))
    street.capture.start()
    for connection in range(3):
        assert not street.capture.stuck
        wait_until_reading(street, connection)
        street.clock.pass_s(100)
        street.capture.check()
    assert street.capture.stuck
    street.capture.check()
    assert len(street.cameras) == 3
    street.stop()


def test_opening_may_take_longer_than_reading_but_not_for_ever() -> None:
    street = Street()
    opening, freed = threading.Event(), threading.Event()

    def blocked(first_seq: int) -> FakeCamera:
        opening.set()
        freed.wait(PATIENCE_S)
        return FakeCamera([grey_frame(seq=first_seq)])

    street.capture._opener = blocked
    street.capture.start()
    assert opening.wait(PATIENCE_S)
    street.clock.pass_s(15)
    street.capture.check()
    assert street.told == []
    street.clock.pass_s(6)
    street.capture.check()
    assert street.told == [(CameraState.DEAD, Reason.HUNG)]
    freed.set()
    street.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_the_program_is_kept_for_its_owner() -> None:
    street = Street()

    def wrong(first_seq: int) -> FakeCamera:
        raise RuntimeError("a fault")

    street.capture._opener = wrong
    street.capture.start()
    street.stop()
    assert isinstance(street.capture.fault, RuntimeError)


def test_after_stop_nothing_is_told_or_delivered() -> None:
    street = Street([grey_frame(seq=0), HANG])
    street.capture.start()
    wait_until_reading(street)
    street.stop()
    told, frames = len(street.reports), street.capture.count.frames
    street.clock.pass_s(1000)
    street.capture.check()
    assert (len(street.reports), street.capture.count.frames) == (told, frames)
    assert street.cameras[0].closed
