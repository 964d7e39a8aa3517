"""A replay as the record that is scored against the truth."""

import time
from collections.abc import Callable
from pathlib import Path

from edge.config.spec import CameraSpec
from edge.evaluate.record import Look, RunRecord
from edge.run.replay import Replay
from edge.scene.spec import SceneSpec
from edge.values.errors import ConfigError
from edge.values.event import Event
from edge.values.moment import NS_PER_S, ClockTrust, Moment


def recorded(
    replay: Replay, camera: CameraSpec, start_ns: int, on_second: Callable[[float], None]
) -> RunRecord:
    """Play a clip and keep all that was seen and said.

    Args:
        replay: fresh.
        camera: whose places and rules the replay has.
        start_ns: UTC of the clip's first picture, ns since the epoch.
        on_second: told the presentation time reached, seconds.

    Raises:
        ConfigError: there is no picture in the clip.
    """
    labels = replay.detector.labels
    looks: list[Look] = []
    events: list[Event] = []
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    for seen in replay.looks():
        pts_s = seen.frame.moment.mono_ns / NS_PER_S
        step = seen.step
        looks.append(Look.of(pts_s, seen.answer, step.tracks, step.facts, seen.frame.size, labels))
        events.extend(step.events)
        on_second(pts_s)
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    if not looks:
        raise ConfigError(f"the clip of camera {camera.id} has no picture")
    scene = SceneSpec(labels, camera.zones, camera.lines, camera.masks)
    began = Moment(0, start_ns, ClockTrust.REPLAY)
    return RunRecord(began, labels, scene, camera.rules, tuple(looks), tuple(events), wall_s, cpu_s)


def clips_in(path: Path) -> list[Path]:
    """The clip, or all clips of a folder that have their truth beside them.

    Raises:
        ConfigError: there is none.
    """
    clips = (
        [path] if path.is_file() else sorted(clip for clip in path.glob("*.mp4") if truth_of(clip).exists())
    )
    if not clips:
        raise ConfigError(f"{path}: wanted a clip, or a folder of clips with their truth beside them")
    return clips


def truth_of(clip: Path) -> Path:
    """Where the truth of a clip stands."""
    return clip.with_suffix(".truth.json")
