import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from edge.values.moment import Moment
from tests.fakes.walk import at, people, together

FPS = 5.0


def follow(tracker, frames, begin=0):
    return [tracker.update(frame, at((begin + k) / FPS)) for k, frame in enumerate(frames)]


def test_an_empty_street_has_no_tracks():
    tracker = Tracker(TrackerSpec())
    assert len(tracker.update(Detections.none(), at(0))) == 0
    assert len(tracker.hold(at(1))) == 0
    assert len(tracker.miss(at(2))) == 0


def test_one_walker_keeps_one_id_and_is_believed_at_the_second_sighting():
    tracks = follow(Tracker(TrackerSpec()), [people((100 + 8 * k, 100)) for k in range(20)])
    assert [t.ids.tolist() for t in tracks] == [[1]] * 20
    assert [t.confirmed.tolist() for t in tracks[:3]] == [[False], [True], [True]]
    assert [t.age.tolist() for t in tracks[:3]] == [[1], [2], [3]]
    assert all(t.seen.all() for t in tracks)


def test_a_car_that_jumps_by_its_own_length_keeps_its_id():
    """At 100 km/h and 5 frames a second its boxes never overlap: overlap alone would lose it."""
    frames = [Detections.of([[k * 145, 100, k * 145 + 110, 140]], [0.8], [2]) for k in range(8)]
    assert {i for t in follow(Tracker(TrackerSpec()), frames) for i in t.ids.tolist()} == {1}


@pytest.mark.parametrize("gap", [0.0, 6.0])
def test_two_people_who_pass_each_other_keep_their_ids(gap):
    frames = [people((100 + 12 * k, 100), (340 - 12 * k, 100 + gap)) for k in range(21)]
    tracks = follow(Tracker(TrackerSpec()), frames)
    right_going = {t.ids[t.boxes[:, 0].argmin()] for t in tracks[:6]}
    at_the_end = {t.ids[t.boxes[:, 0].argmax()] for t in tracks[-6:]}
    assert right_going == at_the_end
    assert len({i for t in tracks for i in t.ids.tolist()}) == 2


def test_one_of_two_hidden_while_they_pass_is_found_again_by_the_same_id():
    frames = []
    for k in range(25):
        near, far = (100 + 10 * k, 100), (340 - 10 * k, 100)
        frames.append(people(near) if abs(near[0] - far[0]) < 35 else people(near, far))
    tracks = follow(Tracker(TrackerSpec()), frames)
    assert tracks[-1].ids[tracks[-1].boxes[:, 0].argmin()] == tracks[0].ids[tracks[0].boxes[:, 0].argmax()]
    assert max(t.ids.max() for t in tracks) == 2


def test_someone_hidden_for_a_second_is_found_again():
    walk = [people((100 + 9 * k, 100)) for k in range(20)]
    walk[8:13] = [Detections.none()] * 5
    tracks = follow(Tracker(TrackerSpec()), walk)
    assert tracks[-1].ids.tolist() == [1]
    assert not tracks[10].seen.any()
    assert tracks[10].boxes[0, 0] == pytest.approx(walk[7].boxes[0, 0] + 27, abs=6)


def test_someone_gone_for_longer_is_somebody_new():
    tracker = Tracker(TrackerSpec(lost_s=1.0))
    follow(tracker, [people((100, 100))] * 3)
    tracks = follow(tracker, [Detections.none()] * 8, begin=3)
    assert [len(t) for t in tracks] == [1, 1, 1, 1, 1, 0, 0, 0]
    assert tracker.update(people((100, 100)), at(3)).ids.tolist() == [2]


def test_a_flicker_is_never_believed_and_soon_forgotten():
    tracker = Tracker(TrackerSpec())
    tracks = follow(tracker, [people((100, 100)), *[Detections.none()] * 4])
    assert [len(t) for t in tracks] == [1, 1, 1, 0, 0]
    assert not any(t.confirmed.any() for t in tracks)


def test_a_low_score_continues_a_track_and_begins_none():
    tracker = Tracker(TrackerSpec())
    follow(tracker, [people((100, 100))] * 3)
    low = together(people((101, 100), score=0.2), people((300, 100), score=0.2))
    tracks = tracker.update(low, at(0.6))
    assert tracks.ids.tolist() == [1]
    assert tracks.seen.all()
    assert tracks.scores == pytest.approx([0.2])


def test_each_class_begins_at_its_own_score():
    boxes = [[10, 10, 30, 60], [100, 10, 160, 50]]
    tracker = Tracker(TrackerSpec(high_score=0.5, high_scores=(0.25, 0.6), low_score=0.1))
    tracks = tracker.update(Detections.of(boxes, [0.3, 0.55], [0, 1]), Moment(0, 0))
    assert tracks.classes.tolist() == [0]
    beyond = Tracker(TrackerSpec(high_score=0.5, high_scores=(0.25,), low_score=0.1))
    assert len(beyond.update(Detections.of(boxes, [0.3, 0.55], [0, 3]), Moment(0, 0))) == 2


