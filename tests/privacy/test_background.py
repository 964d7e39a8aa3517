"""The street without its people."""

import numpy as np
import pytest

from edge.privacy.background import BLANK, FEWEST, STRIPES, Background, hatched
from edge.values.frame import Pixels

STREET = np.random.default_rng(1).integers(60, 200, (72, 128, 3)).astype(np.uint8)
NOBODY = np.empty((0, 4))
PERSON = np.random.default_rng(2).integers(0, 255, (24, 10, 3)).astype(np.uint8)
"""Random texture: any of it that comes through would be seen in the numbers."""


def with_person(x: int, y: int) -> tuple[Pixels, np.ndarray]:
    picture = STREET.copy()
    picture[y : y + 24, x : x + 10] = PERSON
    return picture, np.array([[x, y, x + 10, y + 24]], dtype=float)


def looked(background: Background) -> Pixels:
    """The street; grey where it is not shown."""
    street, unseen = background.street()
    street[unseen] = BLANK
    return street


def test_who_walks_through_is_not_in_it() -> None:
    background = Background()
    for k in range(40):
        background.add(*with_person(2 + 2 * k, 30))
    assert np.array_equal(looked(background), STREET)


def test_who_walks_through_and_is_never_found_is_not_in_it_either() -> None:
    background = Background()
    for k in range(40):
        background.add(with_person(2 + 2 * k, 30)[0], NOBODY)
    assert np.array_equal(looked(background), STREET)


def test_who_stands_still_and_is_found_leaves_a_blank() -> None:
    background = Background()
    for _ in range(30):
        background.add(*with_person(50, 30))
    street = looked(background)
    assert (street[30:54, 50:60] == BLANK).all()
    assert np.array_equal(street[:, :30], STREET[:, :30])


@pytest.mark.parametrize("stays", [10, 20, 30])
def test_who_stood_still_for_a_while_and_was_never_found_is_not_in_it(stays: int) -> None:
    background = Background()
    for k in range(40):
        background.add(with_person(50, 30)[0] if k < stays else STREET, NOBODY)
    street, unseen = background.street()
    assert unseen[30:54, 50:60].all()
    assert np.array_equal(street[~unseen], STREET[~unseen])
    assert unseen.mean() < 0.2  # the body, and the blocks around it


def test_what_was_not_seen_is_hatched_and_nothing_of_it_is_left() -> None:
    unseen = np.zeros(STREET.shape[:2], np.bool_)
    unseen[30:54, 50:60] = True
    shown = hatched(STREET, unseen)
    assert np.array_equal(shown[~unseen], STREET[~unseen])
    assert {tuple(colour) for colour in shown[unseen].tolist()} == set(STRIPES)
    assert np.array_equal(shown, hatched(np.where(unseen[..., None], 255 - STREET, STREET), unseen))


def test_memory_is_bounded_and_the_whole_time_counts() -> None:
    background = Background(most=16)
    for k in range(500):
        background.add(*with_person(100 if k < 250 else 10, 30))
    street = looked(background)
    assert len(background._kept) <= 17
    assert np.array_equal(street, STREET)


def test_few_pictures_show_nothing() -> None:
    background = Background()
    for _ in range(FEWEST):
        background.add(STREET, NOBODY)
    with pytest.raises(ValueError, match=f"at least {FEWEST} pictures of one size, got {FEWEST - 1}"):
        looked(background)


def test_what_a_box_leaves_out_of_a_body_is_not_shown_either() -> None:
    """Shadows, strides and bags: a quarter of the longer side on every side of who stands there."""
    street = np.random.default_rng(2).integers(60, 200, (96, 96, 3)).astype(np.uint8)
    background = Background()
    for _ in range(12):
        background.add(street, np.array([[40.0, 20.0, 60.0, 60.0]]))
    _, unseen = background.street()
    assert unseen[10:71, 30:71].all()
    assert not unseen[:2].any()
