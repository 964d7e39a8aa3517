"""A decoding device that fails: software takes over and says so."""

from pathlib import Path

import av
import pytest

from edge.adapters import av_decode
from edge.adapters.av_decode import MOST_DEVICE_ERRORS, Decoder, on_device
from edge.adapters.av_spec import Decode, SourceCount, SourceSpec
from edge.adapters.av_stream import AvStream
from tests.fakes.clips import clip


class FailingDevice:
    """What a device's decoder looks like whose driver went away."""

    thread_count = 0
    thread_type: object = None
    options: object = None
    skip_frame = "DEFAULT"

    def open(self, strict: bool) -> None:
        pass

    def decode(self, packet: object) -> list[object]:
        raise av.error.ExternalError(1, "device lost")


@pytest.fixture
def stream(tmp_path: Path) -> AvStream:
    return AvStream(SourceSpec(str(clip(tmp_path / "street.mp4", 60))))


def test_a_device_that_fails_in_mid_stream_is_replaced_by_software(
    stream: AvStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(av_decode, "on_device", lambda video, device: FailingDevice())
    count = SourceCount()
    decoder = Decoder(stream.video, Decode.CUDA, count)
    assert decoder.name == "h264 (cuda)"
    pictures = [picture for packet in stream.packets() if packet for picture in decoder.decode(packet)]
    assert decoder.name == "h264 (software; the device failed: device lost)"
    assert (count.fallbacks, count.errors) == (1, MOST_DEVICE_ERRORS)
    assert len(pictures) == 60 - MOST_DEVICE_ERRORS


def test_auto_takes_what_works_and_counts_no_fall_back(
    stream: AvStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Decode] = []

    def missing(video: object, device: Decode) -> str:
        asked.append(device)
        return "missing"

    monkeypatch.setattr(av_decode, "on_device", missing)
    count = SourceCount()
    decoder = Decoder(stream.video, Decode.AUTO, count)
    assert asked == list(av_decode.AUTO)
    assert (decoder.name, count.fallbacks) == ("h264 (software)", 0)


def test_a_device_outside_this_build_is_named(stream: AvStream) -> None:
    absent = next(
        device for device in av_decode.AUTO if device.value not in av.codec.hwaccel.hwdevices_available()
    )
    assert on_device(stream.video, absent) == f"{absent} is not in this build of libav"