def test_a_low_score_does_not_bring_back_a_lost_track():
    tracker = Tracker(TrackerSpec())
    follow(tracker, [people((100, 100))] * 3 + [Detections.none()])
    assert not tracker.update(people((100, 100), score=0.2), at(0.8)).seen.any()


def test_the_same_object_found_twice_begins_one_track():
    tracker = Tracker(TrackerSpec())
    follow(tracker, [people((100, 100))] * 3)
    double = together(people((100, 100)), people((101, 101), score=0.7, label=1))
    assert tracker.update(double, at(0.6)).ids.tolist() == [1]


def test_the_class_is_voted():
    tracks = follow(
        Tracker(TrackerSpec()), [people((100, 100), label=label) for label in [2, 2, 7, 2, 7, 7, 7]]
    )
    assert [t.classes.tolist() for t in tracks] == [[2]] * 6 + [[7]]
    assert {i for t in tracks for i in t.ids.tolist()} == {1}


def test_a_box_that_loses_its_legs_for_a_frame_is_still_the_same_person():
    whole = [[84, 60, 116, 140]]
    frames = [Detections.of(whole, [0.8], [0])] * 6
    frames[4] = Detections.of([[84, 60, 116, 100]], [0.6], [0])
    tracks = follow(Tracker(TrackerSpec()), frames)
    assert {i for t in tracks for i in t.ids.tolist()} == {1}
    assert 100 < tracks[4].boxes[0, 3] < 120


def test_a_near_detection_of_the_same_class_is_preferred():
    tracker = Tracker(TrackerSpec())
    follow(tracker, [people((100, 100))] * 3)
    both = together(people((104, 100)), people((98, 100), label=1))
    tracks = tracker.update(both, at(0.6))
    assert tracks.boxes[0, [0, 2]].mean() > 101


def test_while_nothing_moves_tracks_stay_and_live():
    tracker = Tracker(TrackerSpec())
    before = follow(tracker, [people((100 + 10 * k, 100)) for k in range(4)])[-1]
    for k in range(100):
        held = tracker.hold(at(0.8 + k))
    assert held.ids.tolist() == [1]
    assert held.seen.all()
    assert held.boxes == pytest.approx(before.boxes)
    assert held.age.tolist() == [104]
    assert tracker.update(people((131, 100)), at(100.8)).ids.tolist() == [1]


def test_what_was_lost_before_it_became_still_ends_in_its_time():
    tracker = Tracker(TrackerSpec(lost_s=1.0))
    follow(tracker, [people((100, 100))] * 3 + [Detections.none()])
    held = [tracker.hold(at(0.8 + k / FPS)) for k in range(6)]
    assert [len(t) for t in held] == [1, 1, 1, 1, 0, 0]
    assert not held[0].seen.any()


def test_blindness_is_no_evidence_of_absence_for_a_while():
    tracker = Tracker(TrackerSpec(lost_s=1.0, blind_s=3.0))
    follow(tracker, [people((100 + 6 * k, 100)) for k in range(6)])
    blind = [tracker.miss(at(1.2 + k / FPS)) for k in range(15)]
    assert [len(t) for t in blind] == [1] * 15
    assert not blind[-1].seen.any()
    assert blind[-1].boxes[0, 0] > blind[0].boxes[0, 0] + 40
    tracks = tracker.update(people((100 + 6 * 21, 100)), at(4.2))
    assert tracks.ids.tolist() == [1]


def test_blindness_for_too_long_ends_all_tracks():
    tracker = Tracker(TrackerSpec(lost_s=1.0, blind_s=3.0))
    follow(tracker, [people((100, 100))] * 3)
    blind = [len(tracker.miss(at(0.6 + k / FPS))) for k in range(25)]
    assert blind[:18] == [1] * 18
    assert blind[-1] == 0


def test_a_gap_without_any_call_ends_what_is_not_found_again():
    tracker = Tracker(TrackerSpec())
    follow(tracker, [people((100, 100), (300, 100))] * 3)
    assert len(tracker.update(Detections.none(), at(60))) == 0


def test_time_that_runs_backwards_counts_as_standing():
    tracker = Tracker(TrackerSpec())
    tracker.update(people((100, 100)), at(5))
    assert tracker.update(people((101, 100)), at(4)).ids.tolist() == [1]
    assert tracker.update(people((102, 100)), at(5.2)).ids.tolist() == [1]


def test_detections_that_no_picture_has_are_ignored():
    boxes = [[0, 0, np.nan, 10], [0, 0, np.inf, 10], [5, 5, 5, 9], [0, 0, 1e6, 1e6], [10, 10, 50, 90]]
    strange = Detections.of(boxes, [0.9, 0.9, 0.9, 0.9, np.nan], [0] * 5)
    tracker = Tracker(TrackerSpec())
    assert len(tracker.update(strange, at(0))) == 0
    assert tracker.update(people((100, 100)), at(0.2)).ids.tolist() == [1]


