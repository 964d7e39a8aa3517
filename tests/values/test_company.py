"""Those of a roll are what a tuple of them would be, and are made of nothing that changes later."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.values.company import Company, Roll, some_of
from edge.values.fact import Occupancy, Sighting
from edge.values.frame import Size
from edge.values.moment import Moment
from edge.values.tracks import Tracks

LABELS = ("person", "car")
FLOOR = ZoneSpec("floor", ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)))


def roll(n: int) -> tuple[Roll, list[Sighting]]:
    """So many, and each of them as it was before there were rolls."""
    chance = np.random.default_rng(n)
    classes, scores, boxes = chance.integers(0, 2, n), chance.random(n), chance.random((n, 4))
    plain = [
        Sighting(k + 1, LABELS[classes[k]], float(scores[k]), tuple(boxes[k].tolist()))  # type: ignore[arg-type]
        for k in range(n)
    ]
    return Roll(np.arange(n) + 1, LABELS, classes, scores, boxes), plain


@given(st.data())
def test_a_company_is_what_the_tuple_of_them_is(data: st.DataObject) -> None:
    everyone, plain = roll(data.draw(st.integers(1, 8)))
    rows = data.draw(st.lists(st.integers(0, len(plain) - 1), max_size=8))
    company, people = Company(everyone, rows), tuple(plain[row] for row in rows)
    assert company == people
    assert people == company
    assert (len(company), bool(company), tuple(company)) == (len(people), bool(people), people)
    assert hash(company) == hash(people)
    assert repr(company) == repr(people)
    cut = data.draw(st.slices(len(rows)))
    assert company[cut] == people[cut]
    which = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=5)) if rows else []
    assert [company[k] for k in which] == [people[k] for k in which]
    assert some_of(company, which) == some_of(people, which) == tuple(people[k] for k in which)
    assert company != (*people, plain[0])


def test_who_was_in_a_zone_is_told_as_they_were_then_also_when_they_have_moved_on() -> None:
    scene, size, told = Scene(SceneSpec(LABELS, (FLOOR,))), Size(640, 360), []
    for k in range(4):
        boxes, yes = np.array([[200 + 20 * k, 100, 240 + 20 * k, 200]], np.float32), np.ones(1, np.bool_)
        ages, score = np.array([k + 1], np.int32), np.array([0.5 + k / 10], np.float32)
        tracks = Tracks(np.array([7]), boxes, score, np.zeros(1, np.int16), ages, yes, yes.copy())
        facts = scene.observe(tracks, size, Moment(k * 200_000_000, k * 200_000_000))
        told += [fact.who for fact in facts if isinstance(fact, Occupancy)]
    lefts = [who[0].box[0] * size.width for who in told]
    assert np.allclose(lefts, [200, 220, 240, 260])
    assert np.allclose([who[0].score for who in told], [0.5, 0.6, 0.7, 0.8])
