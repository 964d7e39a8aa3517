import json
from dataclasses import replace

import pytest

from edge.privacy import interrupted
from edge.values.errors import RedactionError
from edge.values.event import EndCause, Kind, Phase, Severity
from edge.values.frame import Size
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import Moment
from tests.fakes.privacy import SIZE, SPEC, START, a_crossing, an_event, message, person, redactor


def data(sent: RedactedMessage) -> dict:
    return json.loads(sent.body)["data"]


def test_an_event_goes_to_its_topic_as_a_cloud_event():
    sent = message()
    assert sent.topic == "safecity/v1/samarkand/registan-01/event/plaza/occupancy"
    body = json.loads(sent.body)
    assert {key: body[key] for key in body if key != "data"} == {
        "specversion": "1.0",
        "id": "0f3c9a7e-11d2-8b60-9a4c-2d5e8f7b1a30.1",
        "source": "/safecity/samarkand/registan-01/plaza",
        "type": "safecity.event.occupancy.v1",
        "subject": "zone/fountain",
        "time": "2027-01-15T08:00:12.500Z",
        "datacontenttype": "application/json",
        "dataschema": "urn:safecity:event:1.0",
    }


def test_it_says_when_where_what_how_serious_how_sure_and_measured_how():
    said = data(message())
    assert said.pop("objects")[0].keys() == {"track", "label", "score", "box"}
    assert said == {
        "schema": "1.0",
        "region": "samarkand",
        "node": "registan-01",
        "camera": "plaza",
        "place": {"kind": "zone", "id": "fountain"},
        "event_id": "0f3c9a7e-11d2-8b60-9a4c-2d5e8f7b1a30",
        "revision": 1,
        "phase": "update",
        "kind": "occupancy",
        "severity": "moderate",
        "rule": "fountain-crowd",
        "started": "2027-01-15T08:00:00.000Z",
        "utc": "2027-01-15T08:00:12.500Z",
        "mono_us": 17_500_000,
        "clock": "synced",
        "duration_s": 12.5,
        "count": 3,
        "peak": 5,
        "confidence": 0.8123,
        "frame": {"width": 1280, "height": 720},
        "model": {"name": "street-nano", "sha256": "b" * 64},
        "config_sha256": "c" * 64,
        "policy": {"sha256": "a" * 64, "rotation_s": 600.0, "boxes": True},
        "ground": "uncalibrated",
    }


def test_a_crossing_has_a_line_a_direction_and_a_cause():
    said = data(redactor().event(a_crossing(), SIZE))
    assert said["place"] == {"kind": "line", "id": "gate"}
    assert (said["direction"], said["cause"]) == ("forward", "instant")


def test_a_crossing_that_is_told_late_began_when_it_happened_and_lasted_no_longer():
    said = data(redactor().event(a_crossing(moment=START.plus(0.6)), SIZE))
    assert said["duration_s"] == 0
    assert (said["started"], said["utc"]) == ("2027-01-15T08:00:00.000Z", "2027-01-15T08:00:00.600Z")


def test_a_dwell_says_how_long():
    assert data(message(kind=Kind.DWELL, dwell_s=45.123456))["dwell_s"] == 45.1235


