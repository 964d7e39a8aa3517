"""A camera's stream, recorded as it comes: packets go from one container into another and are never decoded.

Law: what is recorded is in memory only, as fragmented MP4, and cut at key frames. What had come when a
stream breaks is given out first. Times are those of arrival, smoothed by presentation time as in `av_time`.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from fractions import Fraction

import av
import av.error
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from edge.adapters.av_spec import SourceSpec
from edge.adapters.av_stream import UNKNOWN_BASE, AvStream, usual_step_ns
from edge.adapters.av_time import LiveTime, Presentation
from edge.footage.cutter import MOST_SEGMENT_S, CutSpec, cuts
from edge.ports import Clock
from edge.values.camera_state import Reason
from edge.values.errors import CameraError
from edge.values.moment import NS_PER_S, Moment
from edge.values.recorded import Recorded

CODECS = ("h264", "hevc")
FRAGMENTED = {"movflags": "empty_moov+default_base_moof+delay_moov+frag_keyframe"}


class _Memory:
    """What libavformat writes into: it cannot go back, so it must write fragments."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, block: bytes) -> int:
        self.content += block
        return len(block)


class _Segment:
    """One segment that is being recorded; its times are those of presentation, so they grow without jumps."""

    def __init__(self, template: VideoStream, base: Fraction, time_ns: int, began: Moment) -> None:
        self._memory = _Memory()
        self._output: OutputContainer = av.open(self._memory, "w", format="mp4", options=dict(FRAGMENTED))
        self._stream = self._output.add_stream_from_template(template, opaque=False)
        self._base, self._zero_ns, self._last = base, time_ns, -1
        self.began = self.group = began
        self.size_bytes = 0

    def add(self, packet: "Packet[VideoStream]", time_ns: int) -> None:
        """Take a packet in, to be decoded at `time_ns`.

        Raises:
            av.error.FFmpegError: the container does not take it.
        """
        ahead = 0 if packet.pts is None or packet.dts is None else max(0, packet.pts - packet.dts)
        ticks = round((time_ns - self._zero_ns) / NS_PER_S / self._base)
        self._last = max(ticks, self._last + 1)
        packet.dts = self._last
        packet.pts = self._last + ahead
        self.size_bytes += packet.size  # the container itself writes a whole group at a time, and late
        packet.stream = self._stream
        packet.time_base = self._base
        self._output.mux(packet)

    def closed(self) -> memoryview:
        """The whole container."""
        self._output.close()
        return memoryview(self._memory.content).toreadonly()


class AvTape:
    """The `Tape` port on libav: RTSP, HTTP and files."""

    def __init__(
        self,
        spec: SourceSpec,
        camera: str,
        clock: Clock,
        cut: CutSpec,
        *,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        """Open the stream.

        Args:
            spec: what to open; a file is played in real time.
            camera: camera id.
            clock: tells the time of arrival.
            cut: where to cut.
            sleep: waits until a packet of a file is due; by default until `close` at the latest.

        Raises:
            CameraError: it cannot be opened, or sends what cannot be recorded.
        """
        self._spec, self._camera, self._clock, self._cut = spec, camera, clock, cut
        self._closing = threading.Event()
        self._sleep = sleep or self._closing.wait
        self._live = LiveTime()
        self._due_zero_ns: int | None = None
        self._broken: CameraError | None = None
        self._count = 0
        self._open()
        self._presentation = Presentation(self._base, self._step_ns)
        self._stretches = self._recorded()

    def _open(self) -> None:
        self._stream = AvStream(self._spec)
        video = self._stream.video
        self._codec = video.codec_context.name
        if self._codec not in CODECS:
            self._stream.close()
            raise CameraError(
                f"{self._spec.name} sends {self._codec}; only {' and '.join(CODECS)} can be recorded",
                Reason.CORRUPT,
            )
        self._base = video.time_base or UNKNOWN_BASE
        self._step_ns = usual_step_ns(video)

    @property
    def packets(self) -> int:
        """How many packets came until now."""
        return self._count

    def read(self) -> Recorded | None:
        """The next stretch; None at the end of a file or after `close`.

        Raises:
            CameraError: the stream broke.
        """
        found = next(self._stretches, None)
        if found is None:
            self._stream.close()
            if self._broken is not None:
                raise self._broken
        return found

    def close(self) -> None:
        """Ask for the end; the running `read` returns with the next packet, or when the stream gives up."""
        self._closing.set()

    def _recorded(self) -> Generator[Recorded]:
        while True:
            yield from self._played()
            if self._broken is not None or self._closing.is_set():
                return
            if not self._spec.is_file:
                self._broken = CameraError(f"{self._spec.name} closed the stream", Reason.STREAM_ENDED)
            if not self._spec.is_file or not self._spec.loop:
                return
            self._stream.close()
            self._open()
            self._presentation.rejoin(self._base)

    def _played(self) -> Generator[Recorded]:
        """The stretches of one connection; why it ended, if that was a fault, is remembered."""
        segment: _Segment | None = None
        moment = self._clock.now()
        try:
            for packet in self._packets():
                time_ns = self._presentation.of(packet.pts if packet.dts is None else packet.dts)
                moment = self._live.moment(time_ns, self._arrival(time_ns))
                if packet.is_keyframe:
                    if segment is not None and self._is_cut(segment, moment):
                        yield self._stretch(segment, moment)
                        segment = None
                    if segment is None:
                        segment = _Segment(self._stream.video, self._base, time_ns, moment)
                    segment.group = moment
                if segment is not None:
                    self._watch_length(segment, moment)
                    segment.add(packet, time_ns)
        except (CameraError, av.error.FFmpegError) as error:
            self._broken = _as_camera_error(self._spec, error)
        if segment is not None and segment.size_bytes:
            yield self._stretch(segment, moment.plus(self._step_ns / NS_PER_S))

    def _is_cut(self, segment: _Segment, moment: Moment) -> bool:
        group_s = moment.seconds_since(segment.group)
        return cuts(self._cut, self._camera, segment.began, moment, group_s, segment.size_bytes)

    def _watch_length(self, segment: _Segment, moment: Moment) -> None:
        """A stream without key frames cannot be cut, and memory would grow for ever."""
        too_large = segment.size_bytes > 2 * self._cut.most_bytes
        if too_large or moment.seconds_since(segment.began) > 2 * MOST_SEGMENT_S:
            raise CameraError(f"{self._spec.name} sends no key frames", Reason.CORRUPT)

    def _stretch(self, segment: _Segment, ended: Moment) -> Recorded:
        content = segment.closed()
        return Recorded(self._camera, segment.began, max(ended, segment.began), self._codec, content)

    def _packets(self) -> Iterator["Packet[VideoStream]"]:
        for packet in self._stream.packets():
            if self._closing.is_set():
                return
            if packet is not None and packet.size:
                self._count += 1
                yield packet

    def _arrival(self, time_ns: int) -> Moment:
        now = self._clock.now()
        if not self._spec.is_file:
            return now
        if self._due_zero_ns is None:
            self._due_zero_ns = now.mono_ns - time_ns
        wait_s = (self._due_zero_ns + time_ns - now.mono_ns) / NS_PER_S
        if wait_s <= 0:
            return now
        self._sleep(wait_s)
        return self._clock.now()


def _as_camera_error(spec: SourceSpec, error: Exception) -> CameraError:
    if isinstance(error, CameraError):
        return error
    return CameraError(f"{spec.name} cannot be recorded on ({type(error).__name__})", Reason.CORRUPT)
