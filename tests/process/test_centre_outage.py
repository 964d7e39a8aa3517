"""A backlog drains to the centre while alarms go on happening; real publisher, broker and centre."""

from pathlib import Path

import pytest

from bench.outage import outage

pytestmark = pytest.mark.process


def test_a_backlog_drains_and_alarms_that_happen_meanwhile_overtake_it(tmp_path: Path) -> None:
    found = outage(3000, tmp_path)
    assert set(found.stored) == found.expected
    assert len(found.stored) == len(found.expected)
    assert found.overtaken > found.rows // 10, "the first live alarm waited for the backlog"


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_an_hour_at_twenty_events_a_second_drains_in_two_minutes(tmp_path: Path) -> None:
    found = outage(72_000, tmp_path)
    assert set(found.stored) == found.expected
    assert len(found.stored) == len(found.expected)
    assert found.drain_s <= 120.0
    assert found.alarm_p95_s() < 2.0
    assert found.grown_mib < 30.0
