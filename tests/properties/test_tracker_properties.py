"""What holds for the tracker whatever the detector says."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections
from tests.fakes.walk import at

quick = settings(max_examples=60, deadline=None)


@st.composite
def answers(draw, most=6):
    """Any detections: sane, degenerate, doubled, not finite."""
    n = draw(st.integers(0, most))
    corner = draw(hnp.arrays(np.float32, (n, 2), elements=st.floats(-50, 700, width=32)))
    side = draw(hnp.arrays(np.float32, (n, 2), elements=st.floats(0, 200, width=32)))
    boxes = np.concatenate([corner, corner + side], axis=1)
    if n and draw(st.integers(0, 9)) == 0:
        boxes[draw(st.integers(0, n - 1)), 2:] = draw(st.sampled_from([np.nan, np.inf, 3e38]))
    scores = draw(hnp.arrays(np.float32, n, elements=st.floats(0, 1, width=32)))
    classes = draw(hnp.arrays(np.int16, n, elements=st.integers(0, 3)))
    return Detections(boxes.astype(np.float32), scores, classes)


calls = st.tuples(
    st.sampled_from(["update", "update", "update", "hold", "miss"]), answers(), st.floats(0.0, 3.0)
)


def play(run, spec=None, start=0.0):
    tracker, seconds, out = Tracker(spec or TrackerSpec()), 0.0, []
    for verb, answer, dt in run:
        seconds += dt
        moment = at(seconds, start)
        out.append(tracker.update(answer, moment) if verb == "update" else getattr(tracker, verb)(moment))
    return out


def same(one, other):
    return all(
        np.array_equal(getattr(a, name), getattr(b, name))
        for a, b in zip(one, other, strict=True)
        for name in ("ids", "boxes", "scores", "classes", "age", "confirmed", "seen")
    )


@quick
@given(st.lists(calls, max_size=12))
def test_ids_ascend_from_one_and_are_never_reused(run):
    alive, gone, highest = set(), set(), 0
    for tracks in play(run):
        ids = tracks.ids.tolist()
        assert ids == sorted(set(ids))
        new = [i for i in ids if i not in alive]
        assert new == list(range(highest + 1, highest + 1 + len(new)))
        assert not gone & set(ids)
        highest += len(new)
        gone |= alive - set(ids)
        alive = set(ids)


@quick
@given(st.lists(calls, max_size=12))
def test_every_box_is_finite_and_the_right_way_round(run):
    for tracks in play(run):
        assert np.isfinite(tracks.boxes).all()
        assert np.isfinite(tracks.scores).all()
        assert (tracks.boxes[:, 2:] >= tracks.boxes[:, :2]).all()


@quick
@given(st.lists(calls, max_size=10))
def test_the_same_run_gives_the_same_tracks(run):
    assert same(play(run), play(run))


@quick
@given(st.lists(calls, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_detections_does_not_matter(run, chance):
    shuffled = []
    for verb, answer, dt in run:
        order = list(range(len(answer)))
        chance.shuffle(order)
        shuffled.append((verb, answer.take(np.array(order, np.intp)), dt))
    assert same(play(run), play(shuffled))


@quick
@given(st.lists(calls, max_size=10), st.integers(0, 10**6))
def test_only_differences_of_time_matter(run, start):
    rounded = [(verb, answer, round(dt, 3)) for verb, answer, dt in run]
    assert same(play(rounded), play(rounded, start=float(start)))


@quick
@given(st.lists(st.tuples(st.sampled_from(["update", "hold", "miss"]), st.floats(0, 3)), max_size=12))
def test_nothing_comes_from_nothing(run):
    assert not any(len(t) for t in play([(verb, Detections.none(), dt) for verb, dt in run]))


@quick
@given(st.lists(calls, max_size=12), st.integers(1, 5))
def test_a_track_is_believed_only_after_so_many_sure_hits_and_then_for_good(run, hits):
    seen, believed = {}, set()
    for (verb, _, _), tracks in zip(run, play(run, TrackerSpec(confirm_hits=hits)), strict=True):
        sure = tracks.seen & (tracks.scores >= np.float32(TrackerSpec().high_score))
        for i, matched, confirmed in zip(tracks.ids, sure, tracks.confirmed, strict=True):
            seen[i] = seen.get(i, 0) + bool(matched and verb == "update")
            assert bool(confirmed) == (seen[i] >= hits)
            assert confirmed or i not in believed
            if confirmed:
                believed.add(i)


@quick
@given(st.lists(calls, max_size=12))
def test_a_frame_adds_at_most_one_track_per_high_detection(run):
    highest = 0
    for (verb, answer, _), tracks in zip(run, play(run), strict=True):
        now = int(tracks.ids.max(initial=highest))
        able = int((answer.scores >= TrackerSpec().high_score).sum()) if verb == "update" else 0
        assert now - highest <= able
        highest = now


@quick
@given(st.floats(-0.35, 0.35), st.floats(-0.35, 0.35), st.integers(2, 5), st.integers(0, 2**31))
def test_who_is_hidden_for_a_second_is_found_again(vx, vy, hidden, seed):
    """Anyone who walks straight at up to twice a walker's pace, with a detector that jitters."""
    rng = np.random.default_rng(seed)
    frames = []
    for k in range(16):
        middle = np.array([300.0, 200.0]) + np.array([vx, vy]) * 60.0 * k
        corners = np.tile(middle, 2) + np.array([-16.0, -40.0, 16.0, 40.0]) + rng.normal(0, 1.0, 4)
        frames.append(Detections.none() if 6 <= k < 6 + hidden else Detections.of([corners], [0.8], [0]))
    tracks = play([("update", frame, 0.2) for frame in frames])
    assert tracks[-1].ids.tolist() == [1]


def test_a_thousand_objects_are_followed():
    rng = np.random.default_rng(7)
    places = np.stack(np.meshgrid(np.arange(40) * 100.0, np.arange(25) * 100.0), axis=-1).reshape(-1, 2)
    tracker = Tracker(TrackerSpec())
    for k in range(4):
        low = places + rng.normal(0, 1.0, places.shape)
        boxes = np.tile(low, 2) + np.array([0.0, 0.0, 30.0, 70.0])
        tracks = tracker.update(Detections.of(boxes, [0.8] * 1000, [0] * 1000), at(k / 5))
    assert tracks.ids.tolist() == list(range(1, 1001))
    assert tracks.confirmed.all()
