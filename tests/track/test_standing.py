"""Standing tracks: a gated run follows people as an ungated one does, and what stands keeps its track.

The case behind it: a detector took a bollard for a person, nothing moved for a while, and the next passer-by
was followed under the bollard's id, so that nobody was told of his coming into the zone.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.scene.scene import Scene
from edge.scene.spec import SceneSpec, ZoneSpec
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.fact import ZoneEntered
from edge.values.frame import Size
from tests.fakes.walk import at, people

FPS = 5.0
SIZE = Size(640, 360)
BOLLARD = (300.0, 200.0)
DOOR = ZoneSpec("door", ((0.4, 0.4), (0.9, 0.4), (0.9, 0.9), (0.4, 0.9)))


class Street:
    """A tracker and a scene that are told frame by frame what a detector says."""

    def __init__(self) -> None:
        self.tracker, self.scene = Tracker(TrackerSpec()), Scene(SceneSpec(("person",), zones=(DOOR,)))
        self.entered: list[tuple[int, bool]] = []
        self.ids: list[list[int]] = []
        self._frames = 0

    def sees(self, *answers: Detections) -> None:
        for answer in answers:
            moment = at(self._frames / FPS)
            tracks = self.tracker.update(answer, moment)
            self._note(tracks.ids[tracks.seen].tolist(), self.scene.observe(tracks, SIZE, moment))

    def rests(self, frames: int, answer: Detections, gated: bool) -> None:
        """Nothing moves for so long; ungated, the detector says the same again and again."""
        if not gated:
            self.sees(*[answer] * frames)
            return
        for _ in range(frames):
            moment = at(self._frames / FPS)
            tracks = self.tracker.hold(moment)
            self._note(tracks.ids[tracks.seen].tolist(), self.scene.hold(moment))

    def _note(self, ids, facts) -> None:
        self._frames += 1
        self.ids.append(ids)
        self.entered += [(f.who.track, f.born_inside) for f in facts if isinstance(f, ZoneEntered)]


@pytest.mark.parametrize("gated", [True, False])
@pytest.mark.parametrize("frames", [3, 12, 40])
def test_a_passer_by_does_not_take_over_a_bollard_that_was_taken_for_a_person(gated, frames):
    street = Street()
    street.sees(*[people(BOLLARD)] * 3)
    street.rests(frames, people(BOLLARD), gated)
    street.sees(*[people((252.0 + 12.0 * k, 200.0)) for k in range(6)])  # it is not found while he is near
    street.sees(*[people(BOLLARD, (324.0 + 12.0 * k, 200.0)) for k in range(6)])
    assert street.ids[-12:] == [[2]] * 6 + [[1, 2]] * 6
    assert street.entered == [(1, True), (2, False)]


places = st.tuples(st.floats(20, 620), st.floats(50, 320))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(places, min_size=1, max_size=4),
    st.integers(1, 40),
    st.lists(st.lists(places, max_size=4), max_size=6),
)
def test_a_rest_is_as_good_as_the_same_answer_again(standing, frames, later):
    """Whatever comes after it: the gate spares work and changes no identity."""
    gated, ungated = Street(), Street()
    for street, spared in ((gated, True), (ungated, False)):
        street.sees(*[people(*standing)] * 3)
        street.rests(frames, people(*standing), spared)
        street.sees(*[people(*positions) for positions in later])
    assert gated.ids == ungated.ids
    assert gated.entered == ungated.entered
