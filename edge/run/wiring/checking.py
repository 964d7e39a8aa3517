"""Wiring of the verb `check`: a short look at a stream."""

from dataclasses import dataclass, replace

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace
from edge.adapters.clock import SystemClock
from edge.config.spec import CameraSpec, StreamSpec
from edge.run.wiring.watching import flight_of, live_source, now
from edge.values.frame import Frame, Size


@dataclass(frozen=True, slots=True)
class Sample:
    """What a short look at a stream showed.

    Attributes:
        size: of the camera's picture.
        decoder: codec and decoder in words.
        opened_s: time to the first picture, seconds.
        fps: sampled pictures per second of presentation time.
        luma: mean brightness of the last picture, 0..255.
        last: the last picture.
        placed: share of the pictures from the first with a place on that have one; None where none is told.
    """

    size: Size
    decoder: str
    opened_s: float
    fps: float
    luma: float
    last: Frame
    placed: float | None = None


def look_at(camera: CameraSpec, stream: StreamSpec, frames: int) -> Sample:
    """Open a stream, look at a few pictures, and close it again.

    Raises:
        CameraError: it cannot be opened or read, or ends too soon.
        SecretError: its password cannot be read.
    """
    began = now()
    spec = replace(live_source(camera, stream), pace=Pace.FAST, loop=True)
    flight = flight_of(camera) if spec.telemetry else None
    source = AvSource(spec, camera.id, "check", lambda size: size, SystemClock(), flight=flight)
    try:
        seen = [frame for _ in range(frames) if (frame := source.read()) is not None]
        opened_s = now().seconds_since(began)
    finally:
        source.close()
    first, last = seen[0], seen[-1]
    spent_s = last.moment.seconds_since(first.moment)
    fps = (len(seen) - 1) / spent_s if spent_s > 0 else 0.0
    placed = None if flight is None else _placed(seen)
    shown = first.source, source.decoder, opened_s, fps, float(last.pixels.mean())
    return Sample(*shown, last, placed)


def _placed(seen: list[Frame]) -> float:
    """Share of the pictures that have a place, from the first that has."""
    known = [frame.fix is not None for frame in seen]
    return sum(known) / len(known[known.index(True) :]) if any(known) else 0.0
