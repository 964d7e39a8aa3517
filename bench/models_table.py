"""docs/reference/models.md: every model x back end x precision, measured in one session on this machine.

    python bench/models_table.py [--model NAME ...] [--weights FP32.onnx] [--rounds 60]

Models are the bundled ones and those of bench/models whose weights are in SAFECITY_SHARED. Each gets an INT8
copy on pictures of its own kind (refused where it finds too much less), then all its engines take turns on
the same pictures. --weights adds a model with the card of yolo11n_int8_drone, such as bench/fp32_of_int8.py
makes. About 25 s a model on a quiet machine. bench/out/models_table.json keeps the figures.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent
SHARED = Path(os.environ.get("SAFECITY_SHARED", ROOT.parent / "shared"))
PAGE = ROOT / "docs" / "reference" / "models.md"
STREET = "images/street_pedestrians"
PICTURES = {"thermal-drone-nano": "images/thermal_drone/val"}
ENGINES = [("onnxruntime", "fp32"), ("onnxruntime", "int8"), ("openvino", "fp32"), ("openvino", "bf16")]
ENGINES += [("openvino", "int8")]
BUSY = 0.3  # load per core above which absolute times are not to be believed
HEAD = """# Models on every back end

<!-- Written by `bench/models_table.py`; run it again, do not edit. -->

What each model takes and finds in each way that it can be run, in one session on one machine:
{machine}. {date}. {state}

* **ms**: CPU time of one picture from its pixels to its boxes on one thread, median (10th percentile). All
  engines of a model took turns picture by picture, {rounds} pictures each.
* **agreement**: recall / precision of its boxes against onnxruntime fp32, at the card's thresholds and an
  overlap of 0.5. It says how much an engine changes a model, not how good the model is: its card does.
* **cameras**: how many at 5 pictures a second, ungated, fit {cores} cores, by computation
  ([how](../operator/back-ends.md)).
* **int8** copies were calibrated on the first two thirds of 96 pictures of the same kind and are kept only
  where they agree by 0.93 on the last third, as `safecity-edge models quantise` does it.

"""
TAIL = """
The pictures are {pictures}.
On another CPU the order changes: measure there with `safecity-edge models bench`, which takes twenty seconds
and lets `backend: auto` choose.
"""


def verb(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "edge.cli", "models", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def folders(parent: Path, wanted: list[str], weights: Path | None) -> list[Path]:
    """Model folders, those of bench/models made whole below `parent`."""
    found = [card.parent for card in sorted((ROOT / "models").glob("*/card.yaml"))]
    made = [(card.parent.name, None) for card in sorted((HERE / "models").glob("*/card.yaml"))]
    if weights:
        made.append(("yolo11n_int8_drone", weights))
    for name, other in made:
        file = other or SHARED / "models" / f"{name}.onnx"
        if not file.exists():
            continue
        card = yaml.safe_load((HERE / "models" / name / "card.yaml").read_text())
        if other:
            digest = subprocess.run(["sha256sum", str(other)], capture_output=True, text=True, check=True)
            card |= {"name": other.stem.replace("_", "-"), "sha256": digest.stdout.split()[0], "quality": []}
        folder = parent / str(card["name"])
        folder.mkdir()
        (folder / "card.yaml").write_text(yaml.safe_dump(card | {"weights": "model.onnx"}))
        (folder / "model.onnx").write_bytes(file.read_bytes())
        found.append(folder)
    return [folder for folder in found if not wanted or folder.name in wanted]


def measured(folder: Path, store: Path, rounds: int) -> dict[str, object]:
    """The rows of one model, and why it has no INT8 copy if it has none."""
    frames = str(SHARED / PICTURES.get(folder.name, STREET))
    shared = ("--frames", frames, "--store", str(store), "--json")
    copy = verb("quantise", str(folder), *shared)
    bench = verb("bench", str(folder), *shared, "--no-keep", "--rounds", str(rounds))
    if bench.returncode:
        sys.exit(f"{folder.name}: {bench.stderr}")
    refused = "" if copy.returncode == 0 else copy.stderr.strip().removeprefix("safecity-edge: ")
    return {"rows": [json.loads(line) for line in bench.stdout.splitlines()], "refused": refused}


def cells(result: dict[str, object]) -> list[str]:
    """One line of the table for every engine that ran."""
    rows = {(row["engine"]["backend"], row["engine"]["precision"]): row for row in result["rows"]}
    lines = []
    for engine in ENGINES:
        if row := rows.get(engine):
            told = row["recall"] is not None
            agrees = f"{row['recall']:.2f} / {row['precision']:.2f}" if told else "too few boxes"
            name = f"**{' '.join(engine)}**" if row["chosen"] else " ".join(engine)
            figures = f"{row['median_ms']:.1f} ({row['p10_ms']:.1f}) | {agrees} | {row['cameras']}"
            lines.append(f"{name} | {figures} |")
    return lines


def page(results: dict[str, dict[str, object]], facts: dict[str, str]) -> str:
    text = HEAD.format(**facts)
    text += (
        "| model | engine (bold: what `auto` takes) | ms | agreement | cameras |\n|---|---|---:|---|---:|\n"
    )
    for name, result in results.items():
        for index, line in enumerate(cells(result)):
            text += f"| {name if index == 0 else ''} | {line}\n"
    without = {name: str(result["refused"]) for name, result in results.items() if result["refused"]}
    if without:
        text += "\n## Models without an INT8 copy\n\n"
        text += "".join(f"* {name}: {short(why)}\n" for name, why in without.items())
    if not any(row["engine"]["precision"] == "bf16" for r in results.values() for row in r["rows"]):
        text += "\nThis CPU does not compute in BF16, so there is no such row.\n"
    return text + TAIL.format(**facts)


def short(why: str) -> str:
    """A refusal without its path and its advice."""
    return why.partition("; ")[0].rpartition("is refused: ")[2]


def state(rounds: int, busy: float) -> dict[str, str]:
    flags = set(Path("/proc/cpuinfo").read_text().split())
    sets = [name for name in ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_bf16") if name in flags]
    name = next(
        (
            line.split(": ")[1]
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    masked = os.environ.get("ONEDNN_MAX_CPU_ISA")
    mask = f", OpenVINO held to {masked}" if masked else ""
    cores = len(os.sched_getaffinity(0))
    quiet = (
        "Nothing else was running."
        if busy <= BUSY
        else (f"Other work was running (load {busy:.1f} a core): believe the ratios, not the times.")
    )
    return {
        "machine": f"{cores} shared cores of {name} ({', '.join(sets)}{mask})",
        "date": datetime.date.today().isoformat(),
        "state": quiet,
        "rounds": str(rounds),
        "cores": str(cores),
        "pictures": "street scenes (thermal ones for thermal models), 96 evenly spread over each set",
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--model", action="append", default=[], help="only this folder name; repeat for several"
    )
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    busy, results = os.getloadavg()[0] / len(os.sched_getaffinity(0)), {}
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "models").mkdir()
        for folder in folders(Path(name) / "models", options.model, options.weights):
            print(folder.name, file=sys.stderr)
            results[folder.name] = measured(folder, Path(name) / "store", options.rounds)
    facts = state(options.rounds, busy)
    out = HERE / "out"
    out.mkdir(exist_ok=True)
    (out / "models_table.json").write_text(json.dumps({"facts": facts, "results": results}, indent=1) + "\n")
    PAGE.write_text(page(results, facts), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
