"""kill -9 of the centre, the publish process and the broker, at random moments, while events are committed.

The claim: every committed event is in the centre's database, each revision once, with the id it was
given; and the box keeps nothing that the centre has.
"""

import json
import multiprocessing
import random
import time
from pathlib import Path

import pytest

from edge.adapters.outbox import SqliteOutbox
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.outbox import BOOT
from tests.fakes.publish_process import PublishProcess
from tests.fakes.sayings import RECEIPTS, event_id, saying
from tests.fakes.subscriber import wait_until

pytestmark = pytest.mark.process


def commit_events(path: Path, committed: Path, seed: int, stop: Path) -> None:
    """A watch worker's part: commits events of one to three revisions until `stop` is there."""
    draw = random.Random(seed)
    outbox = SqliteOutbox(path, BOOT)
    ordinal = 0
    with committed.open("a") as log:
        while not stop.exists():
            ordinal += 1
            name, last, alarm = event_id(seed, ordinal), draw.randrange(3), draw.random() < 0.3
            for revision in range(last + 1):
                outbox.put([saying(name, revision, last=revision == last, alarm=alarm)])
                log.write(f"{name} {revision}\n")
                log.flush()
            time.sleep(draw.uniform(0.0, 0.02))


def kill_and_restart(rounds: int, seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    path, committed, stop = tmp_path / "outbox.db", tmp_path / "committed", tmp_path / "stop"
    spawn = multiprocessing.get_context("spawn")
    with Mosquitto(tmp_path / "broker") as broker, CentreProcess(tmp_path / "centre", broker.url) as centre:
        publish = PublishProcess(path, broker.url, receipts=RECEIPTS)
        writer = spawn.Process(target=commit_events, args=(path, committed, seed, stop))
        writer.start()
        assert wait_until(committed.exists)
        for _ in range(rounds):
            time.sleep(draw.uniform(0.3, 1.5))
            victims = draw.choice(([broker], [publish], [centre], [centre, broker], [publish, centre]))
            for victim in victims:
                victim.kill()
            time.sleep(draw.uniform(0.0, 0.6))
            for victim in draw.sample(victims, len(victims)):
                victim.start()
        stop.touch()
        writer.join()
        records = Records(centre.database)
        expected = {
            (name, int(n)) for name, n in (line.split() for line in committed.read_text().splitlines())
        }
        everything_came = wait_until(lambda: expected <= set(records.events()))
        emptied = wait_until(lambda: not waiting(path))
        publish.kill()
    stored = records.events()
    assert everything_came, f"lost: {sorted(expected - set(stored))[:5]} of {len(expected)}"
    assert len(stored) == len(set(stored))
    assert set(stored) == expected
    assert emptied, "the box keeps what the centre has"
    latest = dict(sorted(expected))
    assert {tuple(row) for row in records.ask("SELECT event_id, revision FROM episodes")} == set(
        latest.items()
    )
    assert records.ask("SELECT * FROM quarantine") == []
    payloads = records.ask("SELECT payload, sequence FROM messages")
    assert all(int(json.loads(payload)["sequence"]) == sequence for payload, sequence in payloads)


def waiting(path: Path) -> int:
    outbox = SqliteOutbox(path, BOOT)
    try:
        return int(outbox.store.read(lambda db: db.execute("SELECT count(*) FROM messages").fetchone()[0]))
    finally:
        outbox.close()


@pytest.mark.parametrize("seed", [1])
def test_every_committed_event_is_in_the_database_once(seed: int, tmp_path: Path) -> None:
    kill_and_restart(5, seed, tmp_path)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(3, 6))
def test_every_committed_event_is_in_the_database_once_after_fifty_rounds(seed: int, tmp_path: Path) -> None:
    kill_and_restart(50, seed, tmp_path)
