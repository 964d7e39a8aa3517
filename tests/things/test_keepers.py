"""What goes with somebody is theirs: a shadow, or what was learnt as the street at their feet."""

import numpy as np
import pytest

from edge.things.keepers import Now, went_along
from edge.things.stays import Box, Stays
from edge.things.yardstick import Yardstick
from edge.values.tracks import Tracks

PEOPLE = np.array([True, False])
CAME_S, LEFT_S = 10.0, 60.0
PERSON: Box = (30.0, 20.0, 40.0, 50.0)
FEET, BESIDE = (31.0, 46.0, 37.0, 50.0), (41.0, 46.0, 47.0, 50.0)


def stood(kind: int, until_s: float) -> Now:
    """What is known after somebody or something has stood there since `CAME_S`."""
    stays, yes = Stays(), np.ones(1, np.bool_)
    for at_s in np.arange(CAME_S, until_s + 0.5, 0.5).tolist():
        box, score = np.array([PERSON], np.float32), np.ones(1, np.float32)
        kinds, age = np.array([kind], np.int16), np.full(1, 9, np.int32)
        stays.note(Tracks(np.array([7]), box, score, kinds, age, yes, yes.copy()), at_s)
    stays.note(Tracks.none(), until_s + 1.0)
    return Now(until_s + 3.0, stays, Yardstick(None, 208, 117), np.zeros((117, 208), np.bool_), 1)


@pytest.mark.parametrize(
    ("thing", "kind", "until_s", "since_s", "theirs"),
    [
        (FEET, 0, LEFT_S, LEFT_S, True),
        (FEET, 0, LEFT_S, CAME_S, False),  # they hid it from the beginning, and may have taken it
        (FEET, 0, CAME_S + 15.0, CAME_S + 15.0, False),  # they did not stand there for long
        (BESIDE, 0, LEFT_S, LEFT_S, False),  # it showed all the time
        (BESIDE, 1, LEFT_S, LEFT_S, True),  # a car's shadow
    ],
)
def test_what_changes_as_somebody_leaves_is_theirs_where_they_stood_for_long(
    thing: Box, kind: int, until_s: float, since_s: float, theirs: bool
) -> None:
    assert went_along(thing, since_s, stood(kind, until_s), PEOPLE) is theirs
