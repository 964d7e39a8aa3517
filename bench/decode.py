"""What one analysed frame costs before the detector: this program's source beside the usual ways.

    python bench/decode.py [CLIP ...] [--rounds N] [--json FILE]

Every way reads the whole clip and gives out five pictures a second. CPU time of the process, rounds
interleaved, medians; the ratio is to this program's own. Without clips, two are made: 640×360 and 1920×1080.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import av
import cv2
import numpy as np

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import Pace, SourceSpec
from edge.adapters.clock import SystemClock
from edge.detect.fit import Fit
from edge.detect.letterbox import content_size
from edge.values.frame import Size

INPUT = Size(416, 416)
FPS = 5.0
FIT = partial(content_size, target=INPUT, fit=Fit.LETTERBOX_TOP_LEFT)


def ours(clip: Path) -> int:
    """Sampled, scaled from YUV in one step, unreferenced pictures left out."""
    camera = AvSource(
        SourceSpec(str(clip), detect_fps=FPS, pace=Pace.FAST), "bench", "bench", FIT, SystemClock()
    )
    count = 0
    while camera.read() is not None:
        count += 1
    camera.close()
    return count


def pyav_full(clip: Path) -> int:
    """PyAV: every picture decoded and converted to full-size BGR, sampled ones resized."""
    count, due = 0, 0.0
    with av.open(str(clip)) as container:
        container.streams.video[0].codec_context.thread_count = 1
        for picture in container.decode(video=0):
            full = picture.to_ndarray(format="bgr24")
            if (picture.time or 0.0) >= due - 1e-6:
                cv2.resize(full, FIT(Size(full.shape[1], full.shape[0])))
                count, due = count + 1, due + 1 / FPS
    return count


def capture(clip: Path, skip: bool) -> int:
    """OpenCV's VideoCapture: read all and resize the sampled ones, or grab the others without conversion."""
    video = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    count, due, index, rate = 0, 0.0, 0, video.get(cv2.CAP_PROP_FPS)
    while video.grab():
        wanted = index / rate >= due - 1e-6
        if wanted or not skip:
            _, full = video.retrieve()
        if wanted:
            cv2.resize(full, FIT(Size(full.shape[1], full.shape[0])))
            count, due = count + 1, due + 1 / FPS
        index += 1
    return count


WAYS: dict[str, Callable[[Path], int]] = {
    "safecity-edge": ours,
    "PyAV, all to BGR": pyav_full,
    "VideoCapture.read": partial(capture, skip=False),
    "VideoCapture.grab": partial(capture, skip=True),
}


def made(folder: Path, size: Size, pictures: int = 150) -> Path:
    """A clip of moving noise-textured squares as a camera would send it: B-frames, a key frame each 2 s."""
    path = folder / f"{size.width}x{size.height}.mp4"
    chance = np.random.default_rng(0)
    texture = chance.integers(50, 150, (size.height // 8, size.width // 8, 3), dtype=np.uint8)
    ground = cv2.resize(texture, size, interpolation=cv2.INTER_CUBIC)
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=25, options={"preset": "veryfast", "g": "50"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for index in range(pictures):
            picture = np.clip(ground + chance.normal(0, 3, (size.height, size.width, 1)), 0, 255).astype(
                np.uint8
            )
            x = index * size.width // pictures
            picture[size.height // 2 :, x : x + size.width // 20] = (220, 180, 60)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        output.mux(stream.encode(None))
    return path


def measured(clip: Path, rounds: int) -> dict[str, float]:
    """CPU milliseconds per sampled frame of each way, median over the rounds."""
    costs: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            start = time.process_time()
            count = way(clip)
            costs[name].append((time.process_time() - start) / count * 1000)
    return {name: statistics.median(values) for name, values in costs.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clips = arguments.clips or [made(Path(folder), Size(640, 360)), made(Path(folder), Size(1920, 1080))]
        results = {clip.name: measured(clip, arguments.rounds) for clip in clips}
    for name, costs in results.items():
        print(f"\n{name}: CPU ms per frame sampled at {FPS:g}/s")
        for way, cost in costs.items():
            print(f"  {way:20} {cost:8.2f}   {cost / costs['safecity-edge']:5.2f}x")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
