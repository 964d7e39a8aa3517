"""A camera or clip as sampled frames, decoded as little as needed and scaled straight to the wanted size.

Law: one thread reads; no full-size copy of a picture is made; what is not sampled is never converted.
Reconnecting is not done here: after a `CameraError` a new source is opened.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from fractions import Fraction

from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge.adapters.av_decode import Decoder
from edge.adapters.av_scale import Scaler
from edge.adapters.av_spec import Decode, Pace, SourceCount, SourceSpec
from edge.adapters.av_stream import UNKNOWN_BASE, AvStream, usual_step_ns
from edge.adapters.av_thermal import ThermalReader
from edge.adapters.av_time import Crawl, LiveTime, Presentation, ReplayTime, Ticks
from edge.ground.flight_log import FlightLog
from edge.ground.telemetry import Telemetry
from edge.ports import Clock
from edge.values.camera_state import Reason
from edge.values.errors import CameraError
from edge.values.fix import Fix
from edge.values.frame import Frame, Size
from edge.values.moment import NS_PER_S, Moment

MOST_LATE_S = 1.0
LOOKS_IN_HANG = 8
"""Times that crawl are noticed before a camera without sampled pictures would be given up."""


class AvSource:
    """A `Camera` on libav: file, RTSP, HTTP or V4L2."""

    def __init__(
        self,
        spec: SourceSpec,
        camera: str,
        run: str,
        fit: Callable[[Size], Size],
        clock: Clock,
        *,
        first_seq: int = 0,
        count: SourceCount | None = None,
        sleep: Callable[[float], object] | None = None,
        wide: Callable[[Size], Size] | None = None,
        flight: FlightLog | Telemetry | None = None,
    ) -> None:
        """Open the source.

        Args:
            spec: what to open and how.
            camera: camera id, for the frames.
            run: run id, for the frames.
            fit: size at which a picture of the given source size is analysed.
            clock: tells the time of arrival and paces files.
            first_seq: number of the first frame; a reconnected camera goes on counting.
            count: where to count; shared by the connections of one camera.
            sleep: waits until a picture of a file is due; by default until `close` at the latest.
            wide: size of a second copy for a density model, likewise; None for none.
            flight: where a moving camera was, by the time since the first picture: known before, or told by
                the stream itself.

        Raises:
            CameraError: it cannot be opened.
        """
        self._spec, self._camera, self._run, self._fit, self._clock = spec, camera, run, fit, clock
        self._seq = first_seq
        self.count = count if count is not None else SourceCount()
        self._closing = threading.Event()
        self._reading = threading.Lock()
        self._sleep = sleep or self._closing.wait
        self._live = LiveTime()
        self._replay = ReplayTime(spec.clip_start_ns) if spec.is_file and spec.pace is Pace.FAST else None
        self._ticks = Ticks(round(NS_PER_S / spec.detect_fps))
        self._scaler, self._wide_scaler, self._wide = Scaler(), Scaler(), wide
        self._flight = flight
        self._thermal = None if spec.thermal is None else ThermalReader(spec.thermal)
        self._due_zero_ns: int | None = None
        self._size = self._content = Size(0, 0)
        self._sound = True
        self._broken: CameraError | None = None
        self._open()
        self._presentation = Presentation(self._time_base, self._step_ns)
        self._crawl = Crawl(round(spec.hang_s / LOOKS_IN_HANG * NS_PER_S))
        self._frames = self._played()

    def _open(self) -> None:
        self._stream = AvStream(self._spec)
        video = self._stream.video
        self._decoder = Decoder(video, self._spec.decode, self.count)
        self._by_arrival = not (self._spec.is_file or self._stream.has_times)
        self._time_base = Fraction(1, NS_PER_S) if self._by_arrival else video.time_base or UNKNOWN_BASE
        self._step_ns = self._ticks.every_ns if self._by_arrival else usual_step_ns(video)
        self._alive = self._fed = self._asked = self._clock.now()

    @property
    def decoder(self) -> str:
        """Codec and decoder in words, such as `h264 (software)`."""
        return self._decoder.name

    @property
    def device(self) -> Decode:
        """What decodes now."""
        return self._decoder.device

    def read(self) -> Frame | None:
        """The next sampled frame; None at the end of a file.

        Raises:
            CameraError: the stream broke, hung, or was closed.
        """
        try:
            with self._reading:
                self._asked = self._clock.now()
                frame = None if self._closing.is_set() else self._next()
        finally:
            self._let_go()
        if self._closing.is_set():
            raise CameraError(f"{self._spec.name} was closed", Reason.WORKER_STOPPED)
        return frame

    def _next(self) -> Frame | None:
        if self._broken is not None:
            raise self._broken
        try:
            return next(self._frames, None)
        except CameraError as error:
            self._broken = error
            raise

    def close(self) -> None:
        """Let go of the source: at once, or when the running `read` returns, at most `hang_s` from now."""
        self._closing.set()
        self._let_go()

    def _let_go(self) -> None:
        """Close the stream if that was asked for and nobody reads: libav cannot bear it under a reader."""
        if self._closing.is_set() and self._reading.acquire(blocking=False):
            try:
                self._frames.close()
                self._stream.close()
            finally:
                self._reading.release()

    def _played(self) -> Generator[Frame]:
        while True:
            before = self._seq
            yield from self._sampled()
            if not self._spec.is_file:
                raise CameraError(f"{self._spec.name} closed the stream", Reason.STREAM_ENDED)
            if self._seq == before:
                raise CameraError(f"nothing in {self._spec.name} could be decoded", Reason.CORRUPT)
            if not self._spec.loop:
                return
            self._stream.close()
            self._open()
            self._presentation.rejoin(self._time_base)

    def _sampled(self) -> Iterator[Frame]:
        for packet in self._stream.packets():
            arrival = self._clock.now()
            self._check_alive(arrival)
            if packet is not None:
                self._fed = arrival
                self.count.bytes += packet.size
                for picture, time_ns in self._chosen(packet, arrival):
                    yield self._frame(picture, time_ns, arrival)

    def _chosen(self, packet: "Packet[VideoStream]", arrival: Moment) -> Iterator[tuple[VideoFrame, int]]:
        """Pictures of this packet that are sampled, with their times."""
        if self._decoder.intra_only:
            yield from self._chosen_alone(packet, arrival)
            return
        ahead = self._presentation.ahead(self._stamp(packet.pts, arrival))
        needed = self._ticks.may_take(ahead, self._apart_ns())
        for picture in self._decoder.decode(packet, needed):
            self._alive = self._clock.now()
            pts = picture.dts if picture.pts is None else picture.pts
            time_ns = self._passed(pts, arrival)
            if self._ticks.takes(time_ns, self._apart_ns()):
                yield picture, time_ns

    def _chosen_alone(
        self, packet: "Packet[VideoStream]", arrival: Moment
    ) -> Iterator[tuple[VideoFrame, int]]:
        """The same where each picture stands alone (MJPEG, raw): what is not sampled is not even decoded."""
        if packet.size == 0:
            return
        time_ns = self._passed(packet.pts, arrival)
        if self._ticks.takes(time_ns, self._apart_ns()):
            pictures = self._decoder.decode(packet)
            self._sound = bool(pictures)
            yield from ((picture, time_ns) for picture in pictures)
        if self._sound:
            self._alive = self._clock.now()

    def _stamp(self, pts: int | None, arrival: Moment) -> int | None:
        return arrival.mono_ns if self._by_arrival else pts

    def _apart_ns(self) -> int:
        """Time between two pictures; many a live camera sends fewer at night than it announced by day."""
        return self._step_ns if self._spec.is_file else max(self._step_ns, self._presentation.step_ns)

    def _passed(self, pts: int | None, arrival: Moment) -> int:
        """Time of a picture, ns since the first."""
        self.count.read += 1
        time_ns = self._presentation.of(self._stamp(pts, arrival))
        live = not (self._spec.is_file or self._by_arrival)
        if live and self._crawl.sees(time_ns, arrival.mono_ns):
            self._by_arrival, self._step_ns = True, self._ticks.every_ns
            self._presentation.rejoin(Fraction(1, NS_PER_S))
        return time_ns

    def _check_alive(self, now: Moment) -> None:
        """Packets alone are no sign of life: sound goes on without pictures, and so does garbage.

        It is asked before a packet is looked at, as libav gives out a last one after a time-out.
        """
        silent_s = now.seconds_since(max(self._alive, self._asked))
        if self._spec.is_file or silent_s < self._spec.hang_s:
            return
        if now.seconds_since(self._fed) < self._spec.hang_s / 2:
            raise CameraError(f"nothing from {self._spec.name} can be decoded any more", Reason.CORRUPT)
        raise CameraError(f"{self._spec.name} sends no pictures any more", Reason.HUNG)

    def _frame(self, picture: VideoFrame, time_ns: int, arrival: Moment) -> Frame:
        moment = self._moment(time_ns, arrival)
        size = Size(picture.width, picture.height)
        if size != self._size:
            self._size, self._content = size, self._fit(size)
        counts = None
        if self._thermal is not None:
            counts, picture = self._thermal.read(picture)
        pixels = self._scaler.scaled(picture, self._content)
        wide = None if self._wide is None else self._wide_scaler.scaled(picture, self._wide(size))
        fix = self._fix(picture, time_ns / NS_PER_S)
        frame = Frame(self._camera, self._run, self._seq, moment, pixels, size, wide, fix, counts)
        self._seq += 1
        self.count.sampled += 1
        return frame

    def _fix(self, picture: VideoFrame, time_s: float) -> Fix | None:
        """Where the camera was; what its stream told until now is taken first."""
        if isinstance(self._flight, Telemetry):
            stamp = picture.time
            while self._stream.told:
                told = self._stream.told.popleft()
                late_s = 0.0 if told.s is None or stamp is None else told.s - stamp
                self._flight.tell(time_s + late_s, told.data)
        return None if self._flight is None else self._flight.at(time_s)

    def _moment(self, time_ns: int, arrival: Moment) -> Moment:
        if self._replay is not None:
            return self._replay.moment(time_ns)
        return self._live.moment(time_ns, self._paced(time_ns) if self._spec.is_file else arrival)

    def _paced(self, time_ns: int) -> Moment:
        """Wait until a picture of a file is due; the moment it then is."""
        now = self._clock.now()
        if self._due_zero_ns is None:
            self._due_zero_ns = now.mono_ns - time_ns
        wait_s = (self._due_zero_ns + time_ns - now.mono_ns) / NS_PER_S
        if wait_s > 0:
            self._sleep(wait_s)
            return self._clock.now()
        if wait_s < -MOST_LATE_S:
            self.count.late += 1
            self._due_zero_ns = now.mono_ns - time_ns
        return now
