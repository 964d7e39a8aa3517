"""Live alarms overtake what waits; no revision overtakes another of its event."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.adapters import outbox_lanes
from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.values.delivery import Settlement
from edge.values.lanes import FREE, Passage
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, event, gap_message, name_of, notice, sequence_of


class Ends:
    def __init__(self, path: Path) -> None:
        self.outbox = SqliteOutbox(path, BOOT)
        self.backlog = SqliteBacklog(SqliteOutbox(path, BOOT), gap_message, FakeClock(), overtaking=True)

    def names(self, limit: int, urgent: bool = False, passage: Passage = FREE) -> list[str]:
        return [name_of(one) for one in self.backlog.take(limit, urgent, passage)]


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[Ends]:
    both = Ends(tmp_path / "outbox.db")
    yield both
    both.backlog.close()
    both.outbox.close()


def test_an_alarm_that_happens_now_overtakes_a_backlog_of_alarms(ends: Ends) -> None:
    ends.outbox.put([event(f"old-{n}") for n in range(30)])
    assert ends.names(2) == ["old-0", "old-1"]
    ends.outbox.put([event("live-1"), notice("idle talk"), event("live-2")])
    assert ends.names(4) == ["live-1", "live-2", "old-2", "old-3"]
    assert ends.names(2) == ["old-4", "old-5"]


def test_the_backlog_keeps_a_share_when_alarms_pour_in(ends: Ends) -> None:
    ends.outbox.put([event(f"old-{n}") for n in range(5)])
    ends.names(1)
    ends.outbox.put([event(f"live-{n}") for n in range(50)])
    assert ends.names(20) == [
        *(f"live-{n}" for n in range(15)),
        *(f"old-{n}" for n in range(1, 5)),
        "live-15",
    ]


def test_only_live_alarms_go_when_only_the_urgent_may(ends: Ends) -> None:
    ends.outbox.put([event("old")])
    assert ends.names(5, urgent=True) == []
    ends.outbox.put([notice("idle talk"), event("live")])
    assert ends.names(5, urgent=True) == ["live"]
    assert ends.names(5, urgent=True) == []
    assert ends.names(5) == ["old", "idle talk"]


def test_an_alarm_takes_the_earlier_revisions_of_its_event_with_it(ends: Ends) -> None:
    ends.outbox.put([event("x", 0, closes=False), event("other"), event("x", 1, closes=False)])
    ends.outbox.put([event("more")])
    assert ends.names(0) == []
    ends.outbox.put([event("x", 2)])
    taken = ends.backlog.take(8)
    assert [(name_of(one), sequence_of(one)) for one in taken] == [
        ("x", 0),
        ("x", 2),
        ("x", 4),
        ("other", 1),
        ("more", 3),
    ]


def test_what_went_ahead_and_comes_back_is_taken_again(ends: Ends) -> None:
    ends.outbox.put([event("old")])
    ends.names(0)
    ends.outbox.put([event("live")])
    live, old = ends.backlog.take(2)
    ends.backlog.settle(Settlement(back=frozenset({live.key, old.key})))
    assert ends.names(2) == ["live", "old"]


def test_what_came_while_nobody_read_is_backlog(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_lanes, "LIVE_S", 0.05)
    ends.outbox.put([event("old")])
    assert ends.names(1) == ["old"]
    ends.outbox.put([event("during the outage 1"), notice("notice"), event("during the outage 2")])
    time.sleep(0.1)
    assert ends.names(5, urgent=True) == []
    ends.outbox.put([event("live")])
    assert ends.names(5) == ["live", "during the outage 1", "notice", "during the outage 2"]


C1_RESTS = Passage(frozenset({"camera/c2"}), frozenset({"camera/c1"}))


@pytest.mark.parametrize("urgent", [True, False])
def test_a_live_alarm_of_a_heard_camera_is_never_behind_one_that_rests(ends: Ends, urgent: bool) -> None:
    ends.outbox.put([event(f"old-{n}") for n in range(30)])
    ends.names(0)
    ends.outbox.put([event("c1 now"), event("c2 now", camera="c2")])
    assert ends.names(5, urgent, C1_RESTS) == ["c2 now"]
    assert ends.names(5, urgent, C1_RESTS) == []


def test_of_live_alarms_too_one_asks_whether_a_camera_is_heard(ends: Ends) -> None:
    ends.outbox.put([event("old"), event("x", 0, closes=False)])
    ends.names(0)
    ends.outbox.put([event("x", 1), event("now")])
    asks = ends.backlog.take(5, True, Passage(frozenset()))
    assert [(name_of(one), sequence_of(one)) for one in asks] == [("x", 1)]
    ends.backlog.settle(Settlement(back=frozenset(one.key for one in asks)))
    assert ends.names(5, True, C1_RESTS) == []
    assert ends.names(5) == ["x", "x", "now", "old"]
