"""The watch over things: what it costs per analysed frame (416×234, five a second), by what stands there.

    python bench/things.py [--rounds N] [--json FILE]

Beside it the motion gate on the same frames. Microseconds of CPU time, rounds interleaved, medians. The watch
looks once a second, so its cost is a mean over frames; the slowest look is told too.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np

from edge.detect.motion import PictureChange
from edge.things.spec import ThingSpec
from edge.things.watch import ThingWatch
from edge.values.frame import Frame, Pixels, Size
from edge.values.moment import ClockTrust, Moment
from edge.values.tracks import Tracks

SIZE = Size(416, 234)
FRAMES = 150
WARM = 100
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def pictures(things: int) -> list[Pixels]:
    """Noisy pictures of one paving; after a while so many things stand on it."""
    chance = np.random.default_rng(0)
    tiles = chance.integers(60, 180, (SIZE.height // 9 + 1, SIZE.width // 9 + 1, 3))
    bare = tiles.repeat(9, axis=0).repeat(9, axis=1)[: SIZE.height, : SIZE.width]
    covered = bare.copy()
    for number in range(things):
        x, y = 20 + number % 8 * 48, 40 + number // 8 * 60
        covered[y : y + 14, x : x + 18] = 20
    shown = [bare] * WARM + [covered] * FRAMES
    noise = [chance.normal(0, 2, bare.shape) for _ in range(8)]
    return [np.clip(ground + noise[index % 8], 0, 255).astype(np.uint8) for index, ground in enumerate(shown)]


def walkers(count: int) -> Tracks:
    """So many people, who hide what is behind them."""
    chance, yes = np.random.default_rng(1), np.ones(count, np.bool_)
    corners = chance.uniform((0, 60), (400, 190), (count, 2))
    boxes = np.hstack([corners, corners + np.array([14, 40])]).astype(np.float32)
    ids = np.arange(count, dtype=np.int64)
    n = np.zeros(count)
    return Tracks(ids, boxes, n.astype(np.float32), n.astype(np.int16), n.astype(np.int32), yes, yes.copy())


def watched(shown: list[Pixels], tracks: Tracks) -> tuple[float, float]:
    """Microseconds per frame once things stand there, and of the slowest tenth of the looks."""
    watch = ThingWatch(ThingSpec(("person",), (("floor", WHOLE),)))
    costs: list[float] = []
    for seq, picture in enumerate(shown):
        moment = Moment(seq * 200_000_000, seq * 200_000_000, ClockTrust.REPLAY)
        frame = Frame("bench", "bench", seq, moment, picture, SIZE)
        began = time.process_time()
        watch.look(frame, tracks)
        costs.append((time.process_time() - began) * 1e6)
    return statistics.fmean(costs[WARM:]), statistics.quantiles(costs[WARM:], n=10)[-1]


def gated(shown: list[Pixels]) -> float:
    """Microseconds per frame of the motion gate's comparison."""
    change = PictureChange()
    change.moved(shown[0])
    began = time.process_time()
    for picture in shown[WARM:]:
        change.moved(picture)
    return (time.process_time() - began) / FRAMES * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    bare, eight = pictures(0), pictures(8)
    cases = {
        "nothing there": (bare, walkers(0)),
        "nothing, 50 people": (bare, walkers(50)),
        "8 things": (eight, walkers(0)),
        "8 things, 50 people": (eight, walkers(50)),
    }
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    gate: list[float] = []
    for _ in range(options.rounds):
        for name, (shown, tracks) in cases.items():
            costs[name].append(watched(shown, tracks))
        gate.append(gated(bare))
    medians = {
        name: [round(statistics.median(column)) for column in zip(*found, strict=True)]
        for name, found in costs.items()
    }
    for name, (mean, slow) in medians.items():
        print(f"{name:20} {mean:6} µs a frame, a look {slow:6} µs")
    print(f"{'the motion gate':20} {statistics.median(gate):6.0f} µs a frame")
    if options.json:
        options.json.write_text(
            json.dumps({"us": medians, "gate_us": statistics.median(gate)}) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
