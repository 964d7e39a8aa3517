"""A camera's stream, recorded as it comes: packets go from one container into another and are never decoded.

Law: what is recorded is in memory only, as fragmented MP4, is given out fragment by fragment, and cut at key
frames. What had come when a stream breaks is given out first. Times are those of arrival, smoothed by
presentation time as in `av_time`.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from itertools import chain
from typing import NamedTuple

import av.error
from av.packet import Packet
from av.video.stream import VideoStream

from edge.adapters.av_fragments import Fragments
from edge.adapters.av_spec import SourceSpec, Transport
from edge.adapters.av_stream import UNKNOWN_BASE, AvStream, usual_step_ns
from edge.adapters.av_time import LeastDelay, LiveTime, Presentation
from edge.footage.cutter import MOST_SEGMENT_S, CutSpec, cuts
from edge.ports import Clock
from edge.values.camera_state import Reason
from edge.values.errors import CameraError
from edge.values.moment import NS_PER_S, Moment
from edge.values.recorded import Recorded

CODECS = ("h264", "hevc")
HANDFUL_BYTES = 1 << 20
"""Packets wait for each other up to so much, or a second: whenever one comes the caches are cold, and work on
many at once costs less."""

REST_S, MOST_RESTED_BYTES = 0.5, 256 << 10
"""Once all that had come is read, what comes is left to the kernel for so long, or until so many bytes by the
rate of the last second: every wake-up finds cold caches, and TCP keeps what comes."""
FRESH_NS, LATELY_NS = NS_PER_S // 50, 60 * NS_PER_S
"""A packet that is this little later than any was in the last minute is the last that had come. With less
memory a machine that only just keeps up would rest again and again, and fall behind."""


class _Arrived(NamedTuple):
    """A packet that waits for its handful."""

    packet: "Packet[VideoStream]"
    time_ns: int
    arrival: Moment


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
        self._is_closing = False
        self._until_close = threading.Lock()  # waits at a fifth of what an event costs a core
        self._until_close.acquire()
        self._sleep = sleep or (lambda seconds: self._until_close.acquire(timeout=seconds))
        self._may_rest = spec.scheme in ("rtsp", "rtsps") and spec.transport is Transport.TCP
        self._rest_s = 0.0
        self._live, self._least = LiveTime(), LeastDelay(LATELY_NS)
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
        """The next piece of a stretch; None at the end of a file or after `close`.

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
        self._is_closing = True
        with suppress(RuntimeError):  # it was asked before
            self._until_close.release()

    def _recorded(self) -> Generator[Recorded]:
        while True:
            yield from self._played()
            if self._broken is not None or self._is_closing:
                return
            if not self._spec.is_file:
                self._broken = CameraError(f"{self._spec.name} closed the stream", Reason.STREAM_ENDED)
            if not self._spec.is_file or not self._spec.loop:
                return
            self._stream.close()
            self._open()
            self._presentation.rejoin(self._base)

    def _played(self) -> Generator[Recorded]:
        """The pieces of one connection; why it ended, if that was a fault, is remembered."""
        stretch: Fragments | None = None
        moment = self._clock.now()
        try:
            for packet, time_ns, arrival in chain.from_iterable(self._handfuls()):
                moment = self._live.moment(time_ns, arrival)
                if packet.is_keyframe:
                    if stretch is not None and self._is_cut(stretch, moment):
                        yield self._last_piece(stretch, moment)
                        stretch = None
                    if stretch is None:
                        stretch = Fragments(self._stream.video, self._base, time_ns, moment)
                    stretch.group = moment
                if stretch is not None and stretch.add(packet, time_ns):
                    self._watch_length(stretch, moment)
                    yield self._piece(stretch, moment)
        except (CameraError, av.error.FFmpegError) as error:
            self._broken = _as_camera_error(self._spec, error)
        if stretch is not None and stretch.size_bytes:
            yield self._last_piece(stretch, moment.plus(self._step_ns / NS_PER_S))

    def _is_cut(self, stretch: Fragments, moment: Moment) -> bool:
        group_s = moment.seconds_since(stretch.group)
        return cuts(self._cut, self._camera, stretch.began, moment, group_s, stretch.size_bytes)

    def _watch_length(self, stretch: Fragments, moment: Moment) -> None:
        """A stream without key frames cannot be cut, and would share a key for ever."""
        too_large = stretch.size_bytes > 2 * self._cut.most_bytes
        if too_large or moment.seconds_since(stretch.began) > 2 * MOST_SEGMENT_S:
            raise CameraError(f"{self._spec.name} sends no key frames", Reason.CORRUPT)

    def _piece(self, stretch: Fragments, ended: Moment) -> Recorded:
        opens = stretch.opens
        return self._recorded_until(ended, stretch, stretch.taken(), opens, closes=False)

    def _last_piece(self, stretch: Fragments, ended: Moment) -> Recorded:
        return self._recorded_until(ended, stretch, stretch.closed(), stretch.opens, closes=True)

    def _recorded_until(
        self, ended: Moment, stretch: Fragments, content: memoryview, opens: bool, closes: bool
    ) -> Recorded:
        lasted_s = max(0.0, ended.seconds_since(stretch.began))  # whatever was done to UTC meanwhile
        return Recorded(
            self._camera,
            stretch.began,
            stretch.began.plus(lasted_s),
            self._codec,
            content,
            opens=opens,
            closes=closes,
        )

    def _handfuls(self) -> Iterator[list[_Arrived]]:
        """What came, about a second of it at a time; the rest is given out before a fault is told."""
        handful: list[_Arrived] = []
        size, fault = 0, None
        try:
            for packet in self._stream.packets():
                if self._is_closing:
                    break
                if packet is None or not packet.size:
                    continue
                self._count += 1
                size += packet.size
                time_ns = self._presentation.of(packet.pts if packet.dts is None else packet.dts)
                handful.append(_Arrived(packet, time_ns, self._arrival(time_ns)))
                if time_ns - handful[0].time_ns >= NS_PER_S or size >= HANDFUL_BYTES:
                    yield handful
                    self._rest_s = min(REST_S, MOST_RESTED_BYTES / size) if self._may_rest else 0.0
                    handful, size = [], 0
                elif self._rest_s and self._is_fresh(time_ns, handful[-1].arrival.mono_ns - time_ns):
                    self._sleep(self._rest_s)
        except CameraError as error:
            fault = error
        yield handful
        if fault is not None:
            raise fault

    def _is_fresh(self, time_ns: int, delay_ns: int) -> bool:
        return delay_ns - self._least.of(time_ns, delay_ns) < FRESH_NS

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
