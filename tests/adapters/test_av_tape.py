"""Recording without decoding: every picture comes back bit for bit, cut at key frames, H.264 and H.265."""

import hashlib
import io
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import av
import pytest

from edge.adapters.av_spec import SourceSpec
from edge.adapters.av_tape import AvTape
from edge.footage.cutter import CutSpec
from edge.values.camera_state import Reason
from edge.values.errors import CameraError
from edge.values.recorded import Recorded
from tests.fakes.clips import access_units, clip
from tests.fakes.clock import FakeClock
from tests.fakes.footage_store import stretches

B_FRAMES = {"preset": "ultrafast", "x264-params": "keyint=10:bframes=2:b-adapt=0:scenecut=0"}
H265 = {"preset": "ultrafast", "x265-params": "keyint=10:bframes=2:log-level=none"}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tape")
    return {
        "h264": clip(folder / "b.mp4", 60, options=B_FRAMES),
        "hevc": clip(folder / "h265.mp4", 60, codec="libx265", options=H265),
        "stream": access_units(folder / "units.h264", pictures=60),
    }


def taped(path: Path, segment_s: float = 0.8, **more: Any) -> list[Recorded]:
    clock = FakeClock()
    tape = AvTape(SourceSpec(url=str(path), **more), "plaza", clock, CutSpec(segment_s), sleep=clock.pass_s)
    return list(islice(stretches(tape), 20))


def pictures(content: bytes | Path) -> list[str]:
    source = str(content) if isinstance(content, Path) else io.BytesIO(content)
    with av.open(source) as opened:
        return [hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest() for frame in opened.decode(video=0)]


@pytest.mark.parametrize("name", ["h264", "hevc", "stream"])
def test_every_picture_comes_back_as_it_was(clips: dict[str, Path], name: str) -> None:
    found = taped(clips[name])
    assert len(found) >= 3
    assert [p for each in found for p in pictures(bytes(each.container))] == pictures(clips[name])
    assert {each.codec for each in found} == {"hevc" if name == "hevc" else "h264"}


def test_nothing_is_decoded(clips: dict[str, Path]) -> None:
    with av.open(str(clips["h264"])) as opened:
        packets = sum(1 for packet in opened.demux(video=0) if packet.size)
    clock = FakeClock()
    tape = AvTape(SourceSpec(url=str(clips["h264"])), "plaza", clock, CutSpec(60), sleep=clock.pass_s)
    (_,) = stretches(tape)
    assert tape.packets == packets
    assert tape._stream.video.codec_context.is_open is False


def test_each_stretch_begins_with_a_key_frame_and_is_about_as_long_as_wanted(clips: dict[str, Path]) -> None:
    for each in taped(clips["stream"])[:-1]:
        with av.open(io.BytesIO(bytes(each.container))) as opened:
            first = next(packet for packet in opened.demux(video=0) if packet.size)
            assert first.is_keyframe
        assert 0.6 <= each.ended.seconds_since(each.began) <= 1.2


@pytest.mark.parametrize("step_s", [3_600, -3_600, 315_360_000])
def test_a_stretch_is_as_long_as_it_lasted_whatever_the_clock_does(
    clips: dict[str, Path], step_s: int
) -> None:
    clock = FakeClock()
    first, offset_ns = clock.at, clock.at.utc_ns - clock.at.mono_ns

    def sleep(seconds: float) -> None:
        clock.pass_s(seconds)
        if clock.at.seconds_since(first) > 1.4:
            clock.at = replace(clock.at, utc_ns=clock.at.mono_ns + offset_ns + step_s * 10**9)

    spec = SourceSpec(url=str(clips["stream"]))
    found = list(stretches(AvTape(spec, "plaza", clock, CutSpec(0.8), sleep=sleep)))
    assert (found[-1].ended.utc_ns - first.utc_ns) / 1e9 == pytest.approx(step_s, abs=10)
    for each in found:
        lasted_s = each.ended.seconds_since(each.began)
        assert (each.ended.utc_ns - each.began.utc_ns) / 1e9 == pytest.approx(lasted_s)
        assert lasted_s < 1.3


def test_what_was_recorded_until_the_end_is_given_out_however_little(clips: dict[str, Path]) -> None:
    clock = FakeClock()
    tape: AvTape | None = None

    def sleep(seconds: float) -> None:
        clock.pass_s(seconds)
        if tape is not None and tape.packets == 3:
            tape.close()

    tape = AvTape(SourceSpec(url=str(clips["stream"])), "plaza", clock, CutSpec(60), sleep=sleep)
    (stretch,) = stretches(tape)
    assert len(pictures(bytes(stretch.container))) == 3


def test_a_file_that_is_looped_goes_on_for_ever(clips: dict[str, Path]) -> None:
    found = taped(clips["h264"], 60.0, loop=True)
    assert len(found) == 20
    assert all(pictures(bytes(each.container)) == pictures(clips["h264"]) for each in found[:3])


def test_what_cannot_be_remuxed_is_refused_in_words(tmp_path: Path) -> None:
    moving = clip(tmp_path / "m.avi", 10, codec="mjpeg", pixel_format="yuvj420p", options={})
    with pytest.raises(CameraError, match=r"sends mjpeg; only h264 and hevc") as refused:
        taped(moving)
    assert refused.value.reason is Reason.CORRUPT


def test_a_recording_does_not_show_in_its_repr(clips: dict[str, Path]) -> None:
    assert "memory" not in repr(taped(clips["h264"])[0])
