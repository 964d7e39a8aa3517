"""The box's clock steps an hour or ten years, back and forth: nothing is lost, doubled, early or for ever."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from edge.adapters.centre_store import CentreStore, engine_of
from edge.adapters.outbox import SqliteOutbox
from edge.adapters.outbox_backlog import SqliteBacklog
from edge.messages.arrival import understood
from edge.privacy.canonical import encode
from edge.values.delivery import Pending, Settlement
from edge.values.message import RedactedMessage
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import BOOT
from tests.fakes.sayings import ORIGIN, event_id, real_gap, saying

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
HOUR, TEN_YEARS = timedelta(hours=1), timedelta(days=3652)
STEPS = (HOUR, -HOUR, TEN_YEARS, -TEN_YEARS)
WALKS = [(step,) for step in STEPS] + [STEPS]


def happened(number: int, at: datetime) -> RedactedMessage:
    """An event as a box whose clock says so tells it."""
    message = saying(event_id(4, number), alarm=number % 3 == 0)
    said = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = json.loads(message.body)
    body |= {"time": said, "data": body["data"] | {"utc": said, "started": said}}
    return replace(message, body=encode(body))


class Box:
    """An outbox and its reader, while the clock of the machine says what it is told to."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at, self.put = NOW, 0
        monkeypatch.setattr(time, "time_ns", lambda: int(self.at.timestamp()) * 10**9)
        self.outbox = SqliteOutbox(path, BOOT)
        self.backlog = SqliteBacklog(SqliteOutbox(path, BOOT), real_gap, FakeClock(), overtaking=True)

    def happens(self, events: int) -> None:
        for _ in range(events):
            self.outbox.put([happened(self.put, self.at)])
            self.put += 1

    def sends(self, centre: CentreStore) -> Sequence[Pending]:
        """Everything that waits goes to the centre, twice, whose receipts free it."""
        taken: list[Pending] = []
        while more := self.backlog.take(7):
            taken += more
            came = [understood(each.topic, each.payload) for each in more]
            centre.commit(came, NOW)
            receipts = centre.commit(came, NOW).standings[ORIGIN]
            self.backlog.settle(Settlement(receipts=receipts))
        return taken


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: " ".join(str(step) for step in walk))
def test_every_event_arrives_once_and_its_row_goes_whatever_the_clock_says(
    walk: Sequence[timedelta], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_of(make_url(f"sqlite:///{tmp_path}/centre.db"))
    box, centre = Box(tmp_path / "outbox.db", monkeypatch), CentreStore(engine)
    for step in (timedelta(), *walk):
        box.happens(10)
        box.at += step
        box.happens(10)
        assert box.sends(centre)
    with engine.connect() as db:
        stored = [row[0] for row in db.execute(text("SELECT event_id FROM messages"))]
        gaps = list(db.execute(text("SELECT * FROM gaps")))
        set_aside = list(db.execute(text("SELECT why FROM quarantine")))
    assert sorted(stored) == sorted(event_id(4, n) for n in range(box.put))
    assert (gaps, set_aside) == ([], [])
    assert box.backlog.stock().rows == 0
