"""docs/reference/input-sizes.md: what a call of `street-nano` costs and finds by the size of its input.

    python -m bench.input_sizes [--rounds 60] [--size 320x192 ...]

Copies for other sizes are made by `safecity-edge models resize`. All take turns on the frames of the sample
clips, one thread each, CPU time. Persons and cars are scored on frames of the sample clips and on 150
rendered streets, by their exact truth; invented persons on 300 rendered deserted places of which nothing was
learnt and on which nothing was chosen. Needs no pictures but its own; takes about four minutes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnxruntime

from bench.models_table import state
from edge.adapters.model_folder import LoadedModel, load
from edge.adapters.onnx_detector import OnnxDetector
from models.training import score
from models.training.data import LABELS, Shelf
from models.training.synthetic import View, filmed, pictures

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "input-sizes.md"
OWN = "416x256"
SIZES = ("384x224", "352x192", "320x192", "288x160", "256x160")
PARTS = ("trunk", "neck", "heads")
PLACES, STREETS = (300, 95), (150, 99)
"""Number and seed of what is rendered; the card is measured on the same streets."""
PERSON, CAR = LABELS.index("person"), LABELS.index("car")
HEAD = """# What a call of street-nano costs, and what it finds, by the size of its input

<!-- Written by `python -m bench.input_sizes`; run it again, do not edit. -->

Measured in one session: {machine}. {date}. {state}

