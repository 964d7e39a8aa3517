"""Turns packets of one video stream into pictures: in software on one thread, or on a device.

Law: a device that is missing or fails is replaced by software without losing the stream, and `name` says so.
"""

from typing import Literal, cast

import av.error
from av.codec.context import ThreadType
from av.codec.hwaccel import HWAccel, hwdevices_available
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge.adapters.av_spec import Decode, SourceCount

AUTO = (Decode.CUDA, Decode.VAAPI, Decode.QSV, Decode.VIDEOTOOLBOX, Decode.D3D11VA)
MOST_DEVICE_ERRORS = 25  # packets in a row that a device may fail to decode before software takes over

Skip = Literal["DEFAULT", "NONREF"]


def on_device(video: VideoStream, device: Decode) -> VideoCodecContext | str:
    """A decoder on the device, or why there is none."""
    if device.value not in hwdevices_available():
        return f"{device} is not in this build of libav"
    codec = video.codec_context
    try:
        accelerator = HWAccel(device.value, allow_software_fallback=False)
        context = cast(
            VideoCodecContext, VideoCodecContext.create(codec.codec.name, "r", hwaccel=accelerator)
        )
    except (av.error.FFmpegError, RuntimeError, ValueError) as error:
        return f"{device} failed: {getattr(error, 'strerror', None) or error}"
    if not context.is_hwaccel:
        return f"{device} cannot decode {codec.name}"
    context.extradata = codec.extradata
    context.width, context.height = codec.width, codec.height
    return context


class Decoder:
    """Decodes the packets of one stream, in order."""

    def __init__(self, video: VideoStream, wanted: Decode, count: SourceCount) -> None:
        self._software = video.codec_context
        self._count = count
        self._device_errors = 0
        self._skip: Skip = "DEFAULT"
        self.intra_only = self._software.codec.intra_only
        self._context = self._prepared(self._chosen(wanted, video))

    def _chosen(self, wanted: Decode, video: VideoStream) -> VideoCodecContext:
        self.name = f"{self._software.name} (software)"
        self.device = Decode.SOFTWARE
        for device in AUTO if wanted is Decode.AUTO else (wanted,):
            if device is Decode.SOFTWARE:
                break
            context = on_device(video, device)
            if not isinstance(context, str):
                self.name = f"{self._software.name} ({device})"
                self.device = device
                return context
            if wanted is not Decode.AUTO:
                self._fell_back(context)
        return self._software

    def _prepared(self, context: VideoCodecContext) -> VideoCodecContext:
        # Many cameras share few cores: one thread each costs least and keeps them fair.
        context.thread_count = 1
        context.thread_type = ThreadType.NONE
        # Left out where no other picture is built on the result: elsewhere the error grows until the next key
        # frame (to 4.6 grey levels on average within 2 s), and the leap back then looks like motion.
        context.options = {"skip_loop_filter": "noref"}
        context.open(strict=False)
        return context

    def _fell_back(self, why: str) -> None:
        self._count.fallbacks += 1
        self.device = Decode.SOFTWARE
        self.name = f"{self._software.name} (software; {why})"

    def decode(self, packet: "Packet[VideoStream]", needed: bool = True) -> list[VideoFrame]:
        """Pictures that this packet completes, in presentation order; corrupt ones are counted and left out.

        Args:
            packet: the next packet; an empty one flushes.
            needed: False allows to leave out what no other picture is built on.
        """
        skip: Skip = "DEFAULT" if needed else "NONREF"
        if skip != self._skip:
            self._context.skip_frame = self._skip = skip
        try:
            pictures = self._context.decode(packet)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            self._count.errors += 1
            self._give_up_device(error)
            return []
        self._device_errors = 0
        whole = [picture for picture in pictures if not picture.is_corrupt]
        self._count.errors += len(pictures) - len(whole)
        return whole

    def _give_up_device(self, error: Exception) -> None:
        self._device_errors += 1
        if self._context is not self._software and self._device_errors >= MOST_DEVICE_ERRORS:
            self._fell_back(f"the device failed: {getattr(error, 'strerror', None) or error}")
            self._context = self._prepared(self._software)
            self._skip = "DEFAULT"
