import json
from dataclasses import replace

import numpy as np
import pytest

from edge.evaluate.compare import Verdict, compare
from edge.evaluate.matching import Matching, TrueBoxes
from edge.evaluate.record import Answered, Look, RunRecord
from edge.evaluate.score import score
from edge.evaluate.scorecard import Scorecard
from edge.track.spec import TrackerSpec
from edge.track.tracker import Tracker
from edge.values.detections import Detections, NotAnswered, Still, Unanswered
from edge.values.event import Kind
from edge.values.fact import Occupancy, Sighting
from edge.values.frame import Size
from edge.values.moment import Moment
from edge.values.truth import TrueFrame, TrueObject
from tests.fakes.plaza import BEGAN, LABELS, RULES, SCENE, perfect, truth

SIZE = Size(320, 180)


def with_looks(record, change):
    return replace(record, looks=tuple(change(k, look) for k, look in enumerate(record.looks)))


def test_a_perfect_run():
    known = truth()
    total = score([(known, perfect(known))]).total
    assert total.ap50 == pytest.approx(1.0)
    assert total.ap50_by_label == pytest.approx({"person": 1.0, "car": 1.0})
    assert (total.tracking.hota, total.tracking.idf1, total.tracking.mota) == pytest.approx((1.0, 1.0, 1.0))
    assert total.count_error == 0.0
    assert {kind: (s.precision, s.recall) for kind, s in total.events.items()} == {
        Kind.LINE_CROSSING: (1.0, 1.0),
        Kind.OCCUPANCY: (1.0, 1.0),
        Kind.ZONE_ENTRY: (1.0, 1.0),
    }
    assert (total.frames, total.fps, total.cpu_s_per_1000) == pytest.approx((30, 15.0, 100.0))
    assert (total.gated, total.unanswered) == (0.0, 0.0)


def test_a_blind_run():
    known = truth()
    blind = with_looks(
        replace(perfect(known), events=()),
        lambda _, look: Look.of(look.pts_s, NotAnswered(Unanswered.FAILED), none(), (), SIZE, LABELS),
    )
    total = score([(known, blind)]).total
    assert total.unanswered == 1.0
    assert total.ap50 is None
    assert total.tracking.mota == 0.0
    assert total.count_error is None
    assert total.crossings.missed == 2


def none():
    return Tracker(TrackerSpec()).hold(Moment(0, 0))


def test_what_is_too_small_or_hidden_is_neither_missed_nor_wrong():
    known = truth()
    small = tuple(
        replace(
            frame,
            objects=(
                *frame.objects,
                TrueObject(9, "person", (0, 0), (0.9, 0.1), *[(0.89, 0.08, 0.91, 0.10)] * 2, 1.0),
                TrueObject(
                    8, "person", (0, 0), (0.7, 0.6), (0.68, 0.2, 0.72, 0.6), (0.68, 0.2, 0.72, 0.3), 0.2
                ),
            ),
        )
        for frame in known.frames
    )
    harder = replace(known, frames=small, labels={**known.labels, 8: "person", 9: "person"})
    record = perfect(known)
    assert score([(harder, record)]).total.tracking.mota == pytest.approx(1.0)
    found = with_looks(record, lambda _, look: _also(look, (0.89, 0.08, 0.91, 0.10)))
    total = score([(harder, found)]).total
    assert (total.ap50, total.tracking.mota) == pytest.approx((1.0, 1.0))
    strict = score([(harder, record)], Matching(least_height=0.0)).total
    assert strict.tracking.mota < 0.8


def _also(look, box):
    boxes = np.concatenate([look.boxes, np.array([box], np.float32)])
    labels = (*look.labels, "person")
    scores = np.append(look.scores, np.float32(0.8))
    return replace(
        look, boxes=boxes, labels=labels, scores=scores, ids=np.append(look.ids, 99), track_boxes=boxes,
        track_labels=labels,
    )  # fmt: skip


