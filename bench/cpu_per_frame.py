"""CPU milliseconds per analysed picture, decoding included: this program beside two common loops.

The same ONNX file and the same pictures of the same clip, each on one core, in turns.

    python bench/cpu_per_frame.py --model yolo11n_int8_drone --others PYTHON [--clip CLIP] [--rounds 3]

PYTHON is the interpreter of an environment with ultralytics and supervision; without it only this program is
measured. Weights and clips are development files; SAFECITY_SHARED names their folder.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("SAFECITY_SHARED", HERE.parents[1] / "shared"))
WARM_UP = 10


def own_run(folder: str, clip: str, gate: str) -> dict[str, float]:
    """One pass of this program over the clip, with a zone, a line and rules for both."""
    from edge.config.load import compiled  # noqa: PLC0415
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
    return {
        "frames": frames - WARM_UP - 1,
        "cpu_s": time.process_time() - began[0],
        "wall_s": time.perf_counter() - began[1],
        "found": found / frames,
    }


def model_folder(name: str, parent: Path) -> Path:
    """A model folder of a development model: its card beside a link to its weights."""
    folder = parent / name
    folder.mkdir()
    (folder / "card.yaml").write_bytes((HERE / "models" / name / "card.yaml").read_bytes())
    weights = SHARED / "models" / f"{name}.onnx"
    (folder / weights.name).write_bytes(weights.read_bytes())
    return folder


def measured(command: list[str]) -> dict[str, float]:
    """What a loop printed about itself, run on one core."""
    done = subprocess.run(["taskset", "-c", "0", *command], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default="yolo11n_int8_drone")
    parser.add_argument("--clip", default=str(SHARED / "videos" / "one-by-one-person-detection.mp4"))
    parser.add_argument("--stride", default="2", help="every n-th picture, so that 5 a second are analysed")
    parser.add_argument("--others", help="Python with ultralytics and supervision")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--own", nargs=2, metavar=("FOLDER", "GATE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.own:
        print(json.dumps(own_run(options.own[0], options.clip, options.own[1])))
        return
    weights = str(SHARED / "models" / f"{options.model}.onnx")
    with tempfile.TemporaryDirectory() as folder:
        own = [sys.executable, __file__, "--clip", options.clip, "--own"]
        own += [str(model_folder(options.model, Path(folder)))]
        loops = {"this program, ungated": [*own, "ungated"], "this program, gated": [*own, "gated"]}
        if options.others:
            ultra = [
                options.others,
                str(HERE / "loops/ultralytics_loop.py"),
                weights,
                options.clip,
                options.stride,
            ]
            loops["ultralytics track"] = [*ultra, "track"]
            loops["ultralytics predict"] = [*ultra, "predict"]
            loops["supervision + onnxruntime"] = [
                options.others,
                str(HERE / "loops/supervision_loop.py"),
                weights,
                options.clip,
                options.stride,
            ]
        rounds = [{name: measured(command) for name, command in loops.items()} for _ in range(options.rounds)]
    report(rounds)


def report(rounds: list[dict[str, dict[str, float]]]) -> None:
    """A table of medians, and how often each costs what this program costs, ungated and gated."""
    names = list(rounds[0])
    ms = {n: statistics.median(1000 * r[n]["cpu_s"] / r[n]["frames"] for r in rounds) for n in names}
    print(f"{'':28}{'CPU ms/picture':>16}{'x ungated':>12}{'x gated':>10}{'found/picture':>16}")
    for name in names:
        ratios = ms[name] / ms[names[0]], ms[name] / ms[names[1]]
        print(f"{name:28}{ms[name]:16.2f}{ratios[0]:12.2f}{ratios[1]:10.2f}{rounds[0][name]['found']:16.2f}")
    out = HERE / "out"
    out.mkdir(exist_ok=True)
    (out / "cpu_per_frame.json").write_text(json.dumps(rounds, indent=1) + "\n")


if __name__ == "__main__":
    main()
