"""Clips that tests make for themselves: moving squares on texture, encoded with what libav has."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
QUIET = {"preset": "ultrafast", "tune": "zerolatency"}


def street(index: int, width: int = 320, height: int = 180) -> Picture:
    """Picture `index` of a made-up street: texture that stays and a bright square that walks."""
    texture = np.random.default_rng(7).integers(60, 140, (height // 4, width // 4, 3), dtype=np.uint8)
    picture = np.ascontiguousarray(texture.repeat(4, axis=0).repeat(4, axis=1)[:height, :width])
    x = (index * 4) % (width - 20)
    picture[height // 2 : height // 2 + 40, x : x + 16] = (230, 200, 40)
    return picture


def clip(
    path: Path,
    pictures: int = 50,
    *,
    fps: int = 25,
    size: tuple[int, int] = (320, 180),
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    draw: Callable[[int], Picture] | None = None,
    pixel_format: str = "yuv420p",
    container: str | None = None,
) -> Path:
    """Write a clip; the container follows the file's suffix."""
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=fps, options=QUIET if options is None else options)
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        stream.gop_size = fps
        for index in range(pictures):
            picture = street(index, *size) if draw is None else draw(index)
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def access_units(path: Path, *clips: tuple[int, int], pictures: int = 50, fps: int = 10) -> Path:
    """An H.264 byte stream with access unit delimiters, a stretch of `pictures` for each size in `clips`."""
    stretches = []
    for width, height in clips or ((320, 180),):
        part = path.with_suffix(f".{width}.h264")
        options = QUIET | {"x264-params": "aud=1:keyint=10:repeat-headers=1:sliced-threads=0"}
        stretches.append(clip(part, pictures, fps=fps, size=(width, height), options=options).read_bytes())
    path.write_bytes(b"".join(stretches))
    return path


def flipped(source: Path, target: Path, every: int, start: int = 4096) -> Path:
    """A copy in which one bit of every `every`th byte is wrong."""
    content = np.frombuffer(source.read_bytes(), np.uint8).copy()
    content[start::every] ^= 0x10
    target.write_bytes(content.tobytes())
    return target


def with_times(source: Path, target: Path, times: Iterator[int | None]) -> Path:
    """A copy whose packets carry other presentation times, in units of 1/1000 s; None leaves one out."""
    with av.open(str(source)) as opened, av.open(str(target), "w") as output:
        stream = output.add_stream_from_template(opened.streams.video[0])
        for packet, time in zip(opened.demux(video=0), times, strict=False):
            if packet.size:
                packet.stream, packet.time_base = stream, Fraction(1, 1000)
                packet.pts = packet.dts = time
                output.mux(packet)
    return target


def hollow(source: Path, target: Path) -> Path:
    """A copy whose packets hold nothing that could be decoded."""
    with av.open(str(source)) as opened, av.open(str(target), "w") as output:
        stream = output.add_stream_from_template(opened.streams.video[0])
        for packet in opened.demux(video=0):
            if packet.size:
                empty = av.Packet(b"\xff" * 64)
                empty.stream, empty.time_base = stream, packet.time_base
                empty.pts, empty.dts, empty.is_keyframe = packet.pts, packet.dts, packet.is_keyframe
                output.mux(empty)
    return target
