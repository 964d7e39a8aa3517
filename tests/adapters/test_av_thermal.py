"""Thermal pictures from files: every count arrives as written, and the detector gets a sensible grey."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace, SourceSpec, ThermalPicture
from edge.adapters.av_stream import options
from edge.adapters.clock import SystemClock
from edge.values.frame import Frame, Size

WIDE, HIGH = 70, 46  # rows of such a plane are padded
KELVIN = ThermalPicture(least_span=250.0)


def scene(index: int) -> np.ndarray:
    """15 to 35 °C in hundredths of 4 K, a person-like blob, and one very hot pixel."""
    counts = np.linspace(7200, 7700, WIDE * HIGH).reshape(HIGH, WIDE) + index
    counts[20:30, 10:14] += 300
    counts[5, 5] = 14_000
    return counts.astype(np.uint16)


def written(path: Path, codec: str, kind: str) -> str:
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=5)
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, kind
        for index in range(5):
            picture = av.VideoFrame.from_ndarray(scene(index), format="gray16le").reformat(format=kind)
            picture.pts, picture.time_base = index, Fraction(1, 5)
            file.mux(stream.encode(picture))
        file.mux(stream.encode())
    return str(path)


def frames(url: str, thermal: ThermalPicture | None) -> list[Frame]:
    spec = SourceSpec(url, pace=Pace.FAST, thermal=thermal)
    source = AvSource(spec, "cam", "run", lambda size: Size(size.width // 2, size.height // 2), SystemClock())
    found = []
    while (frame := source.read()) is not None:
        found.append(frame)
    source.close()
    return found


@pytest.mark.parametrize(
    ("name", "codec", "kind"),
    [
        ("clip.mkv", "ffv1", "gray16le"),
        ("%03d.png", "png", "gray16be"),
        ("%03d.tiff", "tiff", "gray16le"),
    ],
)
def test_counts_are_those_of_the_camera_to_the_last_bit(
    tmp_path: Path, name: str, codec: str, kind: str
) -> None:
    found = frames(written(tmp_path / name, codec, kind), KELVIN)
    assert found
    first = found[0].counts
    assert first is not None
    assert any(np.array_equal(first, scene(index)) for index in range(2))
    assert not first.flags.writeable


def test_the_detector_sees_a_grey_picture_that_uses_its_range_in_spite_of_a_hot_pixel(tmp_path: Path) -> None:
    shown = frames(written(tmp_path / "clip.mkv", "ffv1", "gray16le"), KELVIN)[0].pixels
    assert shown.shape == (HIGH // 2, WIDE // 2, 3)
    assert (shown[..., 0] == shown[..., 1]).all()
    assert shown.min() < 20
    assert 80 < np.median(shown) < 180
    assert shown[11:14, 5:7].mean() > shown[11:14, 9:14].mean() + 40, "a body stands out"


def test_noise_alone_stays_grey(tmp_path: Path) -> None:
    path = tmp_path / "flat.mkv"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("ffv1", rate=5)
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "gray16le"
        flat = (7300 + np.random.default_rng(0).normal(0, 2, (HIGH, WIDE))).astype(np.uint16)
        file.mux(stream.encode(av.VideoFrame.from_ndarray(flat, format="gray16le")))
        file.mux(stream.encode())
    shown = frames(str(path), KELVIN)[0].pixels
    assert float(shown.std()) < 8


def test_an_eight_bit_picture_has_no_counts_where_counts_are_wanted(tmp_path: Path) -> None:
    grey = written(tmp_path / "grey.mkv", "ffv1", "gray")
    assert [frame.counts for frame in frames(grey, KELVIN)] == [None] * 5
    assert all(frame.counts is None for frame in frames(grey, None))


def test_a_grey_picture_is_turned_so_that_hot_is_white(tmp_path: Path) -> None:
    grey = written(tmp_path / "grey.mkv", "ffv1", "gray")
    white = frames(grey, ThermalPicture(None))[0].counts
    black = frames(grey, ThermalPicture(None, black_hot=True))[0].counts
    assert white is not None
    assert black is not None
    assert (white + black == 255).all()
    assert white.max() == white[5, 5]


def test_a_local_device_is_asked_for_counts() -> None:
    assert options(SourceSpec("/dev/video0", thermal=KELVIN))["pixel_format"] == "gray16le"
    assert "pixel_format" not in options(SourceSpec("/dev/video0", thermal=ThermalPicture(None)))
