"""The tracker beside the libraries a newcomer would take: speed, and how well identities last.

    python bench/tracker.py [--quick] [--json FILE]

Every tracker gets the same detections (`bench/street.py`) in the same process, rounds interleaved, with
settings for 5 frames a second and a memory of 2 s; ours also follows unsure boxes until they walk, as a
worker lets it. Times are processor time, so that other work on the
machine hardly counts. Libraries that are not installed are skipped by name; they belong in an environment of
their own:

    pip install supervision==0.26.1 trackers==2.1.0 norfair==2.1.1
"""

import argparse
import importlib
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from street import FPS, SCENES, Shot, shots

from edge.evaluate.overlap import overlap
from edge.evaluate.tracking import Seen, Tracking, followed
from edge.run.parts import DOUBTED_BEGINS
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.moment import Moment

Answer = tuple[np.ndarray, np.ndarray]  # ids n, boxes n×4
Step = Callable[[Detections, Moment], Answer]
Make = Callable[[], Step]


def steady(n: int, frames: int) -> Iterator[tuple[Detections, Moment]]:
    """n objects that all stay visible, at 1080p."""
    rng = np.random.default_rng(n)
    place, pace = rng.uniform((0, 0), (1920, 1080), (n, 2)), rng.normal(0, 30, (n, 2))
    half = rng.uniform(50, 130, n)[:, None] * np.array([0.2, 0.5])
    for frame in range(frames):
        at, ns = place + pace * frame / FPS + rng.normal(0, 1.5, (n, 2)), round(frame / FPS * 1e9)
        boxes = np.concatenate([at - half, at + half], axis=1)
        yield Detections.of(boxes, rng.uniform(0.45, 0.9, n), np.zeros(n)), Moment(ns, ns)


def ours() -> Step:
    people = TrackerSpec()
    begins = people.high_score
    tracker = Tracker(
        replace(people, high_scores=(begins,), doubted_scores=(DOUBTED_BEGINS * begins,), alone=(False,))
    )

    def step(detections: Detections, moment: Moment) -> Answer:
        tracks = tracker.update(detections, moment)
        shown = tracks.confirmed & tracks.seen
        return tracks.ids[shown], tracks.boxes[shown]

    return step


def supervised(library: str, name: str, verb: str, **settings: float) -> Step:
    sv = importlib.import_module("supervision")
    tracker = getattr(importlib.import_module(library), name)(
        lost_track_buffer=60, frame_rate=5, minimum_consecutive_frames=2, **settings
    )

    def step(detections: Detections, _moment: Moment) -> Answer:
        boxes, scores = detections.boxes.copy(), detections.scores.copy()
        given = sv.Detections(boxes, confidence=scores, class_id=detections.classes.astype(int))
        got = getattr(tracker, verb)(given)
        ids = np.asarray([] if got.tracker_id is None else got.tracker_id, dtype=np.intp)
        return ids[ids >= 0], got.xyxy[ids >= 0]

    return step


def norfair() -> Step:
    library = importlib.import_module("norfair")
    tracker = library.Tracker(
        "iou", distance_threshold=0.9, hit_counter_max=10, initialization_delay=1, pointwise_hit_counter_max=1
    )

    def step(detections: Detections, _moment: Moment) -> Answer:
        given = [
            library.Detection(box.reshape(2, 2).astype(float), np.array([score, score]), label=int(code))
            for box, score, code in zip(detections.boxes, detections.scores, detections.classes, strict=True)
            if score >= 0.25
        ]
        got = [t for t in tracker.update(given) if t.live_points.any()]
        return np.array([t.id for t in got], int), np.array([t.estimate for t in got]).reshape(-1, 4)

    return step


CONTESTANTS: dict[str, Make] = {
    "edge.track": ours,
    "supervision ByteTrack": lambda: supervised(
        "supervision", "ByteTrack", "update_with_detections", track_activation_threshold=0.4
    ),
    "trackers ByteTrack": lambda: supervised(
        "trackers", "ByteTrackTracker", "update", track_activation_threshold=0.4, high_conf_det_threshold=0.4
    ),
    "trackers SORT": lambda: supervised(
        "trackers", "SORTTracker", "update", track_activation_threshold=0.4, minimum_iou_threshold=0.1
    ),
    "norfair (IoU)": norfair,
}


def present() -> dict[str, Make]:
    there = {}
    for name, make in CONTESTANTS.items():
        try:
            make()
        except (ImportError, AttributeError) as error:
            print(f"skipped {name}: {error}")
        else:
            there[name] = make
    return there


def speed(makes: dict[str, Make], n: int, rounds: int) -> dict[str, float]:
    """Median processor ms per frame."""
    clip = list(steady(n, 40 if n < 100 else 15))
    taken: dict[str, list[float]] = {name: [] for name in makes}
    for _ in range(rounds):
        for name, make in makes.items():
            step = make()
            for at, shown in enumerate(clip):
                begun = time.process_time()
                step(*shown)
                if at >= 5:
                    taken[name].append(1e3 * (time.process_time() - begun))
    return {name: statistics.median(values) for name, values in taken.items()}


def quality(make: Make, clips: list[list[Shot]]) -> Tracking:
    """Pooled over the clips, each with a fresh tracker."""
    seen, true_base, track_base = [], 0, 0
    for clip in clips:
        step = make()
        answers = [step(shot.detections, shot.moment) for shot in clip]
        people = np.unique(np.concatenate([shot.ids for shot in clip]))
        tracks = np.unique(np.concatenate([ids for ids, _ in answers]))
        for shot, (ids, boxes) in zip(clip, answers, strict=True):
            who, track = np.searchsorted(people, shot.ids), np.searchsorted(tracks, ids)
            seen.append(Seen(who + true_base, track + track_base, overlap(shot.boxes, boxes)))
        true_base, track_base = true_base + len(people), track_base + len(tracks)
    return followed(seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer seeds and rounds")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    makes, (seeds, rounds) = present(), (2, 3) if options.quick else (5, 9)
    result: dict[str, dict[str, dict[str, object]]] = {}
    for n in (5, 30, 150):
        figures = speed(makes, n, rounds if n < 100 else 3)
        result[f"{n} objects"] = {name: {"ms": round(ms, 4)} for name, ms in figures.items()}
        print(f"\n{n} objects")
        for name, ms in figures.items():
            print(f"  {name:24s} {ms:8.3f} ms  {ms / figures['edge.track']:7.1f} ×")
    for scene in SCENES:
        clips = [shots(scene, seed) for seed in range(seeds)]
        print(f"\n{scene.name}")
        for name, make in makes.items():
            got = quality(make, clips)
            result.setdefault(scene.name, {})[name] = {
                "idf1": round(got.idf1, 4), "hota": round(got.hota, 4), "mota": round(got.mota, 4),
                "switches": got.switches,
            }  # fmt: skip
            line = f"IDF1 {got.idf1:.3f}  HOTA {got.hota:.3f}  MOTA {got.mota:.3f}  switches {got.switches}"
            print(f"  {name:24s} {line}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
