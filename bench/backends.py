"""CPU per analysed picture with `backend: auto`, and on each engine, beside two common loops.

    python bench/backends.py --weights ONNX [--card NAME] [--others PYTHON] [--rounds 3] [--isa AVX2]

The same ONNX file and the same pictures of the same clip, each on one core, in turns. First an INT8 copy is
made on the clip's own pictures (or refused), then `models bench` finds what `auto` takes; then whole replays
(decoding, tracking, rules and messages) are measured ungated on every engine, and gated on the chosen one.

--isa masks instruction sets of OpenVINO (ONEDNN_MAX_CPU_ISA), to see what a box without AMX and VNNI does.
onnxruntime has no such mask: its rows stay those of this CPU.
Wanted with BF16 or VNNI: 4 times cheaper than `ultralytics` track, 2.2 than a `supervision` loop.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent
SHARED = Path(os.environ.get("SAFECITY_SHARED", ROOT.parent / "shared"))
CLIP = SHARED / "videos" / "one-by-one-person-detection.mp4"
RULES = [
    {"id": "count", "when": "occupancy"},
    {"id": "stay", "when": "dwell", "dwell_s": 10},
    {"id": "pass", "when": "line-crossing"},
]
CAMERA = {
    "id": "bench",
    "zones": [{"id": "all", "polygon": [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]}],
    "lines": [{"id": "mid", "points": [[0.5, 0.0], [0.5, 1.0]]}],
}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def told(command: list[str], may_fail: bool = False) -> str:
    """Standard output of a command on one core."""
    line = ["taskset", "-c", "0", *command]
    done = subprocess.run(line, capture_output=True, text=True, check=False, env=os.environ | ONE_THREAD)
    if done.returncode and not may_fail:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
    return done.stdout


def verb(*arguments: str, may_fail: bool = False) -> str:
    return told([sys.executable, "-m", "edge.cli", *arguments], may_fail)


def model_folder(card: str, weights: Path, folder: Path) -> Path:
    """A model folder of a card of bench/models and these weights."""
    folder.mkdir()
    said = yaml.safe_load((HERE / "models" / card / "card.yaml").read_text())
    said |= {"sha256": hashlib.sha256(weights.read_bytes()).hexdigest(), "weights": "model.onnx"}
    (folder / "card.yaml").write_text(yaml.safe_dump(said))
    (folder / "model.onnx").write_bytes(weights.read_bytes())
    return folder


def replay(folder: Path, clip: Path, name: str, engine: dict[str, str], gate: bool) -> list[str]:
    """The command of a replay on an engine that the configuration names."""
    config = folder.parent / f"{name}.yaml"
    detector = {"model": str(folder), "backend": engine["backend"], "precision": engine["precision"]}
    node = {"node": "bench", "region": "bench", "broker": "embedded", "detector": detector}
    node |= {"gate": {"enabled": gate}, "cameras": [{**CAMERA, "source": str(clip)}], "rules": RULES}
    config.write_text(yaml.safe_dump(node))
    end = ["--config", str(config), "--events", os.devnull, "--json"]
    return [sys.executable, "-m", "edge.cli", "replay", str(clip), *end]


def ms(command: list[str]) -> float:
    """CPU milliseconds per analysed picture, as a loop tells them on its last line."""
    said = json.loads(told(command).splitlines()[-1])
    return 1000 * said["cpu_s"] / said["frames"]


def others(python: str, weights: Path, clip: Path, stride: str) -> dict[str, list[str]]:
    """The commands of the common loops."""
    end = [str(weights), str(clip), stride, "1000000"]
    return {
        "ultralytics track": [python, str(HERE / "loops/ultralytics_loop.py"), *end, "track"],
        "supervision loop": [python, str(HERE / "loops/supervision_loop.py"), *end],
    }


def report(rounds: list[dict[str, float]], chosen: str) -> None:
    names = list(rounds[0])
    middle = {name: statistics.median(each[name] for each in rounds) for name in names}
    print(f"{'':36}{'CPU ms/picture':>16}{'x auto':>10}{'x auto, gated':>16}")
    for name in names:
        mark = "  <- auto" if name == chosen else ""
        ratios = middle[name] / middle[chosen], middle[name] / middle["auto, gated"]
        print(f"{name:36}{middle[name]:16.2f}{ratios[0]:10.2f}{ratios[1]:16.2f}{mark}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--card", default="yolo11n_int8_drone", help="folder of bench/models")
    parser.add_argument("--clip", type=Path, default=CLIP)
    parser.add_argument("--stride", default="2", help="every n-th picture, so that 5 a second are analysed")
    parser.add_argument("--others", help="Python with ultralytics and supervision")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--isa", help="value of ONEDNN_MAX_CPU_ISA")
    options = parser.parse_args()
    if options.isa:
        os.environ["ONEDNN_MAX_CPU_ISA"] = options.isa
    with tempfile.TemporaryDirectory() as name:
        os.environ["SAFECITY_MODELS"] = f"{name}/store"
        folder = model_folder(options.card, options.weights.resolve(), Path(name) / "model")
        clip = options.clip.resolve()
        verb("models", "quantise", str(folder), "--frames", str(clip), may_fail=True)
        rows = verb("models", "bench", str(folder), "--frames", str(clip), "--json")
        loops, chosen = {}, ""
        for row in map(json.loads, rows.splitlines()):
            engine = row["engine"]
            label = f"{engine['backend']} {engine['precision']}, ungated"
            loops[label] = replay(folder, clip, f"{engine['backend']}-{engine['precision']}", engine, False)
            if row["chosen"]:
                chosen = label
                loops["auto, gated"] = replay(folder, clip, "gated", engine, True)
        if options.others:
            loops |= others(options.others, options.weights.resolve(), clip, options.stride)
        rounds = [{name: ms(command) for name, command in loops.items()} for _ in range(options.rounds)]
    report(rounds, chosen)
    out = HERE / "out"
    out.mkdir(exist_ok=True)
    (out / "backends.json").write_text(json.dumps({"chosen": chosen, "rounds": rounds}, indent=1) + "\n")


if __name__ == "__main__":
    main()