`safecity-edge models resize street-nano --input 320x192` makes a copy for another size, with the same weights
([models](../operator/models.md#the-same-model-for-smaller-pictures)). Each line is such a copy; the first is
what is bundled.

* **ms**: CPU time of one picture of 640×360, from pixels to boxes, on one thread of onnxruntime in FP32,
  median; all sizes took turns picture by picture, {rounds} pictures each.
* **AP50**: persons and cars in {clips} frames of the sample clips, and in {streets} rendered streets with
  smaller people.
* **finds, invents**: at the card's threshold, share of the persons in a single frame of the clips that is
  found, and persons invented in 1,000 rendered deserted places ({places} looked at).

"""
TAIL = """
The convolutions are the call, and they are plain multiplications in FP32, so a call that is cheaper on the
same core has to look at fewer pixels, or be another network. On cores with AVX-512 or AMX the same call is
cheaper; `safecity-edge models bench` measures it.

A smaller input is the right choice where people are near: at a gate, a door, a platform seen from close by.
It is the wrong one for a wide street. `resize --frames CLIP` tells how much of what the bundled model finds
in a clip of your own camera the copy finds too.
"""
REACH = 416.0
"""Objects are left out by their size in the bundled input, so that all sizes are asked for the same ones."""


@dataclass(frozen=True)
class Row:
    size: str
    ms: float
    persons: float
    cars: float
    streets: float
    finds: float
    invents: float


def copies(folder: Path, sizes: list[str]) -> dict[str, LoadedModel]:
    """The bundled model and its copies, by size."""
    made = {OWN: load(ROOT / "models/street-nano")}
    for size in sizes:
        command = [sys.executable, "-m", "edge.cli", "models", "resize", "street-nano", "--input", size]
        done = subprocess.run([*command, "--store", str(folder), "--json"], check=True, capture_output=True)
        made[size] = load(Path(json.loads(done.stdout)["folder"]))
    return made


def times(calls: dict[str, Callable[[int], object]], rounds: int) -> dict[str, float]:
    """Median CPU ms of each call; they take turns."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for index in range(rounds + 3):
        for name, call in calls.items():
            began = time.thread_time()
            call(index)
            if index >= 3:
                spent[name].append(time.thread_time() - began)
    return {name: 1000 * statistics.median(values) for name, values in spent.items()}


def parts(model: LoadedModel, frames: Shelf, rounds: int) -> dict[str, float]:
    """CPU ms of what a call is made of."""
    detector = OnnxDetector(model, clock=time.thread_time)
    whole = times({"call": lambda i: detector.answer(frames[i % len(frames)].pixels)}, rounds)["call"]
    before = detector.model_s
    for i in range(rounds):
        detector.answer(frames[i % len(frames)].pixels)
    network = 1000 * (detector.model_s - before) / rounds
    fill = times({"fill": lambda i: detector._input.fill(frames[i % len(frames)].pixels)}, rounds)["fill"]
    shares = network_shares(model, rounds)
    split = {f"network: {name}": network * share for name, share in shares.items()}
    return {"picture to input": fill, **split, "boxes: threshold, NMS": max(0.0, whole - network - fill)}


def network_shares(model: LoadedModel, rounds: int) -> dict[str, float]:
    """Share of the network's time by part, from onnxruntime's own profile of its nodes.

    It tells wall time; the median of each node leaves out the turns in which others had the core.
    """
    grey = np.full(model.card.input.shape, 114, np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder, "profile"))
        session = onnxruntime.InferenceSession(model.weights, options, providers=["CPUExecutionProvider"])
        for _ in range(rounds):
            session.run(None, {session.get_inputs()[0].name: grey})
        events = json.loads(Path(session.end_profiling()).read_text())
    nodes: dict[str, list[int]] = {}
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            nodes.setdefault(event["name"], []).append(event["dur"])
    spent = dict.fromkeys((*PARTS, "rest"), 0.0)
    for name, durations in nodes.items():
        part = next((part for part in PARTS if f"/{part}" in name), "rest")
        spent[part] += statistics.median(durations)
    return {name: value / sum(spent.values()) for name, value in spent.items()}


def row(size: str, model: LoadedModel, ms: float, clips: Shelf, streets: Shelf, places: Shelf) -> Row:
    floor = model.card.thresholds.of("person")
    keen = OnnxDetector(model, thresholds=replace(model.card.thresholds, score={}, default=0.01))
    found = score.answers(keen, clips)
    aps = score.precisions(found, clips, len(LABELS), REACH)
    far = score.precisions(score.answers(keen, streets), streets, len(LABELS), REACH)
    return Row(
        size,
        ms,
        aps[PERSON] or 0.0,
        aps[CAR] or 0.0,
        far[PERSON] or 0.0,
        score.rates(found, clips, PERSON, floor, REACH)[1],
        score.false_per_thousand(score.answers(keen, places), PERSON, floor),
    )


def page(rows: list[Row], split: dict[str, float], facts: dict[str, str], looked: dict[str, int]) -> str:
    text = HEAD.format(**facts, **looked)
    text += "| input | ms | AP50 persons, clips | cars, clips | persons, streets | finds | invents |\n"
    text += "|---|---:|---:|---:|---:|---:|---:|\n"
    for each in rows:
        figures = f"{each.persons:.3f} | {each.cars:.3f} | {each.streets:.3f} | {each.finds:.2f}"
        text += f"| {each.size} | {each.ms:.1f} | {figures} | {each.invents:.0f} |\n"
    text += f"\n## What a call at {OWN} is made of\n\n| part | ms | share |\n|---|---:|---:|\n"
    whole = sum(split.values())
    for name, ms in split.items():
        text += f"| {name} | {ms:.2f} | {ms / whole:.0%} |\n"
    return text + TAIL


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", action="append", help="only this size beside the bundled one; repeat")
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    busy = os.getloadavg()[0] / len(os.sched_getaffinity(0))
    clips = Shelf(list(filmed(ROOT / "sample_videos")))
    streets = Shelf(list(pictures(*STREETS)))
    places = Shelf(list(pictures(*PLACES, View.NOBODY)))
    with tempfile.TemporaryDirectory() as name:
        models = copies(Path(name), options.size or list(SIZES))
        detectors = {size: OnnxDetector(model) for size, model in models.items()}
        calls = {size: _call(detector, clips) for size, detector in detectors.items()}
        ms = times(calls, options.rounds)
        rows = [row(size, model, ms[size], clips, streets, places) for size, model in models.items()]
        split = parts(models[OWN], clips, options.rounds)
    looked = {"clips": len(clips), "streets": len(streets), "places": len(places)}
    PAGE.write_text(page(rows, split, state(options.rounds, busy), looked), encoding="utf-8")
    print(PAGE)


def _call(detector: OnnxDetector, shelf: Shelf) -> Callable[[int], object]:
    return lambda index: detector.answer(shelf[index % len(shelf)].pixels)


if __name__ == "__main__":
    main()
