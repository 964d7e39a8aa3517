"""A group of ingesters on one PostgreSQL, several brokers; one of each dies while boxes send."""

from pathlib import Path

import pytest

from bench.fleet import Fleet, fleet

pytestmark = pytest.mark.process


def everything_is_there_once(found: Fleet) -> None:
    assert set(found.stored) == found.expected
    assert len(found.stored) == len(found.expected)
    assert (found.unreceipted, found.bad) == (0, 0)


def test_nothing_is_lost_or_doubled_when_a_broker_and_an_ingester_die(tmp_path: Path) -> None:
    everything_is_there_once(fleet(20, 100, 4.0, tmp_path, brokers=2, ingesters=2))


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_thousand_boxes_lose_nothing_when_a_broker_and_an_ingester_die(tmp_path: Path) -> None:
    """What two cores carry with everything on them; `bench/fleet.py` takes more."""
    everything_is_there_once(fleet(1000, 1000, 60.0, tmp_path))
