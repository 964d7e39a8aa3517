"""Cameras on a real RTSP server, and on servers that misbehave."""

import contextlib
import random
import threading
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import SourceCount, SourceSpec, Transport
from edge.adapters.clock import SystemClock
from edge.run.capture import Capture, CaptureSpec
from edge.run.newest_slot import NewestSlot
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.errors import CameraError
from edge.values.frame import Frame, Size
from edge.values.moment import NS_PER_S
from tests.fakes.clips import access_units, clip
from tests.fakes.rtsp_server import RtspServer, free_port, rtsp_server
from tests.fakes.silent_server import SilentServer

pytestmark = pytest.mark.process

HANG_S = 3.0
SMALL = {"x264-params": "keyint=10:bframes=0:sliced-threads=0:rc-lookahead=0"}
PATIENCE_S = 90.0  # only a broken program waits this long


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return access_units(tmp_path_factory.mktemp("rtsp") / "street.h264")


@contextlib.contextmanager
def serving(units: Path, **options: object) -> Iterator[RtspServer]:
    server = rtsp_server(units, **options)
    try:
        yield server
    finally:
        server.kill()


def opened(url: str, **spec: object) -> AvSource:
    chosen = SourceSpec(url, **{"hang_s": HANG_S, **spec})  # type: ignore[arg-type]
    return AvSource(chosen, "gate", "run", lambda size: Size(160, 90), SystemClock())


def reason_of(url: str, **spec: object) -> Reason:
    with pytest.raises(CameraError) as caught:
        opened(url, **spec)
    assert "secret" not in str(caught.value) + repr(caught.value.__cause__)
    return caught.value.reason


def some_frames(camera: AvSource, count: int) -> list[Frame]:
    frames = [camera.read() for _ in range(count)]
    return [frame for frame in frames if frame is not None]


@pytest.mark.parametrize("transport", list(Transport))
def test_a_camera_is_sampled_over_either_transport(units: Path, transport: Transport) -> None:
    with serving(units) as server:
        camera = opened(server.url, transport=transport)
        frames = some_frames(camera, 12)
        assert [frame.seq for frame in frames] == list(range(12))
        assert all(b.moment.seconds_since(a.moment) > 0.1 for a, b in pairwise(frames))
        assert {(frame.size, frame.source) for frame in frames} == {(Size(160, 90), Size(320, 180))}
        camera.close()


