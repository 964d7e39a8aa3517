"""A moving camera whose own MPEG-TS says where it is: frames have the fix of their time, also live."""

import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import cycle
from pathlib import Path

import av
import numpy as np
import pytest

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace, SourceSpec
from edge.adapters.av_stream import options
from edge.adapters.clock import SystemClock
from edge.ground.telemetry import Telemetry
from edge.values.errors import CameraError
from edge.values.frame import Frame
from tests.fakes.klv import LEVEL, packet

FPS, PICTURES, CLIMB_MPS = 10, 40, 10.0


def muxed(path: Path, sets: list[int], damaged: int | None = None) -> Path:
    """A climb of 10 m/s from 60 m above the ground; the pictures of `sets` have telemetry with them."""
    with av.open(str(path), "w", format="mpegts") as file:
        video, data = file.add_stream("libx264", rate=FPS), file.add_data_stream("klv")
        video.width, video.height, video.pix_fmt, video.options = 64, 48, "yuv420p", {"g": "10"}
        data.time_base = Fraction(1, 90_000)
        for index in range(PICTURES):
            if index in sets:
                values = {**LEVEL, 15: 560.0 + CLIMB_MPS * index / FPS}
                told = packet(1_700_000_000_000_000 + index * 100_000, values)
                told = told[:-1] + bytes([told[-1] ^ 1]) if index == damaged else told
                sent = av.Packet(told)
                sent.stream, sent.time_base = data, data.time_base
                sent.pts = sent.dts = index * 90_000 // FPS
                file.mux(sent)
            shown = np.full((48, 64, 3), (40 + 3 * index) % 216 + 30, np.uint8)
            picture = av.VideoFrame.from_ndarray(shown, format="rgb24")
            picture.pts, picture.time_base = index, Fraction(1, FPS)
            file.mux(video.encode(picture))
        file.mux(video.encode())
    return path


def read(url: str, telemetry: Telemetry, wanted: bool = True) -> list[Frame]:
    spec = SourceSpec(url, detect_fps=FPS, pace=Pace.FAST, telemetry=wanted)
    source = AvSource(spec, "drone", "run", lambda size: size, SystemClock(), flight=telemetry)
    frames = []
    try:
        while (frame := source.read()) is not None:
            frames.append(frame)
    except CameraError:  # a live stream that ends
        pass
    finally:
        source.close()
    return frames


def heights(frames: list[Frame]) -> dict[int, float | None]:
    return {frame.seq: None if frame.fix is None else frame.fix.height_m for frame in frames}


def test_each_frame_of_a_recording_has_the_fix_of_its_time(tmp_path: Path) -> None:
    clip = muxed(tmp_path / "flight.ts", list(range(0, PICTURES, 2)))
    found = heights(read(str(clip), Telemetry()))
    assert len(found) >= PICTURES - 1
    for seq, height in found.items():
        if seq >= 2:
            assert height == pytest.approx(60.0 + CLIMB_MPS * seq / FPS, abs=0.4)


def test_where_telemetry_ends_nobody_knows_where_the_camera_is(tmp_path: Path) -> None:
    found = heights(read(str(muxed(tmp_path / "flight.ts", list(range(0, 14, 2)))), Telemetry()))
    assert found[20] == pytest.approx(60.0 + CLIMB_MPS * 2.0, abs=0.5), "straight on for a second"
    assert found[26] is None


def test_a_damaged_set_is_left_out(tmp_path: Path) -> None:
    clip = muxed(tmp_path / "flight.ts", list(range(0, PICTURES, 2)), damaged=20)
    assert heights(read(str(clip), Telemetry()))[20] == pytest.approx(80.0, abs=0.5)


@pytest.mark.parametrize("wild_s", [7.0, 3_600.0])
def test_one_time_far_ahead_does_not_make_all_that_follow_old(wild_s: float) -> None:
    telemetry = Telemetry()

    def tell(index: int, at_s: float) -> None:
        telemetry.tell(at_s, packet(1_700_000_000_000_000 + index * 100_000, {**LEVEL, 15: 560.0 + index}))

    for index in range(30):
        tell(index, wild_s if index == 10 else index / 10)
    found = telemetry.at(2.95)
    assert found is not None
    assert found.height_m == pytest.approx(89.5, abs=0.5)


