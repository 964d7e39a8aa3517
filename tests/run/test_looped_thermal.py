"""A thermal file that is played again and again is judged as one: what comes again is no frozen camera."""

from pathlib import Path

import numpy as np
import pytest

from edge.config.load import load
from edge.run.parts import pipeline_of
from edge.values.camera_state import Reason
from edge.values.frame import Frame, Size
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from tests.fakes.cards import tiny_card

SITE = """\
node: box-1
region: north
broker: embedded
cameras:
  - {id: yard, source: yard.mp4, loop: LOOP, thermal: uncalibrated}
"""


@pytest.mark.parametrize(("loop", "told"), [("true", Reason.NONE), ("false", Reason.SAME_PICTURE)])
def test_a_short_thermal_file_is_frozen_only_where_it_is_not_looped(
    tmp_path: Path, loop: str, told: Reason
) -> None:
    site = tmp_path / "node.yaml"
    site.write_text(SITE.replace("LOOP", loop))
    node = load(site)
    card = tiny_card(b"a detector")
    watch = pipeline_of(node, node.camera("yard"), card, "run", bytes(32)).picture
    clip = np.random.default_rng(1).integers(0, 255, (10, 36, 64, 3), dtype=np.uint8)
    for second in range(90):
        moment = Moment(second * NS_PER_S, second * NS_PER_S, ClockTrust.SYNCED)
        watch.judge(Frame("yard", "run", second, moment, clip[second % 10].copy(), Size(64, 36)))
    assert watch.reason is told
