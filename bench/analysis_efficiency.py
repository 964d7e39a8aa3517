"""Analysis efficiency: CPU time inside the model ÷ all CPU time per analysed frame outside decoding.

    python bench/analysis_efficiency.py --weights yolox_nano_416.onnx [--clip CLIP] [--json FILE]

The frames of a clip are decoded beforehand, as the video source gives them: scaled to the model's input. Then
each is taken through detector, tracker, scene, rules and redaction of one camera with two zones, one line and
four rules; the motion gate is open. One thread; CPU time of the process, so that other work on the machine
does not count. Wanted: 0.90 at 10 objects. The clip is played several times, each time with a fresh camera.
"""

import argparse
import json
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2

from edge.adapters import model_folder
from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace, SourceSpec
from edge.adapters.clock import SystemClock
from edge.adapters.onnx_detector import OnnxDetector
from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.detect.card import Card
from edge.detect.letterbox import content_size
from edge.run.parts import pipeline_of, thresholds_of
from edge.values.detections import Detections
from edge.values.frame import Frame

ROOT = Path(__file__).parents[1]

CONFIG = """
node: bench
region: bench
broker: embedded
gate: {enabled: false}
cameras:
  - id: gate
    source: /dev/null
    zones:
      - {id: left, polygon: [[0, 0.2], [0.5, 0.2], [0.5, 1], [0, 1]]}
      - {id: right, polygon: [[0.5, 0.2], [1, 0.2], [1, 1], [0.5, 1]]}
    lines:
      - {id: middle, points: [[0.5, 0.1], [0.5, 1]]}
rules:
  - {id: entries, when: zone-entry}
  - {id: crossings, when: line-crossing}
  - {id: stays, when: dwell, dwell_s: 10}
  - {id: crowds, when: occupancy, at_least: 3}
"""


@dataclass(frozen=True)
class Round:
    """CPU milliseconds per frame of one pass over the clip."""

    model: float
    pre_post: float
    pipeline: float

    @property
    def efficiency(self) -> float:
        return self.model / (self.model + self.pre_post + self.pipeline)


def frames_of(clip: Path, model: model_folder.LoadedModel, fps: float, most: int) -> list[Frame]:
    spec = SourceSpec(url=str(clip), detect_fps=fps, pace=Pace.FAST, clip_start_ns=0)
    wanted = model.card.input
    source = AvSource(
        spec, "gate", "bench", lambda size: content_size(size, wanted.size, wanted.fit), SystemClock()
    )
    frames: list[Frame] = []
    while len(frames) < most and (frame := source.read()) is not None:
        frames.append(frame)
    source.close()
    return frames


def play(frames: list[Frame], detector: OnnxDetector, node: NodeSpec, card: Card) -> tuple[Round, float]:
    """One pass, and the mean number of objects tracked."""
    pipeline = pipeline_of(node, node.cameras[0], card, "bench", b"0" * 32)
    followed = 0
    detect_s = step_s = 0.0
    inside = detector.model_s
    for frame in frames:
        begin = time.process_time()
        assert pipeline.wants(frame)
        middle = time.process_time()
        answer = detector.detect(frame)
        after = time.process_time()
        assert isinstance(answer, Detections)
        step = pipeline.step(frame, answer)
        step_s += time.process_time() - after + middle - begin
        detect_s += after - middle
        followed += int(step.tracks.confirmed.sum())
    model_s = detector.model_s - inside
    ms = 1000 / len(frames)
    return Round(model_s * ms, (detect_s - model_s) * ms, step_s * ms), followed / len(frames)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--card", type=Path, default=ROOT / "bench/models/yolox_nano_416")
    parser.add_argument("--weights", type=Path, help="weights that lie outside the folder of the card")
    parser.add_argument("--clip", type=Path, default=ROOT / "sample_videos/plaza.mp4")
    parser.add_argument("--fps", type=float, default=5.0)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()

    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bench.yaml").write_text(CONFIG)
        node = load(Path(folder) / "bench.yaml")
    model = model_folder.load(options.card, options.weights)
    thresholds = thresholds_of(node, model.card)
    detector = OnnxDetector(model, thresholds=thresholds, clock=time.process_time)
    frames = frames_of(options.clip, model, options.fps, options.frames)
    play(frames[:20], detector, node, model.card)
    played = [play(frames, detector, node, model.card) for _ in range(options.rounds)]
    rounds, objects = zip(*played, strict=True)

    print(f"{model.card.name}, {options.clip.name}, {len(frames)} frames, {objects[0]:.1f} objects")
    print("CPU ms per frame      median   least")
    for part in asdict(rounds[0]):
        values = [getattr(r, part) for r in rounds]
        print(f"  {part:18} {statistics.median(values):8.3f} {min(values):7.3f}")
    best = statistics.median(r.efficiency for r in rounds)
    print(f"analysis efficiency {best:8.3f}   (wanted 0.90 at 10 objects)")
    if options.json:
        result = {"efficiency": best, "objects": objects[0], "rounds": [asdict(r) for r in rounds]}
        options.json.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
