"""Pictures to judge a model by: of a folder, of a clip, or of a camera as it looks now.

Law: they stay in memory and are gone with the process.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from edge.adapters.av_source import AvSource
from edge.adapters.av_spec import SourceSpec
from edge.adapters.clock import SystemClock
from edge.adapters.onnx_acceptance import picture_pixels
from edge.config.spec import CameraSpec
from edge.run.wiring.watching import clip_seconds, clip_source, live_source
from edge.values.errors import CameraError, ConfigError, ModelError
from edge.values.frame import Pixels, Size

SUFFIXES = (".jpg", ".jpeg", ".png")
MOST_FPS = 5.0

Tell = Callable[[int], None]
"""Told how many pictures there are so far."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures in the order in which they were taken.

    Attributes:
        name: where they come from, in words that may stand on a card.
        pixels: uint8 H×W×3 RGB each.
    """

    name: str
    pixels: tuple[Pixels, ...]


def of_path(path: Path, fit: Callable[[Size], Size], most: int, tell: Tell) -> Pictures:
    """At most so many pictures of a folder or a clip, evenly spread over it.

    Raises:
        ConfigError: there is no such folder or clip, or a picture cannot be decoded.
        CameraError: the clip cannot be read.
    """
    if path.is_dir():
        return _of_folder(path, most, tell)
    if not path.is_file():
        raise ConfigError(f"--frames: {path} is neither a clip nor a folder of pictures")
    seconds = clip_seconds(path) or most / MOST_FPS
    spec = clip_source(path, min(MOST_FPS, most / max(seconds, 1e-3)), 0)
    return Pictures(f"clip {path.name}", _read(spec, fit, most, tell))


def of_camera(
    camera: CameraSpec, fit: Callable[[Size], Size], most: int, every_s: float, tell: Tell
) -> Pictures:
    """So many pictures of a live camera, one every few seconds.

    Raises:
        CameraError: it cannot be read.
        ConfigError: its password cannot be read.
    """
    spec = replace(live_source(camera, camera.detect), detect_fps=1 / every_s)
    return Pictures(f"camera {camera.id}", _read(spec, fit, most, tell))


def _of_folder(folder: Path, most: int, tell: Tell) -> Pictures:
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
    if not files:
        raise ConfigError(f"--frames: {folder} holds no pictures ({', '.join(SUFFIXES)})")
    count = min(most, len(files))
    pixels = []
    for index in range(count):
        pixels.append(_decoded(files[index * len(files) // count]))
        tell(len(pixels))
    return Pictures(f"folder {folder.resolve().name}", tuple(pixels))


def _decoded(file: Path) -> Pixels:
    try:
        return picture_pixels(file.read_bytes())
    except (OSError, ModelError) as failure:
        raise ConfigError(f"--frames: {file} is no picture that can be read") from failure


def _read(spec: SourceSpec, fit: Callable[[Size], Size], most: int, tell: Tell) -> tuple[Pixels, ...]:
    pixels: list[Pixels] = []
    source = AvSource(spec, "pictures", "pictures", fit, SystemClock())
    try:
        while len(pixels) < most and (frame := source.read()) is not None:
            pixels.append(frame.pixels.copy())
            tell(len(pixels))
    finally:
        source.close()
    if not pixels:
        raise CameraError(f"{source.decoder}: no picture came")
    return tuple(pixels)
