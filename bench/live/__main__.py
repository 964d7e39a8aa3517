"""Live cameras on a whole box: delay from capture to broker, lost frames, memory, and how it falls behind.

    python -m bench.live --weights ONNX --clip CLIP [--model FOLDER] [--cameras 8] [--seconds 40] [--gate]

A real box (`safecity-edge run`, as many workers as cores) watches RTSP cameras of 640x360 at 15 pictures/s,
5 of which are sampled, through a real Mosquitto to a subscriber. The gate is off unless `--gate` is given, so
that every sampled frame is analysed. Camera server, broker and subscriber run on the same cores; what they
and others take of them is told. Then cameras are added until the box falls behind, and the number at which it
first does is searched for between the last two. Delay: from an event's `utc`, the moment of the picture, to
its arrival here; over the whole time, and in its first and second half. Lost: sampled frames that nobody
looked at. Memory: proportional set size of all its processes.
"""

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from bench.live.report import slope, table
from bench.live.site import access_units
from bench.live.trial import Trial, trial

BENCH = Path(__file__).parents[1]


def falling_behind(run: Callable[[int], Trial], known: Sequence[Trial], ramp: Sequence[int]) -> list[Trial]:
    """Trials of more and more cameras until a box falls behind, then of the numbers between, by halves.

    In the end the largest number that held and the smallest that did not are neighbours, unless none of the
    ramp was too many. Trials that are known already are not run again.
    """
    trials: list[Trial] = []
    holds = max((one.cameras for one in known if not one.fell_behind), default=0)
    fails = min((one.cameras for one in known if one.fell_behind), default=0)
    steps = iter(ramp)
    while not fails or fails - holds > 1:
        cameras = (holds + fails) // 2 if fails else next(steps, 0)
        if not cameras:
            break
        trials.append(run(cameras))
        table(trials[-1:])
        if trials[-1].fell_behind:
            fails = cameras
        else:
            holds = cameras
    return trials


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.live", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model", type=Path, default=BENCH / "models" / "yolox_nano_416", help="folder of the card"
    )
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--clip", type=Path, required=True)
    parser.add_argument("--cameras", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument(
        "--fewer", type=int, nargs="*", default=[2, 4], help="for the memory of a further camera"
    )
    parser.add_argument("--ramp", type=int, nargs="*", default=[12, 16, 20, 24, 28, 32])
    parser.add_argument("--ramp-seconds", type=float, default=15.0)
    parser.add_argument("--gate", action="store_true", help="let the motion gate spare inferences")
    parser.add_argument("--json", type=Path, default=BENCH / "out" / "live.json")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(told.model, folder / "model")
        shutil.copyfile(told.weights, folder / "model" / told.weights.name)
        units = access_units(told.clip, folder / "units.h264")
        brief = partial(trial, folder, units, seconds=told.ramp_seconds, gate=told.gate)
        known = [brief(n) for n in told.fewer]
        known.append(trial(folder, units, told.cameras, told.seconds, told.gate))
        table(known)
        trials = sorted([*known, *falling_behind(brief, known, told.ramp)], key=lambda one: one.cameras)
    table(trials)
    print(f"MB for a further camera, {known[0].cameras} to {told.cameras}: {slope(known)}")
    behind = [one.cameras for one in trials if one.fell_behind]
    print(f"first falls behind at {behind[0]} cameras" if behind else "never fell behind")
    told.json.parent.mkdir(parents=True, exist_ok=True)
    told.json.write_text(
        json.dumps({"cores": os.cpu_count(), "trials": [asdict(one) for one in trials]}, indent=1)
    )


if __name__ == "__main__":
    main()
