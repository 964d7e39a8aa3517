"""Who stands there for certain lets the gate rest; who may not be there, or be there twice, does not."""

import numpy as np
import pytest

from edge.track.doubt import doubtful
from edge.values.tracks import Tracks

ADULT = (260.0, 140.0, 280.0, 210.0)
HALF_OF_HIM = (263.0, 139.0, 280.0, 182.0)
BEHIND_HIM = (266.0, 130.0, 284.0, 195.0)
BESIDE_HIM = (290.0, 141.0, 310.0, 211.0)
PERSON, CAR = 0, 2


def tracks(
    *boxes: tuple[float, ...], classes: tuple[int, ...] = (), seen: bool = True, confirmed: bool = True
):
    n = len(boxes)
    return Tracks(
        np.arange(n, dtype=np.int64),
        np.array(boxes, np.float32).reshape(n, 4),
        np.full(n, 0.5, np.float32),
        np.array(classes or (PERSON,) * n, np.int16),
        np.full(n, 9, np.int32),
        np.full(n, confirmed),
        np.full(n, seen),
    )


@pytest.mark.parametrize(
    ("doubt", "followed"),
    [
        (False, tracks()),
        (False, tracks(ADULT)),
        (False, tracks(ADULT, BESIDE_HIM)),
        (False, tracks(ADULT, BEHIND_HIM)),
        (False, tracks(ADULT, HALF_OF_HIM, classes=(CAR, PERSON))),
        (True, tracks(ADULT, HALF_OF_HIM)),
        (True, tracks(BESIDE_HIM, HALF_OF_HIM, ADULT)),
        (True, tracks(ADULT, ADULT)),
        (True, tracks(ADULT, seen=False)),
        (True, tracks(ADULT, confirmed=False)),
    ],
    ids=[
        "nobody", "one", "two beside each other", "one behind the other", "before a car", "a half as well",
        "a half among three", "twice the same", "just lost", "not yet believed",
    ],
)  # fmt: skip
def test_doubt(doubt: bool, followed: Tracks) -> None:
    assert doubtful(followed) is doubt
