"""How well a detector half sees people: numbers chosen on some crowds that hold on others."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.evaluate.half_seen import (
    SCORES,
    SMALLEST_PX,
    WRONG,
    Look,
    acuity_of,
    begun,
    cameras,
    looks,
    worth_of,
)
from edge.run.models import folder_of
from edge.run.wiring import looking
from edge.samples.strolls import VIEWS
from edge.values.acuity import Acuity, Glimpses

TALL = {"near": 60.0, "middle": 30.0, "far": 18.0, "tiny": 9.0}
HIDES_M2 = 1.2


def seen(
    covers: float,
    seed: int,
    *,
    score: float = SCORES[2],
    empty: float = 0.0,
    blind: tuple[str, ...] = (),
) -> list[Look]:
    """What a detector sees that glimpses so many times what each body hides, before each camera but those to
    which it is blind; `empty` is how full an empty place looks to it."""
    chance, found = np.random.default_rng(seed), []
    for camera, tall in TALL.items():
        for true in np.repeat((0.0, 0.1, 0.4, 1.0, 2.0), 20):
            each = 0.0 if camera in blind else covers * HIDES_M2 * chance.uniform(1.0, 1.5)
            covered = max(empty, 1.0 - np.exp(-true * each))
            found.append(Look(camera, float(true), Glimpses(float(covered), tall, HIDES_M2, begun(score))))
    return found


def test_an_acuity_says_what_each_body_covers_at_least() -> None:
    found = acuity_of(seen(1.7, 1))
    assert found is not None
    assert (found.glimpse, found.full_from) == (SCORES[2], 0.9)
    assert 1.6 <= found.covers <= 1.8


def test_the_lowest_score_counts_from_which_on_an_empty_place_looks_empty() -> None:
    both = (
        seen(3.0, 1, score=0.03, empty=0.4) + seen(2.0, 1, score=0.12, empty=0.02) + seen(1.0, 1, score=0.25)
    )
    found = acuity_of(both)
    assert found is not None and found.glimpse == 0.12
    assert acuity_of(seen(3.0, 1, empty=0.4)) is None


def test_people_who_are_not_half_seen_are_too_small_and_so_is_who_is_smaller_than_the_cells_can_show() -> (
    None
):
    found, blinder = acuity_of(seen(2.0, 1)), acuity_of(seen(2.0, 1, blind=("far",)))
    assert found is not None and blinder is not None
    assert (found.smallest_px, blinder.smallest_px) == (18.0, 30.0)
    assert found.smallest_px >= SMALLEST_PX
    assert acuity_of(seen(2.0, 1, blind=("near",))) is None


@given(st.floats(0.6, 6.0), st.integers(0, 1000))
def test_what_was_chosen_on_some_holds_on_others(covers: float, seed: int) -> None:
    found = acuity_of(seen(covers, seed))
    assert found is not None
    for row in worth_of(found, seen(covers, seed + 1)):
        assert row.held >= 1 - 2 * WRONG
        assert row.wide is None or row.wide >= 1.0
        assert (row.camera != "tiny") or row.at_least == 1.0


def test_numbers_that_say_too_much_are_seen_not_to_hold() -> None:
    found = acuity_of(seen(2.0, 1))
    assert found is not None
    near = worth_of(replace(found, covers=2 * found.covers), seen(2.0, 2))[0]
    assert near.camera == "near" and near.held < 0.6


def test_each_view_looks_twice_and_people_are_smaller_the_second_time() -> None:
    every = list(cameras())
    assert len(every) == 2 * len(VIEWS)
    assert all(
        wide.camera.focal_px < view.camera.focal_px
        for view, wide in zip(every[::2], every[1::2], strict=True)
    )


@pytest.mark.parametrize(("per_m2", "least", "most"), [(0.0, 0.0, 0.1), (1.4, 0.9, 1.0)])
def test_the_bundled_detector_takes_a_crowd_for_full_and_an_empty_square_for_empty(
    per_m2, least, most
) -> None:
    acuity = Acuity(0.08, 1.0, 0.9, 1.0)
    sights = {0.08: looking.half_seeing(folder_of("street-nano"), acuity)}
    for look in looks(VIEWS[0], per_m2, 1, sights):
        assert look.camera == "square" and look.glimpses.acuity == acuity
        assert look.true == pytest.approx(per_m2, abs=0.4)
        assert least <= look.glimpses.covered <= most
