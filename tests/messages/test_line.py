from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from edge.messages import parse, readable
from edge.messages.words import ENDS, LOSSES, REASONS, counted, figures, lasting
from edge.privacy import Counts, NodeState, camera_state, gap, status
from edge.values.camera_state import CameraReport, CameraState, Reason
from edge.values.crowd import Crowd, DensityTable, Floor, Flow, Width
from edge.values.event import EndCause, Kind, Phase
from edge.values.fact import Direction
from edge.values.gap import GapCause, GapRange, GapReport
from edge.values.message import RedactedMessage
from edge.values.moment import NS_PER_S
from tests.fakes.privacy import ORIGIN, SIZE, START, a_crossing, an_event, redactor

TASHKENT = ZoneInfo("Asia/Tashkent")

SPARSE = Crowd(0.2, 0.12, 0.3, Floor(20.0, 1.0), 0.25, DensityTable.FRUIN_WALKWAY, "A")
SPARSE_WORDS = '3 people in "fountain", 0.20 persons/m² (0.12 to 0.30), level A of fruin-walkway, 81% sure'


def line(sent: RedactedMessage, zone: ZoneInfo = TASHKENT):
    payload = sent.body if sent.topic.endswith("/status") else sent.stamped("6f1d", 1)
    return readable(parse(sent.topic, payload), zone)


def what(**changes: object) -> str:
    return line(redactor().event(an_event(**changes), SIZE)).what


def ended(**changes: object) -> str:
    return what(phase=Phase.END, **{"cause": EndCause.CLEARED, "evidence": (), "count": 0} | changes)


def test_an_event_is_one_aligned_line():
    assert str(line(redactor().event(an_event(), SIZE))) == (
        '13:00:12  registan-01   plaza       UPDATE      moderate  3 people in "fountain", '
        "no persons/m²: uncalibrated, peak 5, 81% sure"
    )


def test_times_are_the_readers():
    sent = redactor().event(an_event(), SIZE)
    assert line(sent, ZoneInfo("UTC")).time == "08:00:12"
    assert line(sent, ZoneInfo("America/New_York")).time == "03:00:12"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"kind": Kind.OCCUPANCY},
            '3 people in "fountain", no persons/m²: uncalibrated, peak 5, 81% sure',
        ),
        ({"kind": Kind.OCCUPANCY, "crowd": SPARSE, "peak": 3}, SPARSE_WORDS),
        ({"kind": Kind.ZONE_ENTRY, "peak": 3}, '3 people entered "fountain", 81% sure'),
        (
            {"kind": Kind.ZONE_EXIT, "peak": 3, "dwell_s": 12.2},
            '3 people left "fountain", for 12 s, 81% sure',
        ),
        (
            {"kind": Kind.DWELL, "peak": 3, "dwell_s": 125},
            '3 people staying in "fountain", for 2 min 5 s, 81% sure',
        ),
        ({"kind": Kind.LINE_CROSSING, "peak": 3}, '3 people crossed "fountain", 81% sure'),
        ({"evidence": ()}, '3 objects in "fountain", no persons/m²: uncalibrated, peak 5'),
        (
            {"clearing": True},
            '3 people in "fountain", clearing, no persons/m²: uncalibrated, peak 5, 81% sure',
        ),
        (
            {"evidence": (), "count": 0, "clearing": True},
            'none in "fountain", clearing, no persons/m²: uncalibrated, peak 5',
        ),
        (
            {"kind": Kind.DWELL, "evidence": (), "count": 0, "clearing": True},
            'none staying in "fountain", clearing, peak 5',
        ),
    ],
)
def test_each_kind_has_its_words(changes: dict, said: str):
    assert what(**changes) == said


def test_of_a_crowd_that_cannot_be_counted_only_the_lower_end_is_told():
    crowd = Crowd(0.2, 0.12, 10.0, Floor(20.0, 1.0), 0.25, DensityTable.FRUIN_WALKWAY, "A", at_least=True)
    assert what(kind=Kind.DENSITY, crowd=crowd, peak=3) == (
        'at least 3 people in "fountain", at least 0.12 persons/m²: too dense to count here, 81% sure'
    )
    higher = replace(crowd, low=0.5, per_m2=0.6, level="C")
    assert "at least 0.50 persons/m², level C of fruin-walkway or higher: too dense" in what(
        kind=Kind.DENSITY, crowd=higher, peak=3
    )


def test_a_flow_counts_crossings_and_not_people():
    flow = Flow(68.4, 65.1, 84.36, Width(2.5, 0.05), 60.0, 0.15, "E")
    assert what(kind=Kind.FLOW, flow=flow).startswith('3 crossings of "fountain" in 60 s, 68 persons/min/m')
    assert ended(kind=Kind.FLOW, flow=flow).startswith('flow at "fountain" over after 12 s'), "a line"


def test_an_instant_is_told_once_with_its_direction():
    told = line(redactor().event(a_crossing(direction=Direction.BACKWARD), SIZE))
    assert (told.word, told.what) == ("ONCE", '1 person crossed "gate" backward, 81% sure')


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (EndCause.CLEARED, 'occupancy in "fountain" over after 12 s, peak 5'),
        (EndCause.UNSEEN, 'occupancy in "fountain" over after 12 s, lost from view, peak 5'),
        (EndCause.INTERRUPTED, 'occupancy in "fountain" over after 12 s, watching was interrupted, peak 5'),
        (EndCause.RETIRED, 'occupancy in "fountain" over after 12 s, the rule was changed, peak 5'),
    ],
)
def test_an_end_says_why_and_after_how_long(cause: EndCause, said: str):
    assert ended(cause=cause) == said


