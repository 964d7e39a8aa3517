"""Tracks that begin in doubt, and vehicles that are found twice."""

import pytest

from edge.track.doubt import doubtful
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.tracks import Tracks
from tests.fakes.walk import at, people, together

FAINT = 0.42
SPEC = TrackerSpec(high_score=0.5, doubted_scores=(0.4,), alone=(False, True, True))
PLAIN = TrackerSpec(high_score=0.5)


def follow(frames: list[Detections], spec: TrackerSpec = SPEC) -> list[Tracks]:
    tracker = Tracker(spec)
    return [tracker.update(frame, at(k / 5)) for k, frame in enumerate(frames)]


def runner(steps: int, score: float = FAINT, step: float = 36.0) -> list[Detections]:
    return [people((60 + step * k, 100), score=score) for k in range(steps)]


@pytest.mark.parametrize("step", [pytest.param(36.0, id="runs"), pytest.param(14.0, id="walks")])
def test_who_is_never_sure_and_moves_on_is_believed_under_one_id(step: float) -> None:
    tracks = follow(runner(16, step=step))
    assert tracks[-1].confirmed.tolist() == [True]
    assert {i for shown in tracks for i in shown.ids.tolist()} == {1}
    assert not any(len(shown) for shown in follow(runner(16, step=step), PLAIN))


def test_a_runner_is_told_of_before_being_believed_so_that_the_whole_way_counts() -> None:
    second = follow(runner(2))[1]
    assert second.ids.tolist() == [1]
    assert second.confirmed.tolist() == [False]


def test_one_sure_look_among_faint_ones_is_no_new_beginning() -> None:
    frames = runner(10)
    frames[3] = runner(10, score=0.6)[3]
    assert {i for shown in follow(frames) for i in shown.ids.tolist()} == {1}


def test_a_stain_that_stays_where_it_is_is_nobody() -> None:
    tracks = follow([people((100 + (-1) ** k, 100), score=0.45) for k in range(60)])
    assert not any(len(shown) for shown in tracks)
    assert not any(doubtful(shown) for shown in tracks)


def test_a_part_of_somebody_who_is_followed_is_nobody_else() -> None:
    legs = [Detections.of([[92 + 9 * k, 105, 108 + 9 * k, 140]], [0.45], [0]) for k in range(15)]
    tracks = follow([together(people((100 + 9 * k, 100)), leg) for k, leg in enumerate(legs)])
    assert {i for shown in tracks for i in shown.ids.tolist()} == {1}


def test_what_scores_less_than_a_doubt_begins_nothing() -> None:
    assert not any(len(shown) for shown in follow(runner(10, score=0.38)))


@pytest.mark.parametrize(("label", "found"), [(2, 1), (0, 2)])
def test_a_vehicle_begins_once_where_two_people_may_stand(label: int, found: int) -> None:
    frames = [people((100 + 9 * k, 100), label=label) for k in range(8)]
    for k in range(3, 8):
        frames[k] = together(frames[k], people((108 + 9 * k, 100), label=label, score=0.7))
    assert len(follow(frames)[-1]) == found


def test_doubted_scores_lie_no_lower_than_what_continues_a_track() -> None:
    with pytest.raises(ValueError, match=r"doubted_scores >= low_score, got 0\.05"):
        TrackerSpec(doubted_scores=(0.05,))