def test_the_same_event_is_always_the_same_bytes():
    assert message().body == message().body
    assert (
        message().body
        == json.dumps(
            json.loads(message().body), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()
    )


def test_raw_track_ids_stay_inside():
    tracks = [918_273_645, 918_273_646]
    sent = message(evidence=tuple(person(track) for track in tracks))
    names = [seen["track"] for seen in data(sent)["objects"]]
    assert len(set(names)) == 2
    assert all(str(track).encode() not in sent.body for track in tracks)


def test_a_policy_without_boxes_sends_none():
    spec = replace(SPEC, policy=replace(SPEC.policy, boxes=False))
    said = data(redactor(spec).event(an_event(), SIZE))
    assert [seen.keys() for seen in said["objects"]] == [{"track", "label", "score"}] * 3
    assert said["policy"]["boxes"] is False


def test_a_box_that_leans_out_of_the_picture_is_cut_to_it():
    seen = replace(person(), box=(-0.02, 0.5, 1.3, 1.00001))
    assert data(message(evidence=(seen,)))["objects"][0]["box"] == [0.0, 0.5, 1.0, 1.0]


def test_minus_zero_is_zero():
    assert b"-0.0" not in message(confidence=-0.0).body


def test_severe_events_are_alarms_and_the_end_closes():
    assert message(severity=Severity.MODERATE).urgency is Urgency.NOTICE
    assert message(severity=Severity.SEVERE).urgency is Urgency.ALARM
    assert message(severity=Severity.EXTREME).urgency is Urgency.ALARM
    assert not message().closes
    ended = message(phase=Phase.END, cause=EndCause.CLEARED)
    assert (ended.closes, ended.event_id, ended.revision, ended.retain) == (True, an_event().id, 1, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"evidence": (replace(person(), label="face"),)}, "label"),
        ({"evidence": (replace(person(), label="Ann, 32, red coat"),)}, "label"),
        ({"evidence": (replace(person(), score=1.2),)}, "score"),
        ({"evidence": (replace(person(), box=(0.1, 0.2, float("nan"), 0.4)),)}, "box"),
        ({"evidence": (replace(person(), box=(0.1, 0.2, 0.3)),)}, "box"),
        ({"evidence": tuple(person(track) for track in range(33))}, "objects"),
        ({"confidence": float("inf")}, "confidence"),
        ({"confidence": -0.1}, "confidence"),
        ({"id": "call 555-0199"}, "id"),
        ({"rule": "ask for Bob"}, "rule"),
        ({"place": "12 High Street"}, "subject"),
        ({"dwell_s": -1.0, "kind": Kind.DWELL}, "dwell_s"),
        ({"count": 10**6, "peak": 10**6}, "count"),
        ({"camera": "street"}, "camera"),
        ({"started": START.plus(60)}, "duration_s"),
        ({"moment": Moment(START.mono_ns, 2**62 * 100)}, "year"),
    ],
)
def test_what_is_not_on_the_allow_list_is_refused(changes: dict, field: str):
    with pytest.raises(RedactionError, match=field):
        message(**changes)


def test_an_impossible_picture_is_refused():
    with pytest.raises(RedactionError, match="width"):
        redactor().event(an_event(), Size(0, 720))


def test_a_refusal_never_repeats_what_it_refused():
    with pytest.raises(RedactionError) as refusal:
        message(rule="ann lives at number 12")
    assert "ann" not in str(refusal.value)


def test_an_interrupted_event_ends_as_it_was_last_known():
    last = message()
    end = interrupted(last, START.plus(500))
    said = data(end)
    assert (said["phase"], said["cause"], said["revision"]) == ("end", "interrupted", 2)
    assert (said["count"], said["peak"], said["duration_s"], said["objects"]) == (3, 5, 12.5, [])
    assert json.loads(end.body)["id"] == f"{last.event_id}.2"
    assert said["utc"] == json.loads(end.body)["time"] == "2027-01-15T08:08:20.000Z"
    assert (end.topic, end.urgency, end.event_id, end.revision) == (
        last.topic,
        last.urgency,
        last.event_id,
        2,
    )
    assert end.closes


def test_an_update_says_that_its_event_is_clearing_and_an_interrupted_end_does_not():
    last = message(clearing=True)
    assert data(last)["clearing"] is True
    assert "clearing" not in data(message())
    assert "clearing" not in data(interrupted(last, START.plus(500)))


def test_an_interrupted_event_forgets_the_stamp_of_its_last_message():
    last = message()
    stamped = replace(last, body=last.stamped("6f1d", 12))
    assert interrupted(stamped, START.plus(500)).body == interrupted(last, START.plus(500)).body


@pytest.mark.parametrize(
    "last",
    [
        message(phase=Phase.END, cause=EndCause.CLEARED),
        replace(message(), event_id=""),
        replace(message(), body=b'{"data":[]}'),
        replace(message(), body=b"{no json}"),
        replace(message(), body=b'{"type":"safecity.event.occupancy.v1","data":{}}'),
    ],
)
def test_only_an_open_event_can_be_interrupted(last: RedactedMessage):
    with pytest.raises(RedactionError):
        interrupted(last, START)
