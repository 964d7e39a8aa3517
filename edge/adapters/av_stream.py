"""Opens a video stream for one decoder on one core and tells failures by reason.

Law: credentials enter libavformat and nothing else; what it says about them comes out redacted.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

import av
import av.error
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from edge.adapters.av_spec import SourceSpec, redacted
from edge.values.camera_state import Reason
from edge.values.errors import CameraError
from edge.values.moment import NS_PER_S

PROBE = {"analyzeduration": "1000000", "probesize": "1000000", "fflags": "nobuffer"}
PROTOCOLS = {
    "file": "file",
    "http": "http,https,httpproxy,tcp,tls,crypto",
    "https": "http,https,httpproxy,tcp,tls,crypto",
    "rtsp": "rtsp,rtp,tcp,udp,tls,http,httpproxy",
    "rtsps": "rtsp,rtp,tcp,udp,tls,http,httpproxy",
    "udp": "udp",
}
FORMATS = {"v4l2": "v4l2", "udp": "mpegts"}
"""Formats that are not guessed: what strangers send to a port is taken for nothing else."""
NO_TIMESTAMPS = 0x80  # AVFMT_NOTIMESTAMPS of libavformat/avformat.h
REASONS: tuple[tuple[tuple[type[Exception], ...], Reason, str], ...] = (
    (
        (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError, av.error.PermissionError),
        Reason.UNAUTHORISED,
        "wants other credentials",
    ),
    (
        (av.error.HTTPNotFoundError, av.error.FileNotFoundError, av.error.IsADirectoryError),
        Reason.NOT_FOUND,
        "is not there",
    ),
    ((av.error.ExitError, av.error.TimeoutError), Reason.HUNG, "did not answer in time"),
    ((av.error.EOFError,), Reason.STREAM_ENDED, "closed the stream"),
    ((av.error.InvalidDataError,), Reason.CORRUPT, "sent what is no video"),
)


def camera_error(spec: SourceSpec, error: Exception) -> CameraError:
    """The error of libav as one of ours, its reason from the closed list, its text without credentials."""
    detail = redacted(str(getattr(error, "strerror", None) or type(error).__name__))
    for kinds, reason, words in REASONS:
        if isinstance(error, kinds):
            return CameraError(f"{spec.name} {words} ({detail})", reason)
    return CameraError(f"{spec.name} cannot be reached ({detail})", Reason.UNREACHABLE)


def options(spec: SourceSpec) -> dict[str, str]:
    """What libavformat and the protocol under it are told."""
    chosen = {} if spec.is_file else dict(PROBE)
    if spec.scheme in PROTOCOLS:
        chosen["protocol_whitelist"] = PROTOCOLS[spec.scheme]
    if spec.scheme in ("rtsp", "rtsps"):
        wait_us = str(round(spec.hang_s * 1e6))
        media = "video+data" if spec.telemetry else "video"
        chosen |= {"rtsp_transport": spec.transport.value, "allowed_media_types": media, "timeout": wait_us}
    if spec.scheme == "udp":
        chosen["overrun_nonfatal"] = "1"  # what comes while the box is busy is lost, and the stream goes on
    if spec.scheme == "v4l2" and spec.thermal is not None and spec.thermal.least_span is not None:
        chosen["pixel_format"] = "gray16le"
    return chosen


UNKNOWN_RATE = Fraction(25)
UNKNOWN_BASE = Fraction(1, 90_000)


def usual_step_ns(video: VideoStream) -> int:
    """Time between pictures as the stream announces it, ns; 1/25 s where it says nothing believable."""
    rate = video.average_rate or video.guessed_rate or UNKNOWN_RATE
    return round(NS_PER_S / (rate if 1 <= rate <= 240 else UNKNOWN_RATE))


@dataclass(frozen=True, slots=True)
class Told:
    """A packet of a data stream: its presentation time, seconds, None where it has none, and its bytes."""

    s: float | None
    data: bytes


MOST_TOLD = 256
"""Packets of data that wait for the next picture; the oldest go."""


class AvStream:
    """The video stream of an opened source, and the packets of its data streams in `told`, if wanted."""

    def __init__(self, spec: SourceSpec) -> None:
        """Open it.

        Raises:
            CameraError: it cannot be reached or holds no video.
        """
        self._spec = spec
        begun = time.monotonic()
        try:
            self._container = av.open(
                spec.address(),
                format=FORMATS.get(spec.scheme),
                options=options(spec),
                timeout=None if spec.is_file else (spec.hang_s, spec.hang_s),
                metadata_errors="replace",
            )
        except (av.error.FFmpegError, ValueError, OSError) as error:
            # An RTSP server that never answers ends as "invalid data" once the wait is interrupted.
            hung = time.monotonic() - begun >= spec.hang_s and not spec.is_file
            raise camera_error(spec, av.error.ExitError(0, "time-out") if hung else error) from None
        self.video = self._video()
        self.told: deque[Told] = deque(maxlen=MOST_TOLD)

    def _video(self) -> VideoStream:
        for stream in self._container.streams.video:
            # Whatever its type says, the context is None where this build has no decoder for the stream.
            decodable = getattr(stream, "codec_context", None) is not None
            if decodable and not stream.disposition & Disposition.attached_pic:
                return stream
        self.close()
        raise CameraError(f"{self._spec.name} holds no video stream", Reason.NO_VIDEO)

    @property
    def has_times(self) -> bool:
        """Whether the format carries presentation times; libav makes them up for MJPEG over HTTP and such."""
        return not self._container.format.flags & NO_TIMESTAMPS

    @property
    def duration_s(self) -> float | None:
        """Length as the container announces it, seconds; None for a live stream."""
        duration = self._container.duration
        return None if duration is None or duration <= 0 else duration / av.time_base

    def packets(self) -> Iterator["Packet[VideoStream] | None"]:
        """Packets of the video, the last one empty to flush the decoder; None for a packet of another stream.

        Raises:
            CameraError: the stream broke, or nothing came for `hang_s`.
        """
        video, telemetry = self.video, self._spec.telemetry
        try:
            for packet in self._container.demux():
                if telemetry and packet.size and packet.stream.type == "data":
                    self.told.append(_told(packet))
                yield packet if packet.stream is video else None  # type: ignore[misc]
        except IndexError:
            return  # damage made up a stream that was not there at the start: PyAV trips over it at the end
        except (av.error.FFmpegError, OSError) as error:
            raise camera_error(self._spec, error) from None

    def close(self) -> None:
        """Let go of it; only from the thread that reads."""
        with suppress(av.error.FFmpegError, OSError):
            self._container.close()


def _told(packet: "Packet[Stream]") -> Told:
    pts, base = packet.pts, packet.time_base
    return Told(None if pts is None or base is None else float(pts * base), bytes(packet))
