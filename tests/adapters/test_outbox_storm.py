"""Too much at once, and pages that went bad: what arrives and what is told as lost are everything."""

import json
import random
import threading
from pathlib import Path

import pytest

from edge.adapters.outbox import OutboxLimits, SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.values.delivery import Pending, Settlement
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT, event, gap_message, name_of, notice, reported, sequence_of

PAGE = 4096
LIMITS = OutboxLimits(size_bytes=200_000, payload_bytes=4_096)
"""Room for about two seconds of a box that is busy."""
CAMERAS = 4


def backlog_of(path: Path, limits: OutboxLimits | None = None) -> SqliteBacklog:
    return SqliteBacklog(SqliteOutbox(path, BOOT, limits), gap_message, FakeClock())


def storm(path: Path, camera: int, events: int) -> None:
    """What one worker tells: every fifth is an alarm."""
    outbox = SqliteOutbox(path, BOOT, LIMITS)
    for n in range(events):
        name, kind = f"c{camera}-{n}", notice if n % 5 else event
        outbox.put([kind(name, size=500)])
    outbox.close()


@pytest.mark.parametrize(
    "events", [400, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(900)])]
)
def test_of_a_storm_of_events_what_is_sent_and_what_is_shed_is_all_of_it(events: int, tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    backlog, draw, taken = backlog_of(path, LIMITS), random.Random(4), list[Pending]()
    workers = [threading.Thread(target=storm, args=(path, n, events)) for n in range(CAMERAS)]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        taken += deliver(backlog, draw, most=2)  # the way out is a hundred times too narrow
    while more := deliver(backlog, draw, most=50):
        taken += more
    arrived = [sequence_of(one) for one in taken if not one.topic.endswith("/gap")]
    gaps = [sequence_of(one) for one in taken if one.topic.endswith("/gap")]
    told = reported(taken)
    within = [n for one in told for n in range(one.first, one.last + 1)]
    missing = set(range(CAMERAS * events + len(gaps))) - {*arrived, *gaps}
    assert missing, "there was too much"
    assert len(arrived) == len(set(arrived))
    assert len(within) == len(set(within)), "no number is told twice"
    assert missing <= set(within), "what did not arrive is told"
    assert sum(one.count for one in told) == len(missing), "and counted exactly, also where ranges are folded"
    assert backlog.stock().rows == 0


def deliver(backlog: SqliteBacklog, draw: random.Random, most: int) -> list[Pending]:
    """What a broker took; some of it comes back first and goes again."""
    taken = backlog.take(most)
    back = frozenset(one.key for one in taken if draw.random() < 0.2)
    sent = [one for one in taken if one.key not in back]
    backlog.settle(Settlement(sent=frozenset(one.key for one in sent), back=back))
    return sent or ([] if not taken else deliver(backlog, draw, most))


@pytest.mark.parametrize(
    "seeds",
    [range(15), pytest.param(range(300), marks=[pytest.mark.soak, pytest.mark.timeout(900)])],
    ids=len,
)
def test_a_page_that_went_bad_loses_nothing_in_silence(seeds: range, tmp_path: Path) -> None:
    missing = 0
    for seed in seeds:
        missing += lost_by_a_bad_page(random.Random(seed), tmp_path / f"{seed}" / "outbox.db")
    assert missing, "some page held messages"


def lost_by_a_bad_page(chance: random.Random, path: Path) -> int:
    """How many messages a damaged page cost; each of them is told, and nothing that comes is altered."""
    outbox = SqliteOutbox(path, BOOT)
    put = {f"e{n}": event(f"e{n}", size=chance.randrange(100, 3000)) for n in range(60)}
    for message in put.values():
        outbox.put([message])
    outbox.close()
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content) // PAGE) * PAGE
    content[at : at + PAGE] = chance.choice((bytes(PAGE), chance.randbytes(PAGE)))
    path.write_bytes(content)

    outbox, after = SqliteOutbox(path, BOOT), {f"new{n}": event(f"new{n}") for n in range(5)}
    backlog = backlog_of(path)
    for message in after.values():
        outbox.put([message])
    taken = list[Pending]()
    while more := backlog.take(50):
        backlog.settle(Settlement(sent=frozenset(one.key for one in more)))
        taken += more
    arrived = {name_of(one): one for one in taken if not one.topic.endswith("/gap")}
    assert set(after) <= set(arrived), "what was put after the damage arrives"
    assert all(arrived[name].topic == (put | after)[name].topic for name in arrived)
    assert all((put | after)[name].body[:-1] in one.payload for name, one in arrived.items())
    missing = set(put) - set(arrived)
    gaps = [json.loads(one.payload) for one in taken if one.topic.endswith("/gap")]
    told = any(each["unknown"] for each in gaps) or sum(one.count for one in reported(taken)) >= len(missing)
    assert told, f"lost in silence: {sorted(missing)[:5]}"
    outbox.close()
    backlog.close()
    return len(missing)
