import json
from dataclasses import replace
from datetime import date

import pytest

from edge.privacy import Counts, Decoding, NodeState, camera_state, gap, status
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.errors import RedactionError
from edge.values.gap import GapCause, GapRange, GapReport
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import NS_PER_S
from edge.values.onvif import TOPICS
from edge.values.policy_term import PolicyStanding, PolicyTerm
from tests.fakes.privacy import ORIGIN, START

REPORT = CameraReport("plaza", CameraState.DEAD, Reason.HUNG, START, START.plus(9))
COUNTS = Counts(sampled=120, answered=80, still=30, unanswered=2, dropped=8, refused=1, reconnects=3)


def body(sent: RedactedMessage) -> dict:
    return json.loads(sent.body)


def a_status(state: NodeState, **changes: object) -> RedactedMessage:
    told = {"boot": "6f1d0c52", "connected": START, "version": "0.1.0", "cameras": ("plaza", "street")}
    return status(ORIGIN, state, **(told | changes))  # type: ignore[arg-type]


def test_a_birth_tells_until_when_the_policy_holds():
    term = PolicyTerm(7, date(2027, 3, 1), PolicyStanding.ENDS_SOON)
    told = body(a_status(NodeState.ONLINE, policy=term))["data"]["policy"]
    assert told == {"version": 7, "expires": "2027-03-01", "standing": "ends-soon"}
    assert "policy" not in body(a_status(NodeState.ONLINE))["data"]


def test_a_camera_state_is_retained_and_expires():
    sent = camera_state(ORIGIN, REPORT, COUNTS)
    assert sent.topic == "safecity/v1/samarkand/registan-01/state/plaza"
    assert (sent.retain, sent.expiry_s, sent.urgency) == (True, 180, Urgency.STATE)
    assert body(sent)["data"] == {
        "schema": "1.0",
        "region": "samarkand",
        "node": "registan-01",
        "camera": "plaza",
        "state": "dead",
        "reason": "hung",
        "since": "2027-01-15T08:00:00.000Z",
        "utc": "2027-01-15T08:00:09.000Z",
        "mono_us": 14_000_000,
        "clock": "synced",
        "onvif": "tns1:VideoSource/SignalLoss",
        "counts": {
            "sampled": 120,
            "answered": 80,
            "still": 30,
            "unanswered": 2,
            "dropped": 8,
            "refused": 1,
            "reconnects": 3,
        },
    }


@pytest.mark.parametrize("reason", list(Reason))
def test_what_onvif_has_a_name_for_bears_it_and_only_in_trouble(reason: Reason):
    named = body(camera_state(ORIGIN, replace(REPORT, reason=reason), COUNTS))["data"].get("onvif")
    assert named == TOPICS.get(reason)
    assert (named is None) is (reason not in TOPICS)


def test_a_decoder_that_fell_back_is_told():
    told = body(camera_state(ORIGIN, REPORT, COUNTS, Decoding("vaapi", "software")))["data"]["decoder"]
    assert told == {"wanted": "vaapi", "used": "software"}


@pytest.mark.parametrize(
    ("report", "counts", "decoding"),
    [
        (replace(REPORT, camera="rtsp://ann:secret@10.0.0.1/1"), COUNTS, None),
        (REPORT, replace(COUNTS, dropped=-1), None),
        (REPORT, COUNTS, Decoding("auto", "/usr/lib/libva.so")),
    ],
)
def test_a_state_that_says_too_much_is_refused(
    report: CameraReport, counts: Counts, decoding: Decoding | None
):
    with pytest.raises(RedactionError):
        camera_state(ORIGIN, report, counts, decoding)


def test_birth_death_and_last_will_share_a_retained_topic():
    sent = [a_status(state) for state in NodeState]
    assert {told.topic for told in sent} == {"safecity/v1/samarkand/registan-01/status"}
    assert all(told.retain and told.expiry_s is None for told in sent)
    assert [body(told)["data"]["state"] for told in sent] == ["online", "stopped", "lost"]
    assert len({body(told)["id"] for told in sent}) == 3


def test_only_a_birth_knows_its_time():
    assert body(a_status(NodeState.ONLINE))["time"] == "2027-01-15T08:00:00.000Z"
    assert "time" not in body(a_status(NodeState.LOST))


def test_each_connection_has_a_birth_of_its_own():
    again = a_status(NodeState.ONLINE, connected=START.plus(0.001))
    assert body(again)["id"] != body(a_status(NodeState.ONLINE))["id"]


@pytest.mark.parametrize("changes", [{"boot": ""}, {"version": "mine, built by Ann"}, {"cameras": ("a b",)}])
def test_a_status_that_says_too_much_is_refused(changes: dict):
    with pytest.raises(RedactionError):
        a_status(NodeState.ONLINE, **changes)


def test_a_gap_names_what_will_never_arrive():
    ranges = (
        GapRange("6f1d0c52", 5, 9, 4, GapCause.SHED, START.utc_ns - 60 * NS_PER_S, START.utc_ns),
        GapRange("", 1, 1, 1, GapCause.DAMAGED),
    )
    sent = gap(ORIGIN, GapReport(START, ranges))
    assert sent.topic == "safecity/v1/samarkand/registan-01/gap"
    assert (sent.urgency, sent.retain) == (Urgency.GAP, False)
    data = body(sent)["data"]
    assert (data["lost"], data["unknown"]) == (5, False)
    assert data["ranges"] == [
        {
            "boot": "6f1d0c52",
            "first": "00000000000000000005",
            "last": "00000000000000000009",
            "count": 4,
            "cause": "shed",
            "from": "2027-01-15T07:59:00.000Z",
            "until": "2027-01-15T08:00:00.000Z",
        },
        {
            "first": "00000000000000000001",
            "last": "00000000000000000001",
            "count": 1,
            "cause": "damaged",
        },
    ]


def test_a_loss_of_unknown_size_is_told_too():
    data = body(gap(ORIGIN, GapReport(START, (), unknown=True)))["data"]
    assert (data["lost"], data["unknown"], data["ranges"]) == (0, True, [])
