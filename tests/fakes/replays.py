"""Replays of the sample clips, each played once for all tests of a process."""

import functools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from edge.config.load import load
from edge.run.replay import Stamp
from edge.run.wiring import watching
from edge.values.detections import Still

ROOT = Path(__file__).parents[2]
CLIPS = ROOT / "sample_videos"
SITE = ROOT / "tests" / "golden" / "site.yaml"
CALM = SITE.with_name("calm.yaml")
START_NS = 1_767_268_800_000_000_000  # 2026-01-01T12:00:00Z


@functools.cache
def played(camera: str, gated: bool = True, clip: Path | None = None) -> tuple[tuple[bytes, ...], int, int]:
    """Stamped messages of one camera of the golden sites, frames, and frames that the gate spared.

    Args:
        camera: its id.
        gated: whether the motion gate is on.
        clip: instead of the camera's own.
    """
    node = replace(load(CALM if camera == "calm" else SITE), gate=gated)
    chosen = node.camera(camera)
    replay = watching.replay_of(node, chosen, clip or Path(chosen.detect.url), START_NS)
    stamp, lines, frames, still = Stamp(), list[bytes](), 0, 0
    for look in replay.looks():
        frames += 1
        still += isinstance(look.answer, Still)
        lines.extend(stamp.lines(look.step.messages))
    lines.extend(stamp.lines(replay.farewell()))
    return tuple(lines), frames, still


def data_of(lines: tuple[bytes, ...]) -> list[dict[str, Any]]:
    """The `data` of each message."""
    return [json.loads(line)["data"] for line in lines]
