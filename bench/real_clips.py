"""Every rule that real clips can show, with a real detector: events, and a picture of the first of each.

    python bench/real_clips.py --clips FOLDER --out FOLDER [--config FILE]

Each camera of the configuration (`bench/real_clips.yaml`) whose clip lies in FOLDER is replayed by
`safecity-edge replay`, and what it told is counted by rule. Pictures are frames of the redacted view: people
and vehicles are filled shapes, frames of tracks, places and the latest events are drawn over them. They are
for looking at; there is no truth of these clips to score against.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import av
import cv2

from edge.config.load import load
from edge.run import verb_replay

START = "2026-01-01T12:00:00Z"
SOON_S = 0.4
"""A picture so long after the event shows it told."""


def told(file: Path) -> Iterator[tuple[str, float]]:
    """The rule of every event that begins, and when, seconds."""
    begin = datetime.fromisoformat(START)
    for line in file.read_text(encoding="utf-8").splitlines():
        message = json.loads(line)
        data = message["data"]
        if message["type"].startswith("safecity.event.") and data["revision"] == 0:
            yield data["rule"], (datetime.fromisoformat(data["utc"]) - begin).total_seconds()


def picture(film: Path, at_s: float, file: Path) -> None:
    """Keep the film's picture of a time."""
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= at_s:
                break
    cv2.imwrite(str(file), frame.to_ndarray(format="bgr24"))


def watched(config: Path, clip: Path, camera: str, out: Path) -> Counter[str]:
    """Replay a clip; how often each rule told something."""
    events, film = out / f"{camera}.jsonl", out / f"{camera}.mp4"
    verb_replay.replay(
        verb_replay.Request(clip, config, camera, START, events, film, landmarks=False, as_json=False)
    )
    begun = list(told(events))
    for rule in dict(begun):
        first_s = next(at_s for name, at_s in begun if name == rule)
        picture(film, first_s + SOON_S, out / f"{camera}-{rule}.png")
    return Counter(rule for rule, _ in begun)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=Path(__file__).with_suffix(".yaml"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    node = load(options.config)
    for camera in node.cameras:
        clip = options.clips / Path(camera.detect.url).name
        if not clip.exists():
            print(f"{camera.id}: no {clip}")
            continue
        found = watched(options.config, clip, camera.id, options.out)
        counted = ", ".join(f"{found[rule.id]} {rule.id}" for rule in camera.rules if rule.id in found)
        silent = ", ".join(rule.id for rule in camera.rules if rule.id not in found)
        print(f"{camera.id}: {counted or 'nothing'}; silent: {silent or 'none'}")


if __name__ == "__main__":
    main()
