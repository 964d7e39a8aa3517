"""When a density map is believed: what moved and who was found bears it out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.scene.support import Support, Witness
from edge.values.detections import Detections, NotAnswered, Still, Unanswered
from edge.values.moment import NS_PER_S, ClockTrust, Moment

PERSON = Detections.of([[0, 0, 9, 9]], [0.8], [0])
FAINT = Detections.of([[0, 0, 9, 9]], [0.1], [0])
CAR = Detections.of([[0, 0, 9, 9]], [0.8], [1])
NOBODY = Detections.none()
FAILED = NotAnswered(Unanswered.FAILED)


def at(seconds: float) -> Moment:
    ns = round(seconds * NS_PER_S)
    return Moment(ns, ns, ClockTrust.REPLAY)


def judged(*answers, moved=None, blind=False, person: int | None = 0) -> Support:
    """What is made of the second map, ten seconds after the first, when this was answered in between."""
    witness = Witness(person, sure=0.5)
    witness.judge(at(0), None)
    for answer in answers:
        witness.saw(answer, blind)
    return witness.judge(at(10), moved)


@pytest.mark.parametrize(
    ("answers", "moved", "support"),
    [
        ([NOBODY, Still()], None, Support.EMPTY),
        ([NOBODY, Still()], at(0), Support.EMPTY),  # before the first map
        ([FAINT, CAR], None, Support.EMPTY),
        ([NOBODY, Still()], at(3), Support.BORNE_OUT),
        ([NOBODY, PERSON, NOBODY], None, Support.BORNE_OUT),
        ([Still(), Still()], None, Support.UNKNOWN),  # nobody looked
        ([NOBODY, FAILED], None, Support.UNKNOWN),
        ([NOBODY, FAILED], at(3), Support.BORNE_OUT),
    ],
)
def test_what_bears_a_map_out(answers, moved, support) -> None:
    assert judged(*answers, moved=moved) is support


def test_a_covered_camera_shows_no_empty_place() -> None:
    assert judged(NOBODY, blind=True) is Support.UNKNOWN


def test_a_detector_without_people_cannot_say_that_nobody_is_there() -> None:
    assert judged(NOBODY, person=None) is Support.UNKNOWN


def test_the_first_map_wants_somebody_found() -> None:
    first = Witness()
    first.saw(NOBODY, blind=False)
    assert first.judge(at(0), at(0)) is Support.UNKNOWN
    first = Witness()
    first.saw(PERSON, blind=False)
    assert first.judge(at(0), at(0)) is Support.BORNE_OUT


@given(st.lists(st.sampled_from([PERSON, CAR, NOBODY, Still(), FAILED]), max_size=12), st.booleans())
def test_motion_or_a_person_always_bears_it_out_and_nothing_is_remembered(answers, stirs: bool) -> None:
    witness = Witness(0, sure=0.5)
    witness.judge(at(0), None)
    for answer in answers:
        witness.saw(answer, blind=False)
    found = any(answer is PERSON for answer in answers)
    told = witness.judge(at(10), at(5) if stirs else None)
    assert (told is Support.BORNE_OUT) == (found or stirs)
    witness.saw(NOBODY, blind=False)
    assert witness.judge(at(20), at(5) if stirs else None) is Support.EMPTY


def test_scores_are_compared_as_the_tracker_does() -> None:
    edge = Detections.of([[0, 0, 9, 9]], [np.float32(0.5)], [0])
    assert judged(edge) is Support.BORNE_OUT
