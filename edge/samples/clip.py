"""Clips: a scene as H.264 video, with its truth as JSON beside it."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.video.stream
import cv2
import numpy as np

from edge.samples.account import account
from edge.samples.scene import Scene
from edge.samples.scene_file import load_scene
from edge.samples.stage import SUPERSAMPLE, Stage
from edge.values.frame import Pixels
from edge.values.truth import TrueFrame, Truth

# One thread, and no code that only some processors have: the same pictures give the same bytes.
_ENCODER: dict[str, object] = {
    "preset": "slow",
    "crf": "24",
    "x264-params": "threads=1:lookahead-threads=1:keyint=75:scenecut=0:cpu-independent=1",
}


def make(
    scene_path: Path,
    out_dir: Path,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Path, Path]:
    """Render the scene of a YAML file to `<name>.mp4` and `<name>.truth.json`; returns both paths.

    Args:
        seed: instead of the file's own.
        progress: called with pictures done and their total.

    Raises:
        ConfigError: the file is no scene.
    """
    scene, chosen = load_scene(scene_path, seed)
    out_dir.mkdir(parents=True, exist_ok=True)
    clip, truth = out_dir / f"{scene.name}.mp4", out_dir / f"{scene.name}.truth.json"
    half = clip.with_suffix(".part.mp4")
    try:
        told = film(scene, chosen, half, progress)
        half.replace(clip)
    finally:
        half.unlink(missing_ok=True)
    truth.write_text(json.dumps(told.to_json(), separators=(",", ":")) + "\n", encoding="utf-8")
    return clip, truth


def film(scene: Scene, seed: int, clip: Path, progress: Callable[[int, int], None] | None = None) -> Truth:
    """Render a scene to a video file and return its truth."""
    stage, frames = Stage(scene, seed, SUPERSAMPLE), list[TrueFrame]()
    with av.open(str(clip), "w", options={"movflags": "+faststart", "fflags": "+bitexact"}) as container:
        stream = _stream(container, scene)
        for index in range(scene.frame_count):
            pixels, frame = stage.shoot(index)
            frames.append(frame)
            container.mux(stream.encode(_picture(pixels, index, scene.fps)))
            if progress is not None:
                progress(index + 1, scene.frame_count)
        container.mux(stream.encode(None))
    return account(scene, stage.labels, frames)


def _stream(container: av.container.OutputContainer, scene: Scene) -> av.video.stream.VideoStream:
    stream = container.add_stream("libx264", rate=Fraction(scene.fps).limit_denominator(1001))
    stream.width, stream.height = scene.size
    stream.pix_fmt = "yuv420p"
    stream.options = dict(_ENCODER)
    return stream


def _picture(pixels: Pixels, index: int, fps: float) -> av.VideoFrame:
    # not left to swscale, whose rounding depends on where the picture lies in memory
    picture = av.VideoFrame.from_ndarray(_planes(pixels), format="yuv420p")
    picture.pts, picture.time_base = index, 1 / Fraction(fps).limit_denominator(1001)
    return picture


def _planes(pixels: Pixels) -> Pixels:
    """Y, U and V of a picture with even sides (BT.601), as PyAV lays them out."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2YUV_I420), np.uint8)
