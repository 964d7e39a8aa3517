"""What every camera must keep to, the scripted one and the real one."""

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace, SourceSpec
from edge.adapters.clock import SystemClock
from edge.ports import Camera
from edge.values.camera_state import Reason
from edge.values.errors import CameraError
from tests.fakes.camera import HANG, FakeCamera
from tests.fakes.clips import clip, hollow
from tests.fakes.frames import grey_frame

Make = Callable[[Path, bool], Camera]


def fake(folder: Path, blocks: bool) -> Camera:
    del folder
    return FakeCamera([grey_frame(seq=0), *([HANG] if blocks else []), grey_frame(seq=1), grey_frame(seq=2)])


def av(folder: Path, blocks: bool) -> Camera:
    path = clip(folder / "street.mp4", 30, fps=10)
    pace = Pace.REALTIME if blocks else Pace.FAST
    spec = SourceSpec(str(path), pace=pace, detect_fps=0.4 if blocks else 5.0)
    return AvSource(spec, "gate", "run", lambda size: size, SystemClock())


@pytest.fixture(params=[fake, av])
def make(request: pytest.FixtureRequest) -> Make:
    chosen: Make = request.param
    return chosen


def broken_fake(folder: Path) -> Camera:
    del folder
    return FakeCamera([grey_frame(), CameraError("it broke", Reason.CORRUPT)])


def broken_av(folder: Path) -> Camera:
    empty = hollow(clip(folder / "whole.mkv", 10), folder / "hollow.mkv")
    return AvSource(SourceSpec(str(empty), pace=Pace.FAST), "gate", "run", lambda size: size, SystemClock())


@pytest.fixture(params=[broken_fake, broken_av])
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Camera:
    camera: Camera = request.param(tmp_path)
    return camera


def test_frames_are_numbered_without_gaps_and_their_moments_grow(make: Make, tmp_path: Path) -> None:
    camera = make(tmp_path, False)
    frames = []
    while (frame := camera.read()) is not None:
        frames.append(frame)
    assert [frame.seq for frame in frames] == list(range(len(frames)))
    assert all(a.moment < b.moment for a, b in itertools.pairwise(frames))
    assert not any(frame.pixels.flags.writeable for frame in frames)
    camera.close()


def test_the_end_stays_the_end(make: Make, tmp_path: Path) -> None:
    camera = make(tmp_path, False)
    while camera.read() is not None:
        pass
    assert camera.read() is None
    camera.close()


def test_a_broken_camera_stays_broken(broken: Camera) -> None:
    for _ in range(2):
        with pytest.raises(CameraError) as caught:
            while broken.read() is not None:
                pass
        assert caught.value.reason is Reason.CORRUPT
    broken.close()


def test_a_closed_camera_gives_nothing_and_may_be_closed_again(make: Make, tmp_path: Path) -> None:
    camera = make(tmp_path, False)
    assert camera.read() is not None
    camera.close()
    camera.close()
    with pytest.raises(CameraError) as caught:
        camera.read()
    assert caught.value.reason is Reason.WORKER_STOPPED


def test_closing_from_another_thread_ends_a_read_that_blocks(make: Make, tmp_path: Path) -> None:
    camera = make(tmp_path, True)
    assert camera.read() is not None
    outcome: list[object] = []

    def read() -> None:
        try:
            outcome.append(camera.read())
        except CameraError as error:
            outcome.append(error.reason)

    reader = threading.Thread(target=read)
    reader.start()
    camera.close()
    reader.join(timeout=60)
    assert outcome == [Reason.WORKER_STOPPED]
