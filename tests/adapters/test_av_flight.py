"""Frames of a clip know where the camera was: telemetry is joined by the time since the first picture."""

from pathlib import Path

import numpy as np
import pytest

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace, SourceSpec
from edge.adapters.clock import SystemClock
from edge.config import flight_file
from edge.ground.flight_log import FlightLog
from edge.run.film import Film
from edge.values.frame import Frame
from tests.fakes.flights import HEADER, line


def read(clip: Path, flight: FlightLog | None) -> list[Frame]:
    spec = SourceSpec(url=str(clip), detect_fps=5.0, pace=Pace.FAST, clip_start_ns=0)
    source = AvSource(spec, "drone", "run", lambda size: size, SystemClock(), flight=flight)
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    source.close()
    return frames


def test_each_frame_has_the_fix_of_its_own_time(tmp_path: Path) -> None:
    clip = tmp_path / "flight.mp4"
    with Film(clip, 10.0) as film:
        for index in range(40):
            film.add(np.full((36, 64, 3), 6 * index, np.uint8), index / 10)
    told = HEADER + line(0.0, height_m=10) + line(1.0, height_m=20) + line(3.5, height_m=30)
    frames = read(clip, flight_file.parse(told, "flight.csv"))
    heights = {round(f.moment.mono_ns / 1e9, 1): f.fix.height_m if f.fix else None for f in frames}
    assert heights[0.0] == pytest.approx(10)
    assert heights[0.6] == pytest.approx(16, abs=0.5)
    assert heights[2.0] is None, "the lines are too far apart to know"
    assert heights[3.6] == pytest.approx(30)
    assert all(frame.fix is None for frame in read(clip, None))
