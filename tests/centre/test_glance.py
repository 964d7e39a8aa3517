from datetime import UTC, date

import pytest

from edge.centre.glance import MOST_LINES, Glance, told
from edge.messages import examples
from edge.messages.arrival import Arrival, Committed, Unfit, understood
from edge.values.policy_term import PolicyStanding, PolicyTerm
from tests.fakes.outbox import BOOT
from tests.fakes.sayings import ORIGIN, event_id, saying, vitals_of

SOME = Committed({}, 1, 0, 0)


def glance() -> Glance:
    return Glance(UTC, lambda: "2 boxes (1 lost)", lambda: "12:00:00")


def arrived(message: object) -> Arrival:
    found = understood(message.topic, message.stamped(BOOT, 0))  # type: ignore[attr-defined]
    assert isinstance(found, Arrival)
    return found


def test_figures_are_shown_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    one = glance()
    one.show(1.0)
    one.took([arrived(saying(event_id(0, 0)))], Committed({}, 30, 4, 0))
    one.receipted(2)
    one.show(5.0)
    one.show(11.0)
    one.show(22.0)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "12:00:00  2 boxes (1 lost)  ·  0.0/s  ·  0 stored  ·  0 came again  ·  0 set aside  ·  0 receipts",
        "12:00:00  2 boxes (1 lost)  ·  3.0/s  ·  30 stored  ·  4 came again  ·  0 set aside  ·  2 receipts",
    ]


def test_alarms_losses_and_bad_messages_are_shown_and_ordinary_events_are_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = glance()
    one.took([arrived(saying(event_id(0, 0), alarm=True, last=False))], SOME)
    one.took([arrived(saying(event_id(0, 1)))], SOME)
    one.took([arrived(examples.losses())], SOME)
    one.took([arrived(examples.button())], SOME)
    one.took([Unfit("some/topic", b"", "no JSON")], Committed({}, 0, 0, 1))
    alarm, loss, button, bad = capsys.readouterr().out.splitlines()
    assert "severe" in alarm
    assert "will never arrive" in loss
    assert "ALARM" in button
    assert bad == "set aside, some/topic: no JSON"


def test_a_box_is_shown_when_it_goes_and_when_it_comes_back(capsys: pytest.CaptureFixture[str]) -> None:
    one, vitals = glance(), vitals_of(ORIGIN, BOOT)
    for message in (vitals.birth, vitals.birth, vitals.will, vitals.will, vitals.birth):
        found = understood(message.topic, message.body)
        one.took([found], SOME)
    words = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
    assert len(words) == 2


def test_a_policys_end_is_shown_once_when_it_comes_near_and_once_when_it_came(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = glance()
    for standing in ("holds", "ends-soon", "ends-soon", "over", "over", "holds"):
        told = vitals_of(ORIGIN, BOOT, policy=PolicyTerm(7, date(2027, 3, 1), PolicyStanding(standing)))
        one.took([understood(told.birth.topic, told.birth.body)], SOME)
    near, over = capsys.readouterr().out.splitlines()
    assert near.endswith("its policy ends on 2027-03-01")
    assert over.endswith("its policy ended on 2027-03-01, nothing is looked at or recorded")


def test_a_flood_is_counted_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    one = glance()
    one.took([Unfit("t", b"", "bad")] * 500, Committed({}, 0, 0, 500))
    one.show(1.0)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == MOST_LINES + 2
    assert f"… and {500 - MOST_LINES} more lines" in lines[-2]


def test_a_database_that_goes_and_comes_is_told_once_each(capsys: pytest.CaptureFixture[str]) -> None:
    one = glance()
    one.away("database: gone")
    one.away("database: gone")
    one.took([], SOME)
    assert capsys.readouterr().out.splitlines() == ["database: gone; the brokers wait", "database is back"]


def test_boxes_in_words() -> None:
    assert told([]) == "0 boxes"
    assert told([("online", 1)]) == "1 box"
    assert told([("online", 5), ("lost", 2), (None, 1)]) == "8 boxes (2 lost, 1 never said)"
