"""CPU milliseconds per frame of all that is understood of one scene: every kind of rule, 10 zones, 10 lines.

    python bench/everything.py [--rounds 3] [--profile TRACKS]

The walkers of `bench/scene.py`, none of whom ever leaps, and its places, on measured ground, with every kind
of rule that a camera of light knows at all of these places, speed and stop limits, two heat maps, and eight
things that stand among the walkers. Hardly anybody comes near the speed limit; what it adds to measure
everybody is `speeds` less `calm` in `bench/pace.py`. Five pictures a second are shown, of which things take
every fifth, density, heat maps and the rest of what is about crowds every second, speeds of so many and
stops too; where each walks, who enters, leaves, crosses, stays and is there, every one. That counts as its
mean, so that `all` is what a frame costs; beside it what the dearest twentieth of the frames take at least.
Rounds are interleaved, and the best of each frame counts. Wanted: 1.5 ms at 50 tracks, 6 ms at 300, and
linear beyond.

--profile prints instead where the time goes, as `cProfile` sees it, function by function.
"""

import argparse
import cProfile
import pstats
from dataclasses import replace
from time import thread_time

import numpy as np
from scene import LABELS, SIZE, crowds, ground, heats, rule_specs, spec
from things import SIZE as THING_SIZE
from things import WARM, pictures

from edge.pace.spec import PaceSpec
from edge.pace.watch import PaceWatch
from edge.rules.rules import Rules
from edge.rules.spec import RuleSpec
from edge.run.started import all_started
from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec
from edge.things.spec import ThingSpec
from edge.things.watch import ThingWatch
from edge.values.event import Kind
from edge.values.frame import Frame, Pixels
from edge.values.moment import Moment
from edge.values.tracks import Tracks

COUNTS = (10, 25, 50, 100, 150, 300, 600, 1200)
PARTS = ("scene", "things", "pace", "rules")


def all_rules(places: SceneSpec) -> list[RuleSpec]:
    """Every kind of rule but those about heat, which wants a thermal camera, at all places."""
    zones = tuple(zone.id for zone in places.zones)
    return [
        *rule_specs(crowds=True),
        RuleSpec("leave", Kind.ZONE_EXIT, zones, cooldown_s=5),
        RuleSpec("left", Kind.ABANDONED, zones, for_s=5),
        RuleSpec("taken", Kind.REMOVED, zones, for_s=5),
        RuleSpec("fast", Kind.SPEED, zones, over_kmh=30.0),
        RuleSpec("stopped", Kind.STOPPED, zones, stood_s=30.0),
    ]


class Everything:
    """All watches of one camera, and what each of them took, CPU ms."""

    def __init__(self) -> None:
        places = spec(ground())
        zones = tuple((zone.id, zone.polygon) for zone in places.zones)
        self._scene, self._maps = Scene(places), heats()
        self._things = ThingWatch(ThingSpec(LABELS, zones, ground=places.ground))
        self._pace = PaceWatch(PaceSpec(LABELS, zones, zones, ground=places.ground))
        self._rules = Rules(all_rules(places), "node", "cam", "run")

    def see(self, number: int, tracks: Tracks, picture: Pixels) -> list[float]:
        """What `PARTS` take of one picture; heat maps are reckoned among the rules."""
        moment = Moment(number * 200_000_000, number * 200_000_000)
        frame, scaled = Frame("bench", "bench", number, moment, picture, THING_SIZE), _scaled(tracks)
        times = [thread_time()]
        facts = self._scene.observe(tracks, SIZE, moment)
        times.append(thread_time())
        facts = (*facts, *self._things.look(frame, scaled))
        times.append(thread_time())
        facts = (*facts, *self._pace.look(tracks, SIZE, moment))
        times.append(thread_time())
        self._rules.judge(facts, moment)
        for heat in self._maps:
            heat.take(facts, moment)
        times.append(thread_time())
        return (np.diff(times) * 1e3).tolist()


def _scaled(tracks: Tracks) -> Tracks:
    """The same in the picture that the watch over things is shown."""
    x, y = THING_SIZE.width / SIZE.width, THING_SIZE.height / SIZE.height
    return replace(tracks, boxes=tracks.boxes * np.array([x, y, x, y], np.float32))


def timed(frames: list[Tracks], shown: list[Pixels]) -> list[list[float]]:
    """What `PARTS` took of each frame, once the things stand there."""
    everything = Everything()
    costs = [everything.see(k, frames[k % len(frames)], picture) for k, picture in enumerate(shown)]
    return costs[WARM:]


def profiled(frames: list[Tracks], shown: list[Pixels]) -> None:
    """Print where the time goes."""
    profile = cProfile.Profile()
    profile.runcall(timed, frames, shown)
    pstats.Stats(profile).sort_stats("tottime").print_stats(40)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", type=int, metavar="TRACKS")
    asked, shown = parser.parse_args(), pictures(8)
    if asked.profile is not None:
        profiled(crowds(asked.profile, len(shown)), shown)
        return
    walks = {n: crowds(n, len(shown)) for n in COUNTS}
    all_started()  # as every worker says before its loop
    found = [{n: timed(walks[n], shown) for n in COUNTS} for _ in range(asked.rounds)]
    best = {n: np.min([one[n] for one in found], axis=0) for n in COUNTS}
    total = {n: float(best[n].sum(axis=1).mean()) for n in COUNTS}
    print("CPU ms per frame")
    heads = "".join(f"{part:>8}" for part in PARTS)
    print(f"{'tracks':>6}{heads} {'all':>8} {'p95':>8} {'per track':>10} {'grows as':>9}")
    for before, n in zip((None, *COUNTS), COUNTS, strict=False):
        power = "" if before is None else f"n^{np.log(total[n] / total[before]) / np.log(n / before):.2f}"
        means = "".join(f"{mean:>8.3f}" for mean in best[n].mean(axis=0))
        dear, share = np.percentile(best[n].sum(axis=1), 95), total[n] / n / (total[50] / 50)
        print(f"{n:>6}{means} {total[n]:>8.3f} {dear:>8.3f} {share:>9.2f}x {power:>9}")


if __name__ == "__main__":
    main()
