"""Rules about speed and stops as the configuration writes them, and what is refused by name."""

from pathlib import Path

import pytest

from edge.config.load import load
from edge.values.errors import ConfigError
from edge.values.event import Kind

GROUND = "ground: {pose: {height_m: 6, horizon: 0.1, view_deg: 60}}"


def written(folder: Path, rule: str, ground: str = GROUND, fps: float = 5.0) -> Path:
    file = folder / "node.yaml"
    file.write_text(
        f"""
node: box
region: tashkent
broker: embedded
cameras:
  - id: road
    source: road.mp4
    detect_fps: {fps}
    {ground}
    zones: [{{id: lane, polygon: [[0.1, 0.6], [0.9, 0.6], [0.9, 0.9], [0.1, 0.9]]}}]
rules:
  - {{id: rule, classes: [car], {rule}}}
""",
        encoding="utf-8",
    )
    return file


def test_both_are_read(tmp_path: Path) -> None:
    (fast,) = load(written(tmp_path, "when: speed, over_kmh: 60")).cameras[0].rules
    assert (fast.kind, fast.over_kmh, fast.under_kmh) == (Kind.SPEED, 60.0, None)
    (parked,) = load(written(tmp_path, "when: stopped, stood_s: 90, queue_of: 4", ground="")).cameras[0].rules
    assert (parked.kind, parked.stood_s, parked.queue_of) == (Kind.STOPPED, 90.0, 4)


@pytest.mark.parametrize(
    ("rule", "ground", "fps", "words"),
    [
        ("when: speed, over_kmh: 60", "", 5.0, "wants a measured ground, and camera road has none"),
        ("when: speed, over_kmh: 60", GROUND, 2.0, "at least 4 pictures a second"),
        ("when: speed", GROUND, 5.0, "over_kmh or under_kmh"),
        ("when: speed, over_kmh: 60, steps: [{at_least: 2, severity: severe}]", GROUND, 5.0, "one event"),
        ("when: dwell, dwell_s: 5, over_kmh: 60", GROUND, 5.0, "exactly if its kind is speed"),
        ("when: stopped, at_least: 2", GROUND, 5.0, "one event"),
        ("when: occupancy, queue_of: 3", GROUND, 5.0, "only if its kind is stopped"),
    ],
)
def test_what_cannot_be_measured_or_would_do_nothing_is_refused(
    tmp_path: Path, rule: str, ground: str, fps: float, words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        load(written(tmp_path, rule, ground, fps))
