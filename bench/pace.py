"""CPU milliseconds per frame of speeds and of what stands, by number of objects, in 10 zones.

    python bench/pace.py [--rounds 3] [--only speeds|calm|stops|both]

Everybody drives on measured ground and is seen freely, so that each has a speed; for stops a third stands,
and others turn. Speeds are measured only where somebody may be beyond the limit: in `speeds` and `both` at
every look, in `calm` never. Five pictures a second. Speeds and stops are not reckoned from each picture, so
that the mean over frames counts, and beside it what the dearest twentieth of them take at least. Watch and
rules together: speed limits for `speeds` and `calm`, stopped vehicles for `stops`. Prints as `bench/scene.py`
does how it grows. Rounds are interleaved, and the best of each frame counts. Wanted: 0.3 ms at 50.
"""

import argparse
from dataclasses import dataclass
from time import thread_time

import numpy as np

from edge.ground.lens import Lens
from edge.ground.plane import Ground
from edge.ground.pose import Pose, ground_of
from edge.pace.spec import PaceSpec, Zone
from edge.pace.watch import PaceWatch
from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.values.event import Kind
from edge.values.fact import Speeds
from edge.values.frame import Size
from edge.values.moment import Moment
from edge.values.tracks import Tracks

SIZE = Size(640, 360)
FRAMES, WARM = 120, 20
LABELS = ("person", "car")
COUNTS = (10, 25, 50, 100, 150, 300, 600, 1000)
STEP_NS = 200_000_000
NAMES = tuple(f"z{k}" for k in range(10))


def zones() -> tuple[Zone, ...]:
    """Two rows of five, that cover the picture."""
    corners = [(0.2 * (k % 5), 0.5 * (k // 5)) for k in range(10)]
    return tuple(
        (name, ((x, y), (x + 0.2, y), (x + 0.2, y + 0.5), (x, y + 0.5)))
        for name, (x, y) in zip(NAMES, corners, strict=True)
    )


def ground() -> Ground:
    """From high above, so that all of the picture is ground, and a lane is long enough to drive on it."""
    return ground_of(Pose(120.0, -0.6, 70.0), Pose(0.1, 0.01, 1.0, 0.3), Lens(SIZE.width / SIZE.height))


def drives(n: int, standing: float) -> list[Tracks]:
    """n cars on lanes of their own over `FRAMES` pictures, this share of which stands."""
    rng = np.random.default_rng(7)
    columns = int(np.ceil(np.sqrt(n * 1.8)))
    cell = np.array([600 / columns, 330 / np.ceil(n / columns)])
    lanes = np.column_stack([np.arange(n) % columns, np.arange(n) // columns]) * cell + (20, 12)
    half = cell / 5
    swing = np.where(rng.random(n) < standing, 0.0, cell[0] / 4)
    frames, yes = [], np.ones(n, np.bool_)
    for k in range(FRAMES):
        middle = lanes + half + rng.normal(0, 0.1, (n, 2))
        middle[:, 0] += swing * np.sin(k / 6 + lanes[:, 1])
        boxes = np.concatenate([middle - half, middle + half], axis=1).astype(np.float32)
        ages, scores = np.full(n, k + 1, np.int32), np.full(n, 0.8, np.float32)
        frames.append(Tracks(np.arange(n) + 1, boxes, scores, np.ones(n, np.int16), ages, yes, yes.copy()))
    return frames


@dataclass(frozen=True)
class Case:
    """What is asked for: the spec of the watch, its rules, who stands, and whether each is measured."""

    spec: PaceSpec
    rules: tuple[RuleSpec, ...]
    standing: float
    measured: bool = True


def cases() -> dict[str, Case]:
    """Speeds alone, measured or not, stops alone, and both."""
    speed = RuleSpec("fast", Kind.SPEED, NAMES, over_kmh=200.0)
    stop = RuleSpec("stopped", Kind.STOPPED, NAMES, stood_s=60.0)
    at = ground()
    return {
        "speeds": Case(PaceSpec(LABELS, timed=zones(), ground=at), (speed,), 0.0),
        "calm": Case(PaceSpec(LABELS, timed=zones(), ground=at), (speed,), 0.0, measured=False),
        "stops": Case(PaceSpec(LABELS, watched=zones(), ground=at), (stop,), 1 / 3),
        "both": Case(PaceSpec(LABELS, zones(), zones(), ground=at), (speed, stop), 1 / 3),
    }


def timed(case: Case, frames: list[Tracks]) -> list[float]:
    """CPU ms of watch and rules in each frame, once they know who is there."""
    watch, judge, costs = PaceWatch(case.spec), Rules(case.rules, "node", "cam", "run"), list[float]()
    for k, tracks in enumerate(frames):
        moment = Moment(k * STEP_NS, k * STEP_NS)
        begun = thread_time()
        facts = watch.look(tracks, SIZE, moment)
        judge.judge(facts, moment)
        if case.measured:
            _ = [fact.everyone.speeds for fact in facts if isinstance(fact, Speeds)]
        costs.append((thread_time() - begun) * 1e3)
    return costs[WARM:]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("speeds", "calm", "stops", "both"))
    asked = parser.parse_args()
    wanted = {name: case for name, case in cases().items() if asked.only in {None, name}}
    print("CPU ms per frame")
    print(f"{'':>7} {'objects':>7} {'mean':>8} {'p95':>8} {'per object':>11} {'grows as':>9}")
    for name, case in wanted.items():
        shown = {n: drives(n, case.standing) for n in COUNTS}
        found = [{n: timed(case, shown[n]) for n in COUNTS} for _ in range(asked.rounds)]
        best = {n: np.min([one[n] for one in found], axis=0) for n in COUNTS}
        mean = {n: float(best[n].mean()) for n in COUNTS}
        for before, n in zip((None, *COUNTS), COUNTS, strict=False):
            power = "" if before is None else f"n^{np.log(mean[n] / mean[before]) / np.log(n / before):.2f}"
            share = mean[n] / n / (mean[50] / 50)
            dear = np.percentile(best[n], 95)
            print(f"{name:>7} {n:>7} {mean[n]:>8.3f} {dear:>8.3f} {share:>10.2f}x {power:>9}")


if __name__ == "__main__":
    main()
