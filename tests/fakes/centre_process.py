"""The real monitoring centre as a process, and questions to its database."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine, make_url, text

from edge.adapters.centre_store import engine_of
from tests.fakes.subscriber import wait_until

ROOT = Path(__file__).parents[2]


class CentreProcess:
    """`safecity-edge centre`, started on construction; `more` are lines of its configuration."""

    def __init__(self, folder: Path, *urls: str, name: str = "centre-1", more: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / f"{name}.yaml"
        self.config.write_text(f"name: {name}\nbroker: {{urls: [{', '.join(urls)}]}}\n{more}\n")
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

    def ask(self, query: str) -> list[object]:
        with self._engine.connect() as db:
            return list(db.execute(text(query)).all())
