"""A film: pictures with their times become an H.264 video."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from edge.values.errors import ConfigError
from edge.values.frame import Pixels

TICK = Fraction(1, 1000)
QUALITY = {"crf": "23", "preset": "veryfast"}


class Film:
    """Writes one video; the size is that of the first picture."""

    def __init__(self, path: Path, fps: float, container: str | None = None) -> None:
        """A film.

        Args:
            path: of the file.
            fps: pictures per second, about.
            container: such as `mp4`; by the path's suffix unless given.

        Raises:
            ConfigError: the file cannot be written, or nothing names a video format.
        """
        self._path = path
        self._fps = Fraction(fps).limit_denominator(1000)
        self._stream: VideoStream | None = None
        self._last = -1
        try:
            path.touch()  # the muxer would open it only with the first picture
            self._container: OutputContainer = av.open(str(path), "w", format=container)
        except (av.FFmpegError, OSError, ValueError) as failure:
            raise ConfigError(f"{path} cannot be written as a video: {failure}") from failure

    def __enter__(self) -> "Film":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._container.mux(self._stream.encode(None))
        self._container.close()

    def add(self, pixels: Pixels, seconds: float) -> None:
        """Append a picture, uint8 H×W×3 RGB of even sides, that is shown from `seconds` on."""
        if self._stream is None:
            self._stream = self._begin(pixels)
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        self._last = max(self._last + 1, round(seconds / TICK))
        frame.pts, frame.time_base = self._last, TICK
        self._container.mux(self._stream.encode(frame))

    def _begin(self, pixels: Pixels) -> VideoStream:
        stream = self._container.add_stream("libx264", rate=self._fps, options=QUALITY)
        stream.height, stream.width = pixels.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = TICK
        return stream