def test_an_end_says_one_duration_only():
    said = 'dwell in "fountain" over after 12 s, peak 5'
    assert ended(kind=Kind.DWELL, dwell_s=125, cause=EndCause.CLEARED) == said


def test_cameras_say_how_they_are():
    since = START
    dead = CameraReport("plaza", CameraState.DEAD, Reason.HUNG, since, START.plus(12))
    told = line(camera_state(ORIGIN, dead, Counts()))
    assert (told.camera, told.word, told.severity) == ("plaza", "DEAD", "")
    assert told.what == "no picture comes, the connection hangs, since 13:00:00"
    stopped = CameraReport("plaza", CameraState.DEAD, Reason.WORKER_STOPPED, since, since)
    told = line(camera_state(ORIGIN, stopped, Counts()))
    assert (told.word, told.what) == (
        "STOPPED",
        "no longer watched, as asked: the run ended, or goes on without it, since 13:00:00",
    )
    fine = replace(dead, state=CameraState.OK, reason=Reason.NONE)
    counts = Counts(sampled=9, answered=5, still=3, dropped=1)
    assert (
        line(camera_state(ORIGIN, fine, counts)).what == "watching, 5 pictures analysed, 3 still, 1 dropped"
    )


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (NodeState.ONLINE, "node is up, version 0.1.0, 1 camera"),
        (NodeState.STOPPED, "node was stopped, 1 camera unwatched"),
        (NodeState.LOST, "node fell silent, 1 camera unwatched, was connected since 13:00:00"),
    ],
)
def test_nodes_say_whether_they_are_there(state: NodeState, said: str):
    told = line(status(ORIGIN, state, boot="6f1d", connected=START, version="0.1.0", cameras=("plaza",)))
    assert (told.word, told.camera, told.what) == (state.value.upper(), "", said)
    assert told.time == ("13:00:00" if state is NodeState.ONLINE else "")


def test_losses_are_told_with_their_causes():
    ranges = tuple(GapRange("6f1d", n, n, 1, cause) for n, cause in enumerate(GapCause))
    told = line(gap(ORIGIN, GapReport(START, (*ranges, GapRange("6f1d", 20, 29, 10, GapCause.SHED)), True)))
    assert told.word == "GAP"
    assert told.what == (
        "15 messages will never arrive: shed from a full outbox, replaced by newer states, too large to "
        "send, refused by the broker, damaged on the disk, and more that nobody can count"
    )
    alone = line(gap(ORIGIN, GapReport(START, (), unknown=True)))
    assert alone.what == "an unreadable outbox was set aside: nobody can say what was lost"


HOUR_NS = 3_600 * NS_PER_S


def lost_from(first_h: float, last_h: float, cause: GapCause = GapCause.SHED) -> GapRange:
    """Two messages lost, committed so many hours before the report."""
    first, last = START.utc_ns - int(first_h * HOUR_NS), START.utc_ns - int(last_h * HOUR_NS)
    return GapRange("6f1d", 40, 41, 2, cause, first, last)


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        (
            (lost_from(2, 1), lost_from(1.5, 0.5, GapCause.OVERSIZE)),
            "4 messages from 11:00:00 to 12:30:00 will never arrive: shed from a full outbox, too large to "
            "send",
        ),
        (
            (lost_from(2, 1), GapRange("6f1d", 1, 1, 1, GapCause.DAMAGED)),
            "3 messages will never arrive, 2 of them from 11:00:00 to 12:00:00: shed from a full outbox, "
            "damaged on the disk",
        ),
        (
            (lost_from(25, 0),),
            "2 messages from 2027-01-14 12:00:00 to 13:00:00 will never arrive: shed from a full outbox",
        ),
        (
            (GapRange("6f1d", 1, 1, 1, GapCause.DAMAGED),),
            "1 message will never arrive: damaged on the disk",
        ),
    ],
)
def test_losses_are_told_from_when_to_when(ranges: tuple[GapRange, ...], said: str):
    assert line(gap(ORIGIN, GapReport(START, ranges))).what == said


def test_every_code_has_words():
    assert (set(REASONS), set(ENDS), set(LOSSES)) == (set(Reason), set(EndCause), set(GapCause))


@pytest.mark.parametrize(
    ("count", "labels", "said"),
    [
        (1, ["person"], "1 person"),
        (2, ["person", "person"], "2 people"),
        (40, ["car"] * 32, "40 cars"),
        (2, ["bus"] * 2, "2 buses"),
        (3, ["car", "person", "person"], "3 objects (2 people, 1 car)"),
        (0, [], "0 objects"),
        (1, [], "1 object"),
    ],
)
def test_counts_are_told_in_words(count: int, labels: list[str], said: str):
    assert counted(count, labels) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s"), (11_400, "3 h 10 min")],
)
def test_durations_are_told_in_two_units(seconds: float, said: str):
    assert lasting(seconds) == said


def test_numbers_show_a_decimal_where_rounding_would_hide_how_far_a_limit_is():
    assert figures(4.3, 2.2, 6.6) == ("4.3", "2.2", "6.6"), "not 2, where the limit is 2"
    assert figures(74.2, 68.1, 80.4) == ("74", "68", "80")
    assert figures(14.6, 9.6, 21.0) == ("14.6", "9.6", "21.0")
