"""Nothing of Python's stays in a publisher of an event that the centre has; broker and centre are real."""

import threading
from collections import deque
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from edge.adapters.outbox import SqliteOutbox
from tests.fakes.blocks import MOST_BLOCKS_PER_EVENT, blocks_per_event
from tests.fakes.box import eventually
from tests.fakes.centre_process import CentreProcess
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.outbox import BOOT
from tests.fakes.publish_process import PATIENT, publisher, route_to
from tests.fakes.sayings import RECEIPTS, event_id, saying

pytestmark = pytest.mark.process

AT_ONCE = 1000
"""Beside one block for each, what is in somebody's hands at a look is little: a hundred at most."""


def per_event(folder: Path) -> float:
    """Blocks that stay in a publisher of each event that went out and was receipted."""
    path, names, stop = folder / "outbox.db", count(), threading.Event()
    with (
        Mosquitto(folder / "broker") as broker,
        CentreProcess(folder / "centre", broker.url),
        closing(SqliteOutbox(path, BOOT)) as outbox,
        publisher(
            path,
            route_to(broker.url, receipts=RECEIPTS),
            pulses=deque(maxlen=1),
            receipts=True,
            habits=PATIENT,
        ) as one,
    ):

        def some_events() -> int:
            outbox.put([saying(event_id(1, next(names)), alarm=n % 5 == 0) for n in range(AT_ONCE)])
            eventually(lambda: not _waiting(outbox), "every event receipted")
            return AT_ONCE

        thread = threading.Thread(target=one.serve, args=(stop,))
        thread.start()
        try:
            return blocks_per_event(some_events)
        finally:
            stop.set()
            thread.join()


def _waiting(outbox: SqliteOutbox) -> int:
    rows = outbox.store.read(lambda db: db.execute("SELECT count(*) FROM messages").fetchone())
    return int(rows[0])


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_nothing_stays_of_an_event_that_the_centre_has(tmp_path: Path) -> None:
    assert per_event(tmp_path) < MOST_BLOCKS_PER_EVENT
