"""The watch over a camera's view: what it costs per analysed frame (416×234, five a second).

    OPENBLAS_NUM_THREADS=1 python bench/view.py [--rounds N] [--json FILE]    # as in every process of a box

Beside it a grey difference at 160×90, which other programs make of every frame. Microseconds of CPU time,
rounds interleaved, medians; the watch looks once a second, so its cost is a mean over five frames.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from edge.values.frame import Frame, Size
from edge.values.moment import ClockTrust, Moment
from edge.view.watch import ViewWatch

SIZE = Size(416, 234)
FRAMES = 100
Picture = npt.NDArray[np.uint8]


def pictures(moved: int) -> list[Picture]:
    """Noisy pictures of one paving, shifted by so many pixels."""
    chance = np.random.default_rng(0)
    tiles = chance.integers(60, 180, (SIZE.height // 9 + 1, SIZE.width // 9 + 1, 3))
    ground = np.roll(tiles.repeat(9, axis=0).repeat(9, axis=1)[: SIZE.height, : SIZE.width], moved, axis=1)
    noise = (chance.normal(0, 2, ground.shape) for _ in range(FRAMES))
    return [np.clip(ground + grain, 0, 255).astype(np.uint8) for grain in noise]


def watched(watch: ViewWatch, shown: list[Picture], first: int) -> float:
    """Microseconds per frame."""
    frames = []
    for seq, picture in enumerate(shown, first):
        moment = Moment(seq * 200_000_000, seq * 200_000_000, ClockTrust.REPLAY)
        frames.append(Frame("bench", "bench", seq, moment, picture, SIZE))
    began = time.process_time()
    for frame in frames:
        watch.look(frame)
    return (time.process_time() - began) / FRAMES * 1e6


def difference(shown: list[Picture]) -> float:
    """Microseconds per frame of a grey difference at 160×90."""
    began, before = time.process_time(), np.zeros((90, 160), np.uint8)
    for picture in shown:
        now = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (160, 90))
        cv2.absdiff(before, now)
        before = np.asarray(now, np.uint8)
    return (time.process_time() - began) / FRAMES * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    still, turned = pictures(0), pictures(40)
    costs: dict[str, list[float]] = {"its place": [], "turned": [], "grey difference": []}
    for _ in range(options.rounds):
        watch = ViewWatch()
        watched(watch, still, 0)
        costs["its place"].append(watched(watch, still, FRAMES))
        costs["turned"].append(watched(watch, turned, 2 * FRAMES))
        costs["grey difference"].append(difference(still))
    medians = {name: round(statistics.median(found), 1) for name, found in costs.items()}
    for name, cost in medians.items():
        print(f"{name:16} {cost:7.1f} µs a frame")
    if options.json:
        options.json.write_text(json.dumps({"us_per_frame": medians}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
