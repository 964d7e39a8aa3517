"""CPU milliseconds per analysed picture, decoding included: this program beside two common loops.

The same ONNX file and the same pictures of the same clip, each on one core, in turns.

    python bench/cpu_per_frame.py --others PYTHON [--weights ONNX] [--clip CLIP ...] [--rounds 3]

PYTHON is the interpreter of an environment with ultralytics and supervision; without it only this program is
measured. Weights and clips are development files; SAFECITY_SHARED names their folder. A quantised model may
take so long by itself that it hides what is around it: bench/fp32_of_int8.py makes the FP32 model that it
stands for, to be given as --weights.
"""

import argparse
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("SAFECITY_SHARED", HERE.parents[1] / "shared"))
WARM_UP = 10


def own_run(folder: str, clip: str, gate: str, most: int) -> dict[str, float]:
    """One pass of this program over the clip, with a zone, a line and rules for both."""
    from edge.config.compile import compiled  # noqa: PLC0415
    from edge.config.schema import Node  # noqa: PLC0415
    from edge.run.wiring import watching  # noqa: PLC0415

    whole = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    camera = {
        "id": "bench",
        "source": clip,
        "zones": [{"id": "all", "polygon": whole}],
        "lines": [{"id": "mid", "points": [[0.5, 0.0], [0.5, 1.0]]}],
    }
    node = compiled(
        Node.model_validate(
            {
                "node": "bench",
                "region": "bench",
                "broker": "embedded",
                "detector": {"model": folder},
                "gate": {"enabled": gate == "gated"},
                "cameras": [camera],
                "rules": [
                    {"id": "count", "when": "occupancy"},
                    {"id": "stay", "when": "dwell", "dwell_s": 10},
                    {"id": "pass", "when": "line-crossing"},
                ],
            }
        )
    )
    replay = watching.replay_of(node, node.cameras[0], Path(clip), 0)
    frames, found, began = 0, 0, (0.0, 0.0)
    for look in replay.looks():
        if frames == WARM_UP:
            began = time.process_time(), time.perf_counter()
        frames += 1
        found += len(look.step.tracks)
        if frames == most:
            break
    return {
        "frames": frames - WARM_UP - 1,
        "cpu_s": time.process_time() - began[0],
        "wall_s": time.perf_counter() - began[1],
        "found": found / frames,
    }


def model_folder(name: str, weights: Path, parent: Path) -> Path:
    """A model folder: the card of a development model beside these weights, which it is made to name."""
    folder = parent / name
    folder.mkdir()
    card = (HERE / "models" / name / "card.yaml").read_text()
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    card = re.sub(r"(?m)^sha256: .*$", f"sha256: {digest}", card)
    card = re.sub(r"(?m)^weights: .*$", f"weights: {weights.name}", card)
    (folder / "card.yaml").write_text(card)
    (folder / weights.name).write_bytes(weights.read_bytes())
    return folder


def measured(command: list[str]) -> dict[str, float]:
    """What a loop printed about itself, run on one core."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = ["taskset", "-c", "0", *command]
    done = subprocess.run(command, env=os.environ | one, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default="yolo11n_int8_drone")
    parser.add_argument("--weights", type=Path, help="in place of those that the model's card names")
    parser.add_argument(
        "--clip", nargs="+", default=[str(SHARED / "videos" / "one-by-one-person-detection.mp4")]
    )
    parser.add_argument("--stride", default="2", help="every n-th picture, so that 5 a second are analysed")
    parser.add_argument("--pictures", type=int, default=300, help="analysed of each clip at most")
    parser.add_argument("--others", help="Python with ultralytics and supervision")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--own", nargs=2, metavar=("FOLDER", "GATE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.own:
        print(json.dumps(own_run(options.own[0], options.clip[0], options.own[1], options.pictures)))
        return
    weights = options.weights or SHARED / "models" / f"{options.model}.onnx"
    results = {}
    with tempfile.TemporaryDirectory() as name:
        folder = model_folder(options.model, weights, Path(name))
        for clip in options.clip:
            loops = own_loops(folder, clip, options.pictures)
            if options.others:
                told = [str(weights), clip, options.stride, str(options.pictures)]
                loops |= others_loops(options.others, told)
            rounds = [{who: measured(loop) for who, loop in loops.items()} for _ in range(options.rounds)]
            report(Path(clip).name, rounds)
            results[Path(clip).name] = rounds
    out = HERE / "out"
    out.mkdir(exist_ok=True)
    (out / "cpu_per_frame.json").write_text(json.dumps(results, indent=1) + "\n")


def own_loops(folder: Path, clip: str, pictures: int) -> dict[str, list[str]]:
    """The commands of this program, by name."""
    own = [sys.executable, __file__, "--clip", clip, "--pictures", str(pictures), "--own", str(folder)]
    return {"this program, ungated": [*own, "ungated"], "this program, gated": [*own, "gated"]}


def others_loops(python: str, told: list[str]) -> dict[str, list[str]]:
    """The commands of the common loops, by name."""
    ultra = [python, str(HERE / "loops/ultralytics_loop.py"), *told]
    return {
        "ultralytics track": [*ultra, "track"],
        "ultralytics predict": [*ultra, "predict"],
        "supervision + onnxruntime": [python, str(HERE / "loops/supervision_loop.py"), *told],
    }


def report(clip: str, rounds: list[dict[str, dict[str, float]]]) -> None:
    """A table of medians, and how often each costs what this program costs, ungated and gated."""
    names = list(rounds[0])
    ms = {n: statistics.median(1000 * r[n]["cpu_s"] / r[n]["frames"] for r in rounds) for n in names}
    print(clip)
    print(f"{'':28}{'CPU ms/picture':>16}{'x ungated':>12}{'x gated':>10}{'found/picture':>16}")
    for name in names:
        ratios = ms[name] / ms[names[0]], ms[name] / ms[names[1]]
        found = rounds[0][name]["found"]
        print(f"{name:28}{ms[name]:16.2f}{ratios[0]:12.2f}{ratios[1]:10.2f}{found:16.2f}", flush=True)


if __name__ == "__main__":
    main()