def test_only_what_is_in_the_picture_is_asked_for():
    half_out = TrueObject(1, "car", (0, 0), (0, 0), (-0.1, 0.2, 0.1, 0.4), (-0.1, 0.2, 0.1, 0.4), 1.0)
    nearly_out = TrueObject(2, "car", (0, 0), (0, 0), (-0.19, 0.2, 0.01, 0.4), (-0.19, 0.2, 0.01, 0.4), 1.0)
    gone = TrueObject(3, "car", (0, 0), (0, 0), (-0.3, 0.2, -0.1, 0.4), (-0.3, 0.2, -0.1, 0.4), 1.0)
    hidden = TrueObject(4, "car", (0, 0), (0, 0), (0.3, 0.2, 0.4, 0.4), None, 0.0)
    boxes = TrueBoxes.of(
        TrueFrame(0, 0.0, (half_out, nearly_out, gone, hidden)), frozenset({"car"}), Matching()
    )
    assert boxes.ids.tolist() == [1, 2]
    assert boxes.ignored.tolist() == [False, True]
    assert boxes.boxes[0] == pytest.approx([0.0, 0.2, 0.1, 0.4])


def test_a_wrong_label_is_wrong():
    known = truth()
    bikes = with_looks(
        perfect(known), lambda _, look: replace(look, labels=("bicycle",) * 3, track_labels=("bicycle",) * 3)
    )
    total = score([(known, bikes)]).total
    assert total.ap50 == 0.0
    assert total.tracking.mota == pytest.approx(-1.0)


def test_a_model_that_knows_fewer_labels_is_scored_on_those():
    known = truth()
    record = with_looks(replace(perfect(known), labels=("person",)), lambda _, look: _persons_only(look))
    total = score([(known, record)]).total
    assert total.ap50_by_label == {"person": pytest.approx(1.0)}
    assert total.tracking.mota == pytest.approx(1.0)


def _persons_only(look):
    kept = np.array([label == "person" for label in look.labels])
    labels = tuple(label for label in look.labels if label == "person")
    return replace(
        look, boxes=look.boxes[kept], scores=look.scores[kept], labels=labels, ids=look.ids[kept],
        track_boxes=look.track_boxes[kept], track_labels=labels,
    )  # fmt: skip


def test_counts_are_compared_frame_by_frame():
    known = truth()
    over = with_looks(
        perfect(known), lambda _, look: replace(look, persons={"zone": look.persons["zone"] + 2})
    )
    assert score([(known, over)]).total.count_error == pytest.approx(2.0)


def test_clips_are_pooled_as_one():
    one, two = truth("one"), truth("two")
    worse = with_looks(perfect(two), lambda k, look: replace(look, ids=look.ids + 10 * (k >= 15)))
    card = score([(one, perfect(one)), (two, worse)])
    assert [clip.name for clip in card.clips] == ["one", "two"]
    assert card.clips[0].tracking.switches == 0
    assert card.total.tracking.switches == card.clips[1].tracking.switches == 3
    assert card.total.tracking.idf1 == pytest.approx(0.75)
    assert card.total.frames == 60


def test_no_run_is_no_scorecard():
    with pytest.raises(ValueError, match="at least one run"):
        score([])


def test_a_record_wants_frames_in_order():
    with pytest.raises(ValueError, match="at least one frame"):
        RunRecord(BEGAN, LABELS, SCENE, RULES, (), (), 1.0, 1.0)
    looks = perfect(truth()).looks
    with pytest.raises(ValueError, match="ascending"):
        RunRecord(BEGAN, LABELS, SCENE, RULES, looks[::-1], (), 1.0, 1.0)


