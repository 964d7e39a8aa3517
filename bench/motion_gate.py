"""The motion gate: what it costs per sampled frame, and what it spares on clips.

    python bench/motion_gate.py [CLIP ...] [--rounds N] [--json FILE]

Costs are of frames of a 1920×1080 camera as they are analysed (416×234), quiet and with something moving,
beside what other programs use: a grey difference at 160×90, OpenCV's MOG2 and KNN. Microseconds of CPU time,
rounds interleaved, medians. For each clip: the share of sampled frames that the detector is spared.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace, SourceSpec
from edge.adapters.clock import SystemClock
from edge.detect.fit import Fit
from edge.detect.letterbox import content_size
from edge.detect.motion import MotionGate, MotionSpec
from edge.values.frame import Frame, Size
from edge.values.moment import ClockTrust, Moment

Picture = npt.NDArray[np.uint8]

SIZE = Size(416, 234)
FRAMES = 100


def scene(moving: bool) -> list[Picture]:
    """Noisy pictures of paving, in which a person-sized box walks or not."""
    chance = np.random.default_rng(0)
    tiles = chance.integers(60, 180, (SIZE.height // 6 + 1, SIZE.width // 6 + 1, 3))
    ground = tiles.repeat(6, axis=0).repeat(6, axis=1)[: SIZE.height, : SIZE.width]
    pictures = []
    for index in range(FRAMES):
        picture = ground + chance.normal(0, 2, ground.shape)
        if moving:
            picture[100:136, 3 * index : 3 * index + 12] += 60
        pictures.append(np.clip(picture, 0, 255).astype(np.uint8))
    return pictures


def gate() -> Callable[[Picture], object]:
    """This program's gate."""
    judge, frames = MotionGate(MotionSpec()), iter(range(1 << 30))

    def wants(picture: Picture) -> bool:
        at = next(frames) * 200_000_000
        frame = Frame("bench", "bench", 0, Moment(at, at, ClockTrust.REPLAY), picture, SIZE)
        return judge.wants(frame, tracks_need=False)

    return wants


def grey_difference() -> Callable[[Picture], object]:
    """Difference of successive grey pictures at 160×90."""
    last: list[Picture] = []

    def moved(picture: Picture) -> bool:
        small = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (160, 90), interpolation=cv2.INTER_AREA)
        before = last.pop() if last else small
        last.append(small)
        return int(np.count_nonzero(cv2.absdiff(small, before) > 12)) > 8

    return moved


WAYS: dict[str, Callable[[], Callable[[Picture], object]]] = {
    "safecity-edge": gate,
    "grey difference 160x90": grey_difference,
    "OpenCV MOG2": lambda: cv2.createBackgroundSubtractorMOG2().apply,
    "OpenCV KNN": lambda: cv2.createBackgroundSubtractorKNN().apply,
}


def costs(pictures: list[Picture], rounds: int) -> dict[str, float]:
    """CPU microseconds per picture, median of the rounds' medians."""
    seen: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            judge, times = way(), []
            for picture in pictures:
                start = time.thread_time_ns()
                judge(picture)
                times.append((time.thread_time_ns() - start) / 1000)
            seen[name].append(statistics.median(times))
    return {name: statistics.median(values) for name, values in seen.items()}


def spared(clip: Path) -> float:
    """Share of the clip's sampled frames that the detector is not asked about, were nothing tracked."""
    fit = partial(content_size, target=Size(416, 416), fit=Fit.LETTERBOX_TOP_LEFT)
    camera = AvSource(SourceSpec(str(clip), pace=Pace.FAST), "bench", "bench", fit, SystemClock())
    judge = MotionGate(MotionSpec())
    while (frame := camera.read()) is not None:
        judge.wants(frame, tracks_need=False)
    return judge.gated / max(1, judge.gated + judge.asked)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    results = {"quiet": costs(scene(False), arguments.rounds), "moving": costs(scene(True), arguments.rounds)}
    for name, values in results.items():
        print(f"\n{name}: CPU µs per sampled frame of {SIZE.width}x{SIZE.height}")
        for way, cost in values.items():
            print(f"  {way:24} {cost:8.0f}   {cost / values['safecity-edge']:5.2f}x")
    shares = {clip.name: spared(clip) for clip in arguments.clips}
    for name, share in shares.items():
        print(f"{name}: {share:.1%} of the frames spared")
    if arguments.json:
        arguments.json.write_text(json.dumps({"us": results, "spared": shares}, indent=2) + "\n")


if __name__ == "__main__":
    main()
