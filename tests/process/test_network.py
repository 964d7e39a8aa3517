"""A line that the kernel cuts without a word, or that is slow: every event arrives once when it is mended.

Real publisher, broker and centre, box and broker in network namespaces of their own with a router between.
"""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from edge.adapters.outbox import SqliteOutbox
from edge.privacy.spec import Origin
from tests.fakes.box import eventually
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.city import City
from tests.fakes.network import FAR, Network
from tests.fakes.pages import ROOT
from tests.fakes.sayings import event_id, saying

pytestmark = pytest.mark.process

ORIGIN, BOOT = Origin("north", "box-1"), "boot-1"
SLOW_KBIT_PER_S = 256


@contextmanager
def publisher(folder: Path, city: City) -> Iterator[Path]:
    """`safecity-edge publish` of box-1; its log."""
    config, log = folder / "node.yaml", folder / "publish.log"
    config.write_text(
        f"node: box-1\nregion: north\nbroker: {{urls: ['{city.url}'], delivery: receipt, keepalive_s: 5, "
        "receipts: {unsigned: accept}, "
        f"{city.files('box-1')}}}\ncameras: [{{id: c1, source: plaza.mp4}}]\n"
    )
    command = [sys.executable, "-m", "edge.cli", "publish", str(config), "--boot", BOOT, "--verbose"]
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, cwd=ROOT)
    try:
        yield log
    finally:
        process.kill()
        process.wait()


class Line:
    """Outbox → publisher → router → broker → centre, with certificates; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        enter = self._stack.enter_context
        self.network = enter(Network())
        with self.network.inside("far"):
            self.city = enter(City(folder / "city", FAR))
            centre = enter(CentreProcess(folder, self.city.url, tls=self.city.files("centre-1")))
        self.outbox = SqliteOutbox(folder / "box" / "var" / "outbox.db", BOOT)
        self._stack.callback(self.outbox.close)
        with self.network.inside("box"):
            self.log = enter(publisher(folder / "box", self.city))
        self.records = Records(centre.database)
        self.committed = 0

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def commit(self, events: int) -> None:
        for _ in range(events):
            self.outbox.put(
                [saying(event_id(7, self.committed), alarm=self.committed % 5 == 0, origin=ORIGIN)]
            )
            self.committed += 1

    def stored(self) -> list[tuple[str, int]]:
        return self.records.events()

    def everything_is_there_once(self, within_s: float = 120.0) -> None:
        expected = {(event_id(7, n), 0) for n in range(self.committed)}
        eventually(lambda: set(self.stored()) >= expected, "every event at the centre", within_s)
        assert len(self.stored()) == len(expected)
        assert self.records.ask("SELECT * FROM gaps") == []
        assert self.records.ask("SELECT why FROM quarantine") == []


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with Line(tmp_path) as made:
        made.commit(10)
        eventually(lambda: len(made.stored()) >= 10, "a first delivery")
        yield made


def test_a_half_open_connection_is_noticed_and_nothing_is_lost_or_doubled(line: Line) -> None:
    line.network.cut()
    line.commit(30)
    eventually(lambda: "lost" in line.log.read_text(), "the box notices by the silence alone")
    assert len(line.stored()) == 10, "nothing came through"
    line.network.mend()
    line.everything_is_there_once()


def test_a_slow_line_delivers_everything(line: Line) -> None:
    line.network.slow(SLOW_KBIT_PER_S)
    line.commit(60)
    eventually(lambda: len(line.stored()) > 20, "something through the slow line")
    line.network.mend()
    line.everything_is_there_once()


@pytest.mark.soak
@pytest.mark.timeout(1500)
def test_ten_minutes_of_a_line_that_is_cut_and_slow(line: Line) -> None:
    draw = random.Random(5)
    end_s = time.monotonic() + 600.0
    while time.monotonic() < end_s:
        line.network.mend()
        draw.choice(
            (line.network.cut, lambda: line.network.slow(draw.choice((32, 128, 512))), line.network.mend)
        )()
        line.commit(draw.randrange(60))
        time.sleep(draw.uniform(0.0, 12.0))
    line.network.mend()
    line.everything_is_there_once(300.0)
