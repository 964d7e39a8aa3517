"""Answers of a detector to a sample clip, kept so that a replay needs neither the model nor a decoder.

Written by `python -m tests.golden.answers MODEL_FOLDER`; the same answers give the same events on every
machine, whatever its processor rounds, and whatever model is bundled.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from edge.config.load import load
from edge.run.replay import Replay
from edge.run.wiring import watching
from edge.values.detections import Detections
from edge.values.frame import Frame, Size
from edge.values.moment import ClockTrust, Moment

HERE = Path(__file__).parent
SITE = HERE / "site.yaml"
START_NS = 1_767_268_800_000_000_000  # 2026-01-01T12:00:00Z
CAMERAS = ("plaza", "street", "gate", "night")
LABELS = ("person", "bicycle", "car", "motorcycle", "bus", "truck")


@dataclass(frozen=True)
class Answers:
    """What was sampled and answered: n frames, and the detections of all of them one after the other."""

    camera: str
    size: Size
    source: Size
    pts_ns: np.ndarray
    counts: np.ndarray
    boxes: np.ndarray
    scores: np.ndarray
    classes: np.ndarray
    folder: Path = HERE
    begins_ns: int = START_NS

    @classmethod
    def kept(cls, camera: str, folder: Path = HERE) -> "Answers":
        with np.load(folder / f"{camera}.npz") as found:
            sides = [Size(*(int(side) for side in found[name])) for name in ("size", "source")]
            arrays = [found[name] for name in ("pts_ns", "counts", "boxes", "scores", "classes")]
            begins_ns = int(found["begins_ns"]) if "begins_ns" in found else START_NS
            return cls(camera, *sides, *arrays, folder, begins_ns)

    def keep(self) -> None:
        arrays = {name: getattr(self, name) for name in ("pts_ns", "counts", "boxes", "scores", "classes")}
        begins = {} if self.begins_ns == START_NS else {"begins_ns": np.int64(self.begins_ns)}
        kept = {"size": self.size, "source": self.source, **arrays, **begins}
        np.savez_compressed(self.folder / f"{self.camera}.npz", **kept)

    def frames(self, run: str) -> Iterator[Frame]:
        """The sampled frames, all of them grain: it is only asked whether the camera lives."""
        shape, chance = (self.size.height, self.size.width, 3), np.random.default_rng(5)
        grain = [chance.integers(100, 120, shape, np.uint8) for _ in range(2)]
        for seq, pts in enumerate(self.pts_ns.tolist()):
            moment = Moment(pts, self.begins_ns + pts, ClockTrust.REPLAY)
            yield Frame(self.camera, run, seq, moment, grain[seq % 2], self.source)

    def detections(self) -> list[Detections]:
        ends = np.cumsum(self.counts).tolist()
        spans = zip([0, *ends], ends, strict=False)
        return [Detections.of(self.boxes[a:b], self.scores[a:b], self.classes[a:b]) for a, b in spans]


def heard(camera: str, model: str) -> Answers:
    """Ask a model about every sampled frame of a camera's clip; labels but those of `LABELS` are left out."""
    node = load(SITE)
    node = replace(node, gate=False, detector=replace(node.detector, model=model))
    chosen = node.camera(camera)
    replay: Replay = watching.replay_of(node, chosen, Path(chosen.detect.url), START_NS)
    looks = list(replay.looks())
    names = replay.detector.labels
    answers = [look.answer for look in looks if isinstance(look.answer, Detections)]
    assert len(answers) == len(looks)
    known = [answer.take(np.array([names[i] in LABELS for i in answer.classes], bool)) for answer in answers]
    return Answers(
        camera,
        looks[0].frame.size,
        looks[0].frame.source,
        np.array([look.frame.moment.mono_ns for look in looks]),
        np.array([len(answer) for answer in known], np.int16),
        np.concatenate([answer.boxes for answer in known]).round(1),
        np.concatenate([answer.scores for answer in known]).round(3),
        np.array([LABELS.index(names[i]) for answer in known for i in answer.classes], np.int16),
    )


if __name__ == "__main__":
    for name in CAMERAS:
        heard(name, sys.argv[1]).keep()
