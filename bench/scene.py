"""CPU milliseconds per frame of the scene and the rules, by number of tracks, with 10 zones and 10 lines.

    python bench/scene.py [--rounds 3] [--crowds]

Every track walks; a third of the zones overlap. Prints the median and the 95th percentile of each, their sum,
and how it grows: time per track against that at 50 tracks, and the power of the number of tracks with which
the sum grows from one line to the next. Rounds are interleaved, and the best of each frame counts: what else
runs on the machine only adds. Wanted: 1.5 ms at 50 tracks, 6 ms at 300.

With --crowds the camera's ground is measured, and every zone and line has all rules about crowds as well:
density, flow, counter-flow, queue, surge, dispersal, pressure, stop-and-go, route; two zones have heat maps.
What else may watch the same scene is in `bench/everything.py`.
"""

import argparse
from time import thread_time

import numpy as np

from edge.ground.area import cells_of
from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.ground.pose import Pose, ground_of
from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.scene.heat import Heat, HeatSpec
from edge.scene.scene import Scene
from edge.scene.spec import LineSpec, SceneSpec, ZoneSpec
from edge.values.event import Kind
from edge.values.frame import Size
from edge.values.moment import Moment
from edge.values.tracks import Tracks

SIZE = Size(640, 360)
FRAMES = 200
LABELS = ("person", "car")


def spec(ground: Ground | None = None) -> SceneSpec:
    zones, lines = [], []
    for k in range(10):
        x, y = 0.02 + 0.19 * (k % 5), 0.1 + 0.4 * (k // 5)
        hexagon = (
            (x, y),
            (x + 0.1, y - 0.05),
            (x + 0.2, y),
            (x + 0.2, y + 0.3),
            (x + 0.1, y + 0.35),
            (x, y + 0.3),
        )
        zones.append(ZoneSpec(f"z{k}", hexagon))
        lines.append(LineSpec(f"l{k}", ((x, y + 0.2), (x + 0.1, y + 0.15), (x + 0.2, y + 0.2))))
    return SceneSpec(LABELS, tuple(zones), tuple(lines), ground=ground)


def ground() -> Ground:
    """From above, so that every zone has floor."""
    return ground_of(Pose(9.0, -0.6, 70.0), Pose(0.1, 0.01, 1.0, 0.3), Lens(SIZE.width / SIZE.height))


def crowd_rules() -> list[RuleSpec]:
    """One of each kind about crowds, at all zones and lines."""
    zones, lines = tuple(f"z{k}" for k in range(10)), tuple(f"l{k}" for k in range(10))
    way_out = {"at_least": 60.0, "approach": "z0"}
    return [
        RuleSpec("dense", Kind.DENSITY, zones, at_least=2.0),
        RuleSpec("flow", Kind.FLOW, lines, at_least=49.0),
        RuleSpec("counter", Kind.COUNTER_FLOW, zones, at_least=0.2),
        RuleSpec("queue", Kind.QUEUE, zones, at_least=10),
        RuleSpec("surge", Kind.SURGE, zones, at_least=2.0),
        RuleSpec("dispersal", Kind.DISPERSAL, zones, at_least=1.0),
        RuleSpec("pressure", Kind.PRESSURE, zones, at_least=0.02),
        RuleSpec("stops", Kind.STOP_AND_GO, zones, at_least=2.0),
        RuleSpec("route", Kind.ROUTE, lines, **way_out),  # type: ignore[arg-type]
    ]


def heats() -> list[Heat]:
    """Heat maps of two zones."""
    places, at = spec(ground()), ground()
    return [
        Heat(
            HeatSpec(z.id, cells_of(at, z.polygon, (), 1.0, 1000), 1.0, 60.0, 10, frozenset(LABELS)),
            b"k" * 32,
        )
        for z in places.zones[:2]
    ]


def rule_specs(crowds: bool) -> list[RuleSpec]:
    """The simple kinds, and those about crowds too."""
    zones, lines = tuple(f"z{k}" for k in range(10)), tuple(f"l{k}" for k in range(10))
    specs = [
        RuleSpec("busy", Kind.OCCUPANCY, zones, at_least=8),
        RuleSpec("loiter", Kind.DWELL, zones, dwell_s=10),
        RuleSpec("cross", Kind.LINE_CROSSING, lines),
        RuleSpec("enter", Kind.ZONE_ENTRY, zones, cooldown_s=5),
    ]
    return [*specs, *(crowd_rules() if crowds else ())]


def crowds(n: int, length: int = FRAMES) -> list[Tracks]:
    """n walkers over so many frames at 5 fps, bouncing off the picture's sides."""
    rng = np.random.default_rng(7)
    place, speed = rng.uniform(0.05, 0.95, (n, 2)), rng.normal(0, 0.01, (n, 2))
    frames = []
    for k in range(length):
        at = 1 - np.abs(1 - (place + speed * k) % 2)
        foot = at * SIZE + rng.normal(0, 0.5, (n, 2))
        boxes = np.add(np.tile(foot, 2), (-8, -50, 8, 0)).astype(np.float32)
        every = np.ones(n, np.bool_)
        ages = np.full(n, k + 1, np.int32)
        scores, classes = np.full(n, 0.8, np.float32), np.zeros(n, np.int16)
        frames.append(Tracks(np.arange(n) + 1, boxes, scores, classes, ages, every, every.copy()))
    return frames


def timed(frames: list[Tracks], crowds: bool) -> tuple[list[float], list[float]]:
    """CPU ms of scene and rules in each frame; heat maps are reckoned among the rules."""
    scene = Scene(spec(ground() if crowds else None))
    judge = Rules(rule_specs(crowds), "node", "cam", "run")
    maps = heats() if crowds else []
    scene_ms, rules_ms = [], []
    for k, tracks in enumerate(frames):
        moment = Moment(k * 200_000_000, k * 200_000_000)
        begun = thread_time()
        facts = scene.observe(tracks, SIZE, moment)
        between = thread_time()
        judge.judge(facts, moment)
        for heat in maps:
            heat.take(facts, moment)
        scene_ms.append((between - begun) * 1e3)
        rules_ms.append((thread_time() - between) * 1e3)
    return scene_ms[5:], rules_ms[5:]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--crowds", action="store_true", help="measured ground, and all rules about crowds")
    asked = parser.parse_args()
    counts = (10, 25, 50, 100, 150, 300, 600, 1000)
    walks = {n: crowds(n) for n in counts}
    found = [{n: timed(walks[n], asked.crowds) for n in counts} for _ in range(asked.rounds)]
    best = {n: np.min([one[n] for one in found], axis=0) for n in counts}
    print("CPU ms per frame")
    print(f"{'tracks':>6} {'scene p50':>10} {'p95':>7} {'rules p50':>10} {'p95':>7} {'all':>8}"
          f" {'per track':>10} {'grows as':>9}")  # fmt: skip
    total = {n: float(np.median(best[n].sum(axis=0))) for n in counts}
    for k, n in enumerate(counts):
        (s50, s95), (r50, r95) = (np.percentile(part, [50, 95]) for part in best[n])
        power = (
            "" if not k else f"n^{np.log(total[n] / total[counts[k - 1]]) / np.log(n / counts[k - 1]):.2f}"
        )
        share = total[n] / n / (total[50] / 50)
        line = f"{n:>6} {s50:>10.3f} {s95:>7.3f} {r50:>10.3f} {r95:>7.3f} {total[n]:>8.3f}"
        print(f"{line} {share:>9.2f}x {power:>9}")


if __name__ == "__main__":
    main()
