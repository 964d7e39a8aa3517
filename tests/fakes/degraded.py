"""Sample clips as a detector sees them, to be degraded by `edge.samples.mishaps`."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace, SourceSpec
from edge.adapters.clock import SystemClock
from edge.samples.mishaps import Picture, noisy
from edge.values.frame import Frame, Size
from edge.values.moment import NS_PER_S, ClockTrust, Moment


@cache
def pictures_of(clip: Path, most: int = 45) -> tuple[Picture, ...]:
    """One picture a second of a clip, as a detector of 416 pixels is shown it."""
    spec = SourceSpec(url=str(clip), detect_fps=1.0, pace=Pace.FAST, clip_start_ns=0)
    source = AvSource(
        spec, "c", "r", lambda size: Size(416, round(416 * size.height / size.width)), SystemClock()
    )
    pictures: list[Picture] = []
    while len(pictures) < most and (frame := source.read()) is not None:
        pictures.append(frame.pixels)
    source.close()
    return tuple(pictures)


def at_second(picture: Picture, second: float) -> Frame:
    """A frame at so many seconds."""
    ns = round(second * NS_PER_S)
    size = Size(picture.shape[1], picture.shape[0])
    return Frame("gate", "run", round(second), Moment(ns, ns, ClockTrust.REPLAY), picture, size)


def played(pictures: Sequence[Picture], seconds: int, seed: int = 0) -> list[Picture]:
    """So many seconds of a place: its clip there and back, each picture with noise of its own."""
    dice = np.random.default_rng(seed)
    loop = [*pictures, *pictures[-2:0:-1]]
    return [noisy(loop[second % len(loop)], dice, 1.5) for second in range(seconds)]
