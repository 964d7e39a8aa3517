"""The real monitoring centre as a process, and questions to its database."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import psutil
from sqlalchemy import Engine, func, make_url, select, text
from sqlalchemy.exc import OperationalError

from edge.adapters.centre_store import engine_of
from edge.adapters.centre_tables import messages
from tests.fakes.subscriber import wait_until

ROOT = Path(__file__).parents[2]


class CentreProcess:
    """`safecity-edge centre`, started on construction; `more` are lines of its file, `tls` of `broker`."""

    def __init__(
        self,
        folder: Path,
        *urls: str,
        name: str = "centre-1",
        more: str = "",
        tls: str = "",
        signatures: str = "{unsigned: accept}",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / f"{name}.yaml"
        broker = f"urls: [{', '.join(urls)}]{tls and ', '}{tls}"
        self.config.write_text(f"name: {name}\nbroker: {{{broker}}}\nsignatures: {signatures}\n{more}\n")
        self.log = folder / f"{name}.log"
        self.database = f"sqlite:///{folder}/var/centre.db"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", "edge.cli", "centre", str(self.config)],
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )

    def kill(self) -> None:
        """With no chance to tidy up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def process(self) -> psutil.Process:
        """For its memory and processor time."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def is_listening(self, to: int = 1) -> bool:
        return self.log.read_text().count("listening to") >= to

    def __enter__(self) -> "CentreProcess":
        assert wait_until(self.is_listening), self.log.read_text()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class Records:
    """What a centre's database holds."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = engine_of(make_url(url), reading=True)

    def events(self) -> list[tuple[str, int]]:
        """Id and revision of every stored message about an event."""
        return [
            (row.event_id, row.revision)
            for row in self.ask("SELECT event_id, revision FROM messages WHERE event_id IS NOT NULL")
        ]

    def count(self) -> int:
        """How many messages are stored; 0 before there is a table."""
        try:
            return int(self.ask("SELECT count(*) FROM messages")[0][0])  # type: ignore[index]
        except OperationalError:
            return 0

    def received(self, event_ids: list[str]) -> dict[str, datetime]:
        """When each of these events was stored first."""
        with self._engine.connect() as db:
            rows = db.execute(
                select(messages.c.event_id, messages.c.received).where(messages.c.event_id.in_(event_ids))
            )
            return {row.event_id: row.received for row in rows}

    def after(self, moment: datetime) -> int:
        """How many messages were stored after a moment."""
        with self._engine.connect() as db:
            query = select(func.count()).select_from(messages).where(messages.c.received > moment)
            return int(db.execute(query).scalar_one())

    def ask(self, query: str) -> list[object]:
        with self._engine.connect() as db:
            return list(db.execute(text(query)).all())