def test_a_look_is_taken_from_one_step_of_the_pipeline():
    tracker = Tracker(TrackerSpec())
    found = Detections.of([[32, 18, 64, 90]], [0.9], [0])
    tracker.update(found, Moment(0, 0))
    tracks = tracker.update(found, Moment(200_000_000, 200_000_000))
    who = (Sighting(1, "person", 0.9, (0, 0, 1, 1)), Sighting(2, "car", 0.9, (0, 0, 1, 1)))
    look = Look.of(0.2, found, tracks, (Occupancy(BEGAN, "zone", who, (0.0,) * len(who)),), SIZE, LABELS)
    assert look.answered is Answered.YES
    assert look.boxes == pytest.approx(np.array([[0.1, 0.1, 0.2, 0.5]]))
    assert look.track_boxes == pytest.approx(np.array([[0.1, 0.1, 0.2, 0.5]]), abs=1e-5)
    assert (look.labels, look.track_labels, look.ids.tolist()) == (("person",), ("person",), [1])
    assert look.persons == {"zone": 1}
    held = Look.of(0.4, Still(), tracker.hold(Moment(400_000_000, 400_000_000)), (), SIZE, LABELS)
    assert held.answered is Answered.STILL
    assert held.ids.tolist() == [1]
    lost = tracker.miss(Moment(600_000_000, 600_000_000))
    assert len(Look.of(0.6, NotAnswered(Unanswered.LATE), lost, (), SIZE, LABELS).ids) == 0


def test_bounds_of_matching():
    for wrong in ({"overlap": 1.5}, {"least_visibility": -0.1}, {"instant_s": 61.0}):
        with pytest.raises(ValueError, match="matching wants"):
            Matching(**wrong)


def test_the_table_has_one_line_per_measure_and_one_column_per_clip():
    card = score([(truth("one"), perfect(truth("one"))), (truth("two"), perfect(truth("two")))])
    assert card.header() == ("", "one", "two", "all")
    rows = {row[0]: row[1:] for row in card.rows()}
    assert rows["AP50"] == ("1.000",) * 3
    assert rows["line-crossing recall"] == ("1.000",) * 3
    assert rows["crossings missed"] == ("0", "0", "0")
    assert rows["CPU s per 1,000 frames"] == ("100.00",) * 3
    assert len(score([(truth(), perfect(truth()))]).header()) == 2


def test_the_bounds_are_stated():
    card = score([(truth(), perfect(truth()))], Matching(least_visibility=0.5, instant_s=1.5))
    assert "by 0.5 or more" in card.caption()
    assert "less than 50%" in card.caption()
    assert "lower than 3.3%" in card.caption()
    assert "within 1.5 s, lasting ones within 2 s" in card.caption()


def test_a_saved_scorecard_reads_back():
    known = truth()
    card = score([(known, perfect(known))])
    text = json.dumps(card.to_json(), allow_nan=False)
    assert Scorecard.from_json(json.loads(text)).to_json() == card.to_json()


@pytest.mark.parametrize(
    "wrong", [{}, {"schema": 2}, {"schema": 1}, {"schema": 1, "clips": [{}], "matching": {}}]
)
def test_what_is_no_scorecard_is_refused(wrong):
    with pytest.raises(ValueError, match="scorecard"):
        Scorecard.from_json(wrong)


def test_a_worse_run_shows_at_a_glance():
    known = truth()
    good = perfect(known)
    bad = with_looks(good, lambda k, look: _persons_only(look) if k % 3 else look)
    bad = replace(bad, events=good.events[1:], wall_s=2.1)
    changes = {c.measure: c for c in compare(score([(known, good)]), score([(known, bad)]))}
    assert changes["AP50 car"].verdict is Verdict.WORSE
    assert changes["AP50 person"].verdict is Verdict.SAME
    assert changes["MOTA"].verdict is Verdict.WORSE
    assert changes["MOTA"].change.startswith("-0.")
    assert changes["frames per second"].verdict is Verdict.SAME
    assert not any(c.verdict is Verdict.BETTER for c in changes.values())
    back = {c.measure: c for c in compare(score([(known, bad)]), score([(known, good)]))}
    assert back["MOTA"].verdict is Verdict.BETTER


def test_what_cannot_be_compared_is_refused():
    one, two = ([(truth(name), perfect(truth(name)))] for name in ("one", "two"))
    with pytest.raises(ValueError, match="same clips"):
        compare(score(one), score(two))
    with pytest.raises(ValueError, match="same bounds"):
        compare(score(one), score(one, Matching(overlap=0.4)))
