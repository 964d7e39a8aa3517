import numpy as np
import pytest

from edge.ground.upright import Upright

NONE = np.empty((0, 4))
WHOLE = [0.5, 0.4, 0.54, 0.6]  # 0.2 high and 0.071 picture heights wide


def gathered(*people: list[float], others: np.ndarray = NONE) -> int:
    upright = Upright(16 / 9)
    upright.add(np.arange(len(people)), np.array(people), others, 0.0)
    return len(upright)


def test_a_whole_person_alone_counts() -> None:
    assert gathered(WHOLE) == 1
    assert gathered(WHOLE, [0.2, 0.4, 0.24, 0.6]) == 2


@pytest.mark.parametrize(
    "box",
    [
        [0.5, 0.0, 0.54, 0.2],
        [0.5, 0.8, 0.54, 1.0],
        [0.0, 0.4, 0.04, 0.6],
        [0.5, 0.4, 0.62, 0.6],
        [0.5, 0.4, 0.51, 0.6],
        [0.5, 0.4, 0.505, 0.42],
    ],
    ids=["at the top", "at the bottom", "at the side", "wide", "a post", "tiny"],
)
def test_a_cut_off_bent_or_tiny_person_says_nothing(box: list[float]) -> None:
    assert gathered(box) == 0


def test_people_who_hide_each_other_say_nothing() -> None:
    assert gathered(WHOLE, [0.52, 0.42, 0.56, 0.62]) == 0
    assert gathered(WHOLE, others=np.array([[0.4, 0.55, 0.7, 0.7]])) == 0


def test_the_same_person_is_taken_now_and_then() -> None:
    upright = Upright(16 / 9)
    for k in range(20):
        upright.add(np.array([7]), np.array([WHOLE]), NONE, k / 5)
    standing = upright.standing()
    assert len(upright) == 1
    assert len(standing.who) == 5
    assert standing.feet[0].tolist() == [0.52, 0.6]
    assert standing.heads[0].tolist() == [0.52, 0.4]


def test_nobody_at_all_is_no_error() -> None:
    upright = Upright(16 / 9)
    upright.add(np.empty(0, np.int64), NONE, NONE, 0.0)
    assert len(upright.standing().who) == 0