def test_credentials_are_needed_and_kept_to_itself(units: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with serving(units, user="operator", password="p@ss:secret/1") as server:
        inside = server.url.replace("rtsp://", "rtsp://operator:wrong-secret@")
        assert reason_of(server.url) is Reason.UNAUTHORISED
        assert reason_of(inside) is Reason.UNAUTHORISED
        camera = opened(inside, username="operator", password="p@ss:secret/1")
        assert camera.read() is not None
        camera.close()
    assert "secret" not in "".join(capfd.readouterr())


def test_a_wrong_path_and_a_wrong_port_are_told_apart(units: Path) -> None:
    with serving(units) as server:
        assert reason_of(f"{server.url}-not") is Reason.NOT_FOUND
    assert reason_of(f"rtsp://127.0.0.1:{free_port()}/street") is Reason.UNREACHABLE
    assert reason_of("rtsp://no-such-host.invalid/street") is Reason.UNREACHABLE


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_server_that_accepts_and_says_nothing_is_hung(scheme: str) -> None:
    with SilentServer() as server:
        assert reason_of(f"{scheme}://127.0.0.1:{server.port}/street", hang_s=1.0) is Reason.HUNG


def test_a_server_that_stops_in_mid_stream_is_hung(units: Path) -> None:
    with serving(units) as server:
        camera = opened(server.url, hang_s=2.0)
        assert camera.read() is not None
        server.pause()
        with pytest.raises(CameraError) as caught:
            some_frames(camera, 100)
        assert caught.value.reason is Reason.HUNG
        camera.close()


def test_a_http_camera_sends_pictures_and_then_hangs(tmp_path: Path) -> None:
    path = clip(tmp_path / "camera.mjpeg", 12, fps=5, codec="mjpeg", options={}, pixel_format="yuvj420p")
    pictures = [b"\xff\xd8" + part for part in path.read_bytes().split(b"\xff\xd8")[1:]]
    head = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"
    parts = [
        b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%b\r\n" % (len(picture), picture)
        for picture in pictures
    ]
    with SilentServer([head, *parts], every_s=0.2) as server:
        camera = opened(f"http://127.0.0.1:{server.port}/video.mjpg", hang_s=2.0)
        assert camera.decoder == "mjpeg (software)"
        frames = some_frames(camera, 6)
        assert {frame.source for frame in frames} == {Size(320, 180)}
        assert camera.count.read < 12, "five a second were sent, with times that libav makes up"
        with pytest.raises(CameraError) as caught:
            some_frames(camera, 100)
        assert caught.value.reason is Reason.HUNG
        camera.close()


def test_a_camera_that_changes_its_resolution_is_followed(tmp_path: Path) -> None:
    units = access_units(tmp_path / "changing.h264", (320, 180), (640, 360), pictures=10)
    with serving(units) as server:
        camera = opened(server.url)
        sizes = {frame.source for frame in some_frames(camera, 15)}
        assert sizes == {Size(320, 180), Size(640, 360)}
        camera.close()


def test_a_camera_that_sends_fewer_pictures_than_it_announced_is_sampled_as_often(tmp_path: Path) -> None:
    """As many do at night: 25 a second for two seconds, then 8; every second one no other is built on."""
    every_second = f"{SMALL['x264-params']}:bframes=1:b-adapt=0:b-pyramid=none:scenecut=0".replace(
        "keyint=10", "keyint=50"
    )
    day = clip(tmp_path / "day.ts", 130, fps=25, options={"x264-params": every_second}, size=(160, 96))
    dusk = tmp_path / "dusk.ts"
    with av.open(str(day)) as opened_clip, av.open(str(dusk), "w", format="mpegts") as output:
        stream = output.add_stream_from_template(opened_clip.streams.video[0])
        for packet in opened_clip.demux(video=0):
            if packet.size:
                shown, decoded = (slowed(time - 3_600) for time in (packet.pts, packet.dts))
                packet.stream, packet.time_base = stream, Fraction(1, 90_000)
                packet.pts, packet.dts = 90_000 + shown, 81_000 + decoded
                output.mux(packet)
    head = b"HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n"
    with SilentServer([head, dusk.read_bytes()]) as server:
        camera = opened(f"http://127.0.0.1:{server.port}/video.ts", hang_s=2.0)
        with pytest.raises(CameraError):
            some_frames(camera, 200)
        camera.close()
    assert camera.count.sampled >= 45, "five a second of at least nine seconds"


def slowed(time: int) -> int:
    """Presentation time of a picture that had this one at 25 a second, 1/90,000 s."""
    number = round(time / 3_600)
    return 3_600 * number if number < 50 else 180_000 + 11_250 * (number - 50)


@pytest.mark.parametrize("unit", [1, 100])
def test_a_camera_whose_times_hardly_pass_is_timed_by_arrival(tmp_path: Path, unit: int) -> None:
    """Pictures counted where 1/90,000 s are wanted, or milliseconds: it was given up as hung, for ever."""
    path = clip(tmp_path / "camera.ts", 200, fps=10, options=SMALL, size=(160, 96))
    crawling = tmp_path / "crawling.ts"
    with av.open(str(path)) as opened_clip, av.open(str(crawling), "w", format="mpegts") as output:
        stream = output.add_stream_from_template(opened_clip.streams.video[0])
        for number, packet in enumerate(opened_clip.demux(video=0)):
            if packet.size:
                packet.stream, packet.time_base = stream, Fraction(1, 90_000)
                packet.pts = packet.dts = 90_000 + number * unit
                output.mux(packet)
    sent = crawling.read_bytes()
    piece = len(sent) // 200
    head = b"HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n"
    parts = [sent[at : at + piece] for at in range(0, len(sent), piece)]
    with SilentServer([head, *parts], every_s=0.1) as server:
        camera = opened(f"http://127.0.0.1:{server.port}/video.ts", hang_s=2 * HANG_S)
        frames = some_frames(camera, 8)
        camera.close()
    assert len(frames) == 8


class Watched:
    """A capture of a real camera, with its reports."""

    def __init__(self, url: str) -> None:
        self._told = threading.Condition()
        self.reports: list[CameraReport] = []
        self.count = SourceCount()
        clock, spec = SystemClock(), SourceSpec(url, hang_s=HANG_S)
        self.slot = NewestSlot(NS_PER_S, threading.Event())
        self.capture = Capture(
            "gate",
            lambda seq: AvSource(
                spec, "gate", "run", lambda size: size, clock, first_seq=seq, count=self.count
            ),
            self.slot,
            self._tell,
            clock,
            random.Random(3),
            CaptureSpec(hang_s=HANG_S),
        )
        self._over = threading.Event()
        self._checker = threading.Thread(target=self._check)

    def _tell(self, report: CameraReport) -> None:
        with self._told:
            self.reports.append(report)
            self._told.notify_all()

    def _check(self) -> None:
        while not self._over.wait(0.5):
            self.capture.check()

    def __enter__(self) -> "Watched":
        self._checker.start()
        self.capture.start()
        return self

    def __exit__(self, *ignored: object) -> None:
        self.capture.stop()
        self._over.set()
        self._checker.join()

    def wait_for(self, state: CameraState, after: int = 0) -> CameraReport:
        """The first report of this state from the `after`th on."""

        def found() -> list[CameraReport]:
            return [report for report in self.reports[after:] if report.state is state]

        with self._told:
            assert self._told.wait_for(found, PATIENCE_S), [(r.state, r.reason) for r in self.reports]
            return found()[0]


def test_a_server_killed_and_started_again_comes_back_by_itself(units: Path) -> None:
    with serving(units) as server, Watched(server.url) as watched:
        watched.wait_for(CameraState.OK)
        server.kill()
        dead = watched.wait_for(CameraState.DEAD)
        assert dead.reason in (Reason.STREAM_ENDED, Reason.UNREACHABLE)
        server.start()
        watched.wait_for(CameraState.OK, after=watched.reports.index(dead))
        assert watched.capture.count.connects == 2
        assert watched.capture.count.abandoned == 0


def test_an_unplugged_camera_is_dead_and_comes_back(units: Path) -> None:
    with serving(units) as server, Watched(server.url) as watched:
        watched.wait_for(CameraState.OK)
        server.pause()
        frames = watched.capture.count.frames
        dead = watched.wait_for(CameraState.DEAD)
        assert dead.reason is Reason.HUNG
        server.resume()
        watched.wait_for(CameraState.OK, after=watched.reports.index(dead))
        assert watched.capture.count.frames > frames