def test_two_trackers_know_nothing_of_each_other():
    one, two = Tracker(TrackerSpec()), Tracker(TrackerSpec())
    one.update(people((100, 100), (200, 100)), at(0))
    assert two.update(people((100, 100)), at(0)).ids.tolist() == [1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"high_score": 1.1},
        {"low_score": 0.5, "high_score": 0.4},
        {"low_score": -0.1},
        {"confirm_hits": 0},
        {"confirm_hits": 31},
        {"lost_s": -1.0},
        {"lost_s": float("nan")},
        {"blind_s": 61.0},
        {"tentative_s": 100.0},
    ],
)
def test_a_spec_out_of_bounds_is_refused(wrong):
    with pytest.raises(ValueError, match="a tracker wants"):
        TrackerSpec(**wrong)


def test_weak_sightings_make_nobody_believed_though_all_are_seen():
    tracker = Tracker(TrackerSpec(confirm_hits=3))
    weak = Detections.of([[100, 100, 120, 160]], [0.2], [0])
    tracks = follow(tracker, [people((110, 130)), weak, weak, weak, people((110, 130)), people((110, 130))])
    assert [t.confirmed.tolist() for t in tracks] == [[False]] * 5 + [[True]]


def test_a_guess_reaches_as_far_as_the_time_since_the_last_frame():
    """A camera that stutters: steps of a fifth of a second, then one of another length."""
    reached = {}
    for later_s in (0.1, 0.2, 0.8):
        tracker = Tracker(TrackerSpec())
        last = follow(tracker, [people((100 + 10 * k, 100)) for k in range(8)])[-1]
        reached[later_s] = tracker.miss(at(7 / FPS + later_s)).boxes[0, 0] - last.boxes[0, 0]
    assert reached[0.2] == pytest.approx(2 * reached[0.1], rel=0.1)
    assert reached[0.8] == pytest.approx(8 * reached[0.1], rel=0.1)


def test_each_keeps_its_own_box_when_all_are_found_but_not_at_once():
    """The car leaps and is found after who stands, though its track is the older."""
    car, leapt, stander = [0, 100, 110, 140], [145, 100, 255, 140], [600, 100, 625, 160]
    frames = [Detections.of([where, stander], [0.9, 0.8], [2, 0]) for where in (car, leapt)]
    tracks = follow(Tracker(TrackerSpec()), frames)[-1]
    assert (tracks.ids.tolist(), tracks.classes.tolist()) == ([1, 2], [2, 0])
    assert tracks.seen.all()
    assert tracks.boxes[1].tolist() == pytest.approx(stander, abs=3)


def test_faint_detections_alone_carry_a_track_only_for_so_long():
    tracker = Tracker(TrackerSpec(faint_s=2.0, lost_s=1.0))
    follow(tracker, [people((100, 100))] * 3)
    faint = [people((100, 100), score=0.2)] * 40
    lives = [len(tracks) for tracks in follow(tracker, faint, begin=3)]
    assert lives == [1] * 15 + [0] * 25, "two seconds of doubt, one of absence"


def test_a_sure_detection_now_and_then_keeps_a_track_alive():
    tracker = Tracker(TrackerSpec(faint_s=2.0))
    found = [people((100, 100), score=0.9 if k % 8 == 0 else 0.2) for k in range(100)]
    assert {tuple(tracks.ids.tolist()) for tracks in follow(tracker, found)} == {(1,)}


def test_what_was_sure_stays_while_nothing_moves_and_what_was_faint_does_not():
    tracker = Tracker(TrackerSpec(faint_s=2.0, lost_s=1.0))
    follow(tracker, [people((100, 100), (300, 100))] * 3)
    both = Detections.of(
        np.concatenate([people((100, 100)).boxes, people((300, 100)).boxes]), [0.9, 0.2], [0, 0]
    )
    tracker.update(both, at(0.6))
    held = [tracker.hold(at(0.8 + k / FPS)) for k in range(60)]
    assert held[0].ids.tolist() == [1, 2]
    assert held[-1].ids.tolist() == [1]


@given(
    st.lists(st.tuples(st.sampled_from([None, 0.2, 0.9]), st.integers(1, 20)), min_size=1, max_size=8),
    st.floats(0.0, 3.0),
)
@settings(max_examples=60, deadline=None)
def test_no_track_outlives_its_last_sure_detection_by_more_than_doubt_and_absence(
    stretches: list[tuple[float | None, int]], faint_s: float
) -> None:
    spec = TrackerSpec(faint_s=faint_s, lost_s=1.0, tentative_s=0.5)
    tracker, sure = Tracker(spec), 0.0
    for k, score in enumerate(score for score, length in stretches for _ in range(length)):
        found = Detections.none() if score is None else people((100, 100), score=score)
        tracks = tracker.update(found, at(k / FPS))
        sure = k / FPS if score == 0.9 else sure
        assert not len(tracks) or k / FPS - sure <= faint_s + spec.lost_s + 1 / FPS
