"""Files as cameras: sampling, scaling, pacing, looping, and every way in which a file can be bad."""

from collections.abc import Iterator
from itertools import chain, pairwise, repeat
from pathlib import Path

import av
import numpy as np
import pytest

from edge.adapters.av_decode import on_device
from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Decode, Pace, SourceCount, SourceSpec
from edge.adapters.av_stream import AvStream
from edge.values.camera_state import Reason
from edge.values.errors import CameraError
from edge.values.frame import Frame, Size
from edge.values.moment import NS_PER_S, ClockTrust
from tests.fakes.clips import QUIET, clip, flipped, hollow, street, with_times
from tests.fakes.clock import FakeClock

SMALL = Size(160, 90)
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def source(path: Path, *, count: SourceCount | None = None, **spec: object) -> AvSource:
    """A source that analyses at 160×90 and plays fast."""
    chosen = SourceSpec(str(path), **{"pace": Pace.FAST, **spec})  # type: ignore[arg-type]
    return AvSource(chosen, "gate", "run", lambda size: SMALL, FakeClock(), count=count)


def frames(camera: AvSource) -> list[Frame]:
    return list(iter(camera.read, None))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def plain(folder: Path) -> Path:
    return clip(folder / "plain.mp4", 50, fps=25)


def test_frames_are_sampled_by_presentation_time_and_scaled(plain: Path) -> None:
    seen = frames(source(plain, clip_start_ns=7 * NS_PER_S))
    assert [frame.moment.mono_ns // 1_000_000 for frame in seen] == list(range(0, 2000, 200))
    assert {frame.moment.utc_ns - frame.moment.mono_ns for frame in seen} == {7 * NS_PER_S}
    assert {(frame.moment.trust, frame.size, frame.source, frame.camera, frame.run) for frame in seen} == {
        (ClockTrust.REPLAY, SMALL, Size(320, 180), "gate", "run")
    }


def test_pixels_are_rgb_and_show_the_picture_of_their_time(plain: Path) -> None:
    for frame in frames(source(plain)):
        index = frame.moment.mono_ns * 25 // NS_PER_S
        wanted = street(index)[::2, ::2].astype(int)
        assert np.abs(frame.pixels.astype(int) - wanted).mean() < 25
        x = (index * 4) % 300
        square = frame.pixels[50:60, x // 2 + 2 : x // 2 + 6].reshape(-1, 3).mean(axis=0)
        assert square[0] > 180 and square[2] < 100


@pytest.mark.parametrize(
    ("codec", "pixel_format"),
    [
        ("libx264", "yuv420p"),
        ("libx264", "yuv422p"),
        ("libx265", "yuv420p10le"),
        ("mjpeg", "yuvj420p"),
        ("rawvideo", "yuyv422"),
        ("rawvideo", "nv12"),
        ("rawvideo", "bgr24"),
    ],
)
def test_colours_are_right_in_whatever_way_the_camera_writes_them(
    folder: Path, codec: str, pixel_format: str
) -> None:
    flag = np.zeros((180, 320, 3), np.uint8)
    flag[:90, :160], flag[:90, 160:], flag[90:, :160], flag[90:, 160:] = RED, GREEN, BLUE, WHITE
    still = "log-level=none:bframes=0"  # x265 now and then dates two pictures so that no container takes them
    options = {"x265-params": still} if codec == "libx265" else {}
    name = f"flag-{codec}-{pixel_format}.nut"
    path = clip(
        folder / name, 2, codec=codec, options=options, pixel_format=pixel_format, draw=lambda _: flag
    )
    frame = source(path).read()
    assert frame is not None
    seen = [frame.pixels[y, x].astype(int) for y in (22, 67) for x in (40, 120)]
    assert np.abs(np.array(seen) - [RED, GREEN, BLUE, WHITE]).max() <= 8


def test_what_is_replayed_is_the_same_every_time(plain: Path) -> None:
    first, second = frames(source(plain)), frames(source(plain))
    assert [frame.moment for frame in first] == [frame.moment for frame in second]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_leaving_out_unreferenced_pictures_changes_no_sampled_one(folder: Path, codec: str) -> None:
    options = {"preset": "ultrafast", "bf": "3", "x265-params": "log-level=none:bframes=3"}
    path = clip(folder / f"between-{codec}.mp4", 75, codec=codec, options=options)
    count = SourceCount()
    sparse, every = frames(source(path, count=count)), frames(source(path, detect_fps=25))
    assert count.read < 75
    assert [frame.moment for frame in sparse] == [frame.moment for frame in every[::5]]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(sparse, every[::5], strict=True))


def test_pictures_that_stand_alone_are_decoded_only_when_sampled(folder: Path) -> None:
    path = clip(folder / "alone.avi", 50, codec="mjpeg", options={}, pixel_format="yuvj420p")
    camera = source(path)
    decoded = 0
    decode = camera._decoder.decode

    def counting(*arguments: object) -> object:
        nonlocal decoded
        decoded += 1
        return decode(*arguments)  # type: ignore[arg-type]

    camera._decoder.decode = counting  # type: ignore[method-assign,assignment]
    assert len(frames(camera)) == decoded == 10
    assert camera.count.read == 50


def test_a_slow_clip_is_taken_whole(folder: Path) -> None:
    assert len(frames(source(clip(folder / "slow.mp4", 6, fps=2)))) == 6


def test_a_loop_goes_on_in_time_and_number(plain: Path) -> None:
    camera = source(plain, loop=True)
    seen = [camera.read() for _ in range(25)]
    camera.close()
    moments = [frame.moment.mono_ns // 1_000_000 for frame in seen if frame is not None]
    assert moments == list(range(0, 5000, 200))
    assert [frame.seq for frame in seen if frame is not None] == list(range(25))


def test_numbers_go_on_where_the_last_connection_ended(plain: Path) -> None:
    spec = SourceSpec(str(plain), pace=Pace.FAST)
    camera = AvSource(spec, "gate", "run", lambda size: size, FakeClock(), first_seq=41)
    frame = camera.read()
    assert frame is not None and frame.seq == 41


def realtime(path: Path, clock: FakeClock, slept: list[float]) -> AvSource:
    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.pass_s(seconds)

    return AvSource(SourceSpec(str(path)), "gate", "run", lambda size: SMALL, clock, sleep=sleep)


def test_in_real_time_each_picture_comes_when_it_is_due(plain: Path) -> None:
    clock, slept = FakeClock(), list[float]()
    start = clock.now()
    camera = realtime(plain, clock, slept)
    moments = [frame.moment for frame in frames(camera)]
    assert [round(moment.seconds_since(start), 3) for moment in moments] == [n / 5 for n in range(10)]
    assert {moment.trust for moment in moments} == {ClockTrust.SYNCED}
    assert sum(slept) == pytest.approx(1.8)


def test_in_real_time_a_long_delay_sets_the_clock_anew(plain: Path) -> None:
    clock, slept = FakeClock(), list[float]()
    camera = realtime(plain, clock, slept)
    assert camera.read() is not None
    clock.pass_s(30)
    camera.read()
    camera.read()
    assert camera.count.late == 1
    assert slept == [pytest.approx(0.2)]


def test_a_new_resolution_in_mid_stream_is_followed(folder: Path) -> None:
    parts = [clip(folder / f"{w}.h264", 25, size=(w, h)).read_bytes() for w, h in ((320, 180), (480, 270))]
    path = folder / "changes.h264"
    path.write_bytes(b"".join(parts))
    camera = AvSource(
        SourceSpec(str(path), pace=Pace.FAST),
        "gate",
        "run",
        lambda size: Size(size.width // 2, size.height // 2),
        FakeClock(),
    )
    seen = frames(camera)
    assert [frame.source for frame in seen] == [Size(320, 180)] * 5 + [Size(480, 270)] * 5
    assert all(frame.size == Size(frame.source.width // 2, frame.source.height // 2) for frame in seen)


def stamps(*times: int | None) -> Iterator[int | None]:
    return chain(times, repeat(None))


def test_missing_presentation_times_do_not_stop_the_sampling(folder: Path) -> None:
    bare = clip(folder / "bare.h264", 50)
    seen = frames(source(bare))
    assert len(seen) == 10
    assert all(a.moment < b.moment for a, b in pairwise(seen))


def test_jumping_presentation_times_do_not_stop_the_sampling(plain: Path, folder: Path) -> None:
    jumps = [n * 40 + (3_600_000 if n >= 20 else 0) for n in range(50)]
    seen = frames(source(with_times(plain, folder / "jumps.mkv", stamps(*jumps))))
    assert [frame.moment.mono_ns // 1_000_000 for frame in seen] == list(range(0, 2000, 200))


@pytest.mark.parametrize("every", [211, 1009, 5003])
def test_a_corrupt_bitstream_is_counted_and_read_on(folder: Path, every: int) -> None:
    path = clip(folder / "whole.ts", 100, options=QUIET | {"crf": "28"})
    bad = flipped(path, folder / f"flipped-{every}.ts", every)
    count = SourceCount()
    try:
        seen = frames(source(bad, count=count))
    except CameraError as error:
        assert error.reason is Reason.CORRUPT
    else:
        assert 0 < len(seen) <= 20
    assert count.errors > 0 or count.read < 100


def test_a_truncated_file_ends_where_it_ends(folder: Path) -> None:
    path = clip(folder / "long.ts", 100)
    cut = folder / "cut.ts"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 5 <= len(frames(source(cut))) <= 15


@pytest.mark.parametrize("codec", ["libx264", "mjpeg"])
@pytest.mark.parametrize("loop", [False, True])
def test_a_file_of_which_nothing_can_be_decoded_is_corrupt(folder: Path, codec: str, loop: bool) -> None:
    pixel_format = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    path = clip(folder / f"full-{codec}.mkv", 20, codec=codec, options={}, pixel_format=pixel_format)
    empty = hollow(path, folder / f"hollow-{codec}.mkv")
    with pytest.raises(CameraError) as caught:
        frames(source(empty, loop=loop))
    assert caught.value.reason is Reason.CORRUPT


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("missing.mp4", None, Reason.NOT_FOUND),
        ("empty.mp4", b"", Reason.CORRUPT),
        ("garbage.mp4", b"not a video at all " * 500, Reason.CORRUPT),
    ],
)
def test_what_is_no_video_is_told_apart(
    folder: Path, name: str, content: bytes | None, reason: Reason
) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(CameraError, match=name) as caught:
        source(folder / name)
    assert caught.value.reason is reason


def test_a_device_that_is_not_there_is_not_found() -> None:
    with pytest.raises(CameraError) as caught:
        source(Path("/dev/video93"))
    assert caught.value.reason is Reason.NOT_FOUND


def test_a_folder_is_no_camera(folder: Path) -> None:
    with pytest.raises(CameraError) as caught:
        source(folder)
    assert caught.value.reason is Reason.NOT_FOUND


def test_sound_alone_is_no_video(folder: Path) -> None:
    path = folder / "sound.wav"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        frame.sample_rate = 8000
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    with pytest.raises(CameraError) as caught:
        source(path)
    assert caught.value.reason is Reason.NO_VIDEO


@pytest.mark.parametrize("device", ["vaapi", "cuda", "qsv"])
def test_a_missing_device_falls_back_to_software_and_says_so(plain: Path, device: str) -> None:
    stream = AvStream(SourceSpec(str(plain)))
    if not isinstance(on_device(stream.video, Decode(device)), str):
        pytest.skip(f"this machine decodes with {device}")
    count = SourceCount()
    camera = source(plain, count=count, decode=Decode(device))
    assert camera.decoder.startswith(f"h264 (software; {device}")
    assert count.fallbacks == 1
    assert len(frames(camera)) == 10


def test_software_is_no_fall_back(plain: Path) -> None:
    camera = source(plain)
    assert (camera.decoder, camera.count.fallbacks) == ("h264 (software)", 0)
