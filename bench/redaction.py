"""What comes out of a redaction: pixels of people and vehicles in the sample clips, by their exact truth.

    python bench/redaction.py [--model street-nano] [--clip plaza …] [--every 3] [--fps 10] [--no-hold]
                              [--json FILE]

Every clip is planned as `safecity-edge footage redact` plans it. The bodies are rendered again from the
scene, pixel by pixel, and counted where nothing is filled; `boxes` counts the pixels of the visible boxes of
the truth, which are more than the bodies. `--no-hold` is the mutant: nobody is held over the detector's gaps.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.evaluate.leak import Leak, boxed, leak
from edge.privacy.trails import Hold
from edge.run.bare import bare_node
from edge.run.redact import planned
from edge.run.wiring.redacting import reading_of
from edge.samples.scene_file import load_scene
from edge.samples.stage import SUPERSAMPLE, Stage
from edge.values.truth import Truth

ROOT = Path(__file__).parents[1] / "sample_videos"
PERSON = frozenset({"person"})
VEHICLES = frozenset({"bicycle", "car", "bus", "truck"})


@dataclass(frozen=True)
class Result:
    clip: str
    persons: Leak
    vehicles: Leak
    boxes: Leak
    filled: float
    blank: int
    pictures: int
    seconds: float
    cpu_s: float


def measured(clip: str, model: str, fps: float, every: int, hold: Hold) -> Result:
    scene, seed = load_scene(ROOT / "scenes" / f"{clip}.yaml", None)
    truth = Truth.from_json(json.loads((ROOT / f"{clip}.truth.json").read_text(encoding="utf-8")))
    stage = Stage(scene, seed, SUPERSAMPLE)
    began = time.process_time()
    plan = planned(reading_of(bare_node(model), ROOT / f"{clip}.mp4", fps, hold), lambda _: None)
    cpu_s = time.process_time() - began
    if len(plan) != len(truth.frames):
        raise SystemExit(f"{clip}: the truth has {len(truth.frames)} pictures, the clip {len(plan)}")
    persons, vehicles, boxes, filled, blank = Leak(), Leak(), Leak(), 0.0, 0
    chosen = range(0, len(plan), every)
    for index in chosen:
        region = plan.region(index, plan.times_s[index])
        covered = region.covers(truth.size)
        visible = [o.visible for o in truth.frames[index].objects if o.visible and o.label in PERSON]
        persons += leak(stage.bodies(index, PERSON), covered)
        vehicles += leak(stage.bodies(index, VEHICLES), covered)
        boxes += leak(boxed(visible, truth.size), covered)
        filled, blank = filled + float(covered.mean()), blank + region.whole
    count = len(chosen)
    return Result(clip, persons, vehicles, boxes, filled / count, blank, count, len(plan) / truth.fps, cpu_s)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default="street-nano")
    parser.add_argument("--clip", nargs="*", default=["dusk", "gate", "night", "plaza", "street"])
    parser.add_argument("--every", type=int, default=3, help="measure every so many pictures")
    parser.add_argument("--fps", type=float, default=10.0)
    parser.add_argument("--no-hold", action="store_true")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    hold = Hold(0.0, 0.0, 0.0) if asked.no_hold else Hold()
    print(f"{asked.model}, {asked.fps:g} pictures per second, every {asked.every}. measured")
    print("clip      persons   vehicles      boxes   pictures  filled  blank   CPU")
    rows = []
    for clip in asked.clip:
        r = measured(clip, asked.model, asked.fps, asked.every, hold)
        print(
            f"{clip:8} {r.persons.share:8.3%}  {r.vehicles.share:8.3%}  {r.boxes.share:9.3%}"
            f"  {r.persons.pictures:4}/{r.pictures:<4}  {r.filled:6.1%}  {r.blank:5}"
            f"  {r.cpu_s / r.seconds:.2f} ×",
            flush=True,
        )
        rows.append(
            {
                "clip": clip,
                "model": asked.model,
                "person_pixels": r.persons.pixels,
                "person_pixels_shown": r.persons.shown,
                "vehicle_pixels": r.vehicles.pixels,
                "vehicle_pixels_shown": r.vehicles.shown,
                "filled": round(r.filled, 4),
            }
        )
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
