"""The watch over heat: what a look costs, by the size of the picture and by how much is hot.

    python bench/thermal.py [--rounds N] [--json FILE]

Two rules, `above_c: 80` and growth `above_k: 15`. Beside it the motion gate on a picture of 416×234. CPU
microseconds, rounds interleaved, medians; five looks a second are usual.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np

from edge.detect.motion import PictureChange
from edge.thermal.spec import ThermalSpec
from edge.thermal.watch import ThermalWatch
from edge.values.frame import Frame, Size
from edge.values.hot import Counts, Growing, Level, Scale
from edge.values.moment import ClockTrust, Moment
from edge.values.tracks import Tracks

SIZES = ((320, 240), (640, 512))
LOOKS, KEPT = 100, 20
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LEVELS = (Level(above_c=80.0), Level(above_k=15.0, growing=Growing()))
PIXELS = np.zeros((48, 64, 3), np.uint8)


def pictures(wide: int, high: int, spots: int) -> list[Counts]:
    """Noisy counts of 15 °C in which, after the first, so many spots of 12×12 pixels flicker."""
    chance = np.random.default_rng(0)
    shown = [(7200 + chance.normal(0, 2, (high, wide))).astype(np.uint16) for _ in range(KEPT)]
    for picture in shown[1:]:
        for number in range(spots):
            x, y = 20 + number % 4 * 60, 20 + number // 4 * 60
            picture[y : y + 12, x : x + 12] = 9000 + chance.integers(0, 500)
    return shown


def looked(shown: list[Counts]) -> float:
    """Microseconds a look, median."""
    watch = ThermalWatch(ThermalSpec((("yard", WHOLE),), LEVELS, Scale(0.04), every_s=0.0))
    high, wide = shown[0].shape
    costs = []
    for seq in range(LOOKS):
        moment = Moment(seq * 200_000_000, seq * 200_000_000, ClockTrust.REPLAY)
        counts = shown[0] if seq == 0 else shown[1 + seq % (KEPT - 1)]
        frame = Frame("bench", "bench", seq, moment, PIXELS, Size(wide, high), counts=counts)
        began = time.process_time()
        watch.look(frame, Tracks.none())
        costs.append((time.process_time() - began) * 1e6)
    return statistics.median(costs)


def gated() -> float:
    """Microseconds of the motion gate's comparison."""
    chance, change = np.random.default_rng(0), PictureChange()
    shown = [chance.integers(0, 255, (234, 416, 3), np.uint8) for _ in range(8)]
    change.moved(shown[0])
    began = time.process_time()
    for seq in range(LOOKS):
        change.moved(shown[seq % 8])
    return (time.process_time() - began) / LOOKS * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cases = {
        f"{wide}x{high}, {spots} hot": pictures(wide, high, spots)
        for wide, high in SIZES
        for spots in (0, 1, 8)
    }
    costs: dict[str, list[float]] = {name: [] for name in (*cases, "the motion gate")}
    for _ in range(options.rounds):
        for name, shown in cases.items():
            costs[name].append(looked(shown))
        costs["the motion gate"].append(gated())
    medians = {name: round(statistics.median(found)) for name, found in costs.items()}
    for name, us in medians.items():
        print(f"{name:20} {us:6} µs")
    if options.json:
        options.json.write_text(json.dumps({"us": medians}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
