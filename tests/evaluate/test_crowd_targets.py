"""All gatherings against what is wanted of the crowd analytics, with perfect detections; takes a minute."""

import pytest

from edge.evaluate.crowd_card import CrowdCard
from edge.evaluate.crowd_run import run
from edge.evaluate.crowds import Eyes
from edge.samples.gatherings import GATHERINGS

pytestmark = pytest.mark.soak


def test_with_perfect_detections_everything_that_happens_is_told_and_nothing_else() -> None:
    card = CrowdCard.of(run(make(), Eyes(), 1) for make in GATHERINGS)
    kinds = card.kinds
    happened = {name: score for name, score in kinds.items() if score.expected}
    assert len(happened) == 9
    assert {name: (score.precision, score.recall) for name, score in happened.items()} == dict.fromkeys(
        happened, (1.0, 1.0)
    )
    assert (kinds["density up to 2"].share or 1.0) <= 0.1
    assert (kinds["density 2 to 5"].share or 1.0) <= 0.2
    assert all((score.held or 0.0) >= 0.9 for score in kinds.values())
    assert min(kinds["surge"].leads_s) > 30.0
    assert card.counted == card.crossed