def test_times_that_begin_anew_are_followed(tmp_path: Path) -> None:
    telemetry = Telemetry()
    for began_s in (5_000.0, 0.0):
        for index in range(20):
            told = packet(1_700_000_000_000_000 + index * 100_000, LEVEL | {15: 560.0 + index})
            telemetry.tell(began_s + index / 10, told)
    assert telemetry.at(1.95) is not None


def test_who_does_not_want_it_has_none(tmp_path: Path) -> None:
    clip = muxed(tmp_path / "flight.ts", list(range(0, PICTURES, 2)))
    assert set(heights(read(str(clip), Telemetry(), wanted=False)).values()) == {None}


@contextmanager
def served(content: bytes) -> Iterator[str]:
    """A live MPEG-TS over HTTP: without a length, until it ends."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "video/mp2t")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/live.ts"
    finally:
        server.shutdown()
        server.server_close()


def test_a_live_stream_tells_where_its_camera_is(tmp_path: Path) -> None:
    clip = muxed(tmp_path / "flight.ts", list(range(PICTURES)))
    with served(clip.read_bytes()) as url:
        frames = read(url, Telemetry())
    rise = [frame.fix.height_m for frame in frames if frame.fix is not None]
    assert len(rise) == len(frames) >= 5, "what the opening of a live stream swallows is gone, and no more"
    assert rise[-1] - rise[0] == pytest.approx((len(frames) - 1) * CLIMB_MPS / FPS, abs=0.6)


@contextmanager
def sent(clip: bytes) -> Iterator[int]:
    """A clip in datagrams to a free port, ten times as fast as it was filmed, again and again; the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    over, size = threading.Event(), 7 * 188

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            for start in cycle(range(0, len(clip), size)):
                with suppress(OSError):  # nobody listens yet
                    out.sendto(clip[start : start + size], ("127.0.0.1", port))
                if over.wait(PICTURES / FPS / 10 * size / len(clip)):
                    return

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    try:
        yield port
    finally:
        over.set()
        sender.join()


def test_a_stream_that_is_sent_to_this_box_tells_where_its_camera_is(tmp_path: Path) -> None:
    clip = muxed(tmp_path / "flight.ts", list(range(PICTURES)))
    with sent(clip.read_bytes()) as port:
        spec = SourceSpec(f"udp://127.0.0.1:{port}", detect_fps=FPS, telemetry=True)
        source = AvSource(spec, "drone", "run", lambda size: size, SystemClock(), flight=Telemetry())
        try:
            frames = [source.read() for _ in range(20)]
        finally:
            source.close()
    fixes = [frame.fix for frame in frames if frame is not None and frame.fix is not None]
    assert len(fixes) >= 10
    assert all(60.0 <= fix.height_m <= 60.0 + CLIMB_MPS * (PICTURES / FPS + 1) for fix in fixes)


def test_what_strangers_send_to_a_port_is_taken_for_nothing_but_mpeg_ts(tmp_path: Path) -> None:
    flight, other = muxed(tmp_path / "flight.ts", []), tmp_path / "other.mkv"
    with av.open(str(flight)) as given, av.open(str(other), "w", format="matroska") as file:
        video = file.add_stream_from_template(given.streams.video[0])
        for packet in given.demux(video=0):
            if packet.dts is not None:
                packet.stream = video
                file.mux(packet)
    with sent(other.read_bytes()) as port, pytest.raises(CameraError):
        spec = SourceSpec(f"udp://127.0.0.1:{port}", hang_s=2.0)
        AvSource(spec, "drone", "run", lambda size: size, SystemClock()).close()


def test_a_port_to_which_nobody_sends_is_told_as_such() -> None:
    spec = SourceSpec("udp://127.0.0.1:9", hang_s=1.0)
    with pytest.raises(CameraError, match="did not answer in time"):
        AvSource(spec, "drone", "run", lambda size: size, SystemClock())


def test_an_rtsp_camera_is_asked_for_data_only_where_that_is_wanted() -> None:
    asked = options(SourceSpec("rtsp://camera/live", telemetry=True))
    assert asked["allowed_media_types"] == "video+data"
    assert options(SourceSpec("rtsp://camera/live"))["allowed_media_types"] == "video"
