"""A whole box under test: its folder, its configuration, its processes, and what is left in its outbox."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

from edge.run.wiring.recorder import NAME as RECORDER
from tests.fakes.blobs import blob_folder, crossing_clip

PATIENCE_S = 90.0
ZONE = {"id": "middle", "polygon": [[0.3, 0.05], [0.7, 0.05], [0.7, 0.95], [0.3, 0.95]]}
EVERYWHERE = {"id": "everywhere", "polygon": [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]}
LINE = {"id": "line", "points": [[0.5, 0.0], [0.5, 1.0]]}
RULES: tuple[dict[str, Any], ...] = (
    {"id": "busy", "when": "occupancy", "places": ["middle"], "clear_s": 0.2, "update_s": 0.2},
    {"id": "passage", "when": "line-crossing"},
    {"id": "entry", "when": "zone-entry", "places": ["middle"], "severity": "severe"},
    {"id": "alive", "when": "occupancy", "places": ["everywhere"], "clear_s": 600},
)
"""The event of the last one is open from the first person on for as long as its worker lives."""

Value = TypeVar("Value")


def eventually(
    look: Callable[[], Value], what: str | Callable[[], str] = "", within_s: float = PATIENCE_S
) -> Value:
    """What `look` returns once it is true; fails the test if it never is, saying `what` as it is then."""
    deadline = time.monotonic() + within_s
    while not (seen := look()):
        if time.monotonic() > deadline:
            wanted = what() if callable(what) else what or look
            pytest.fail(f"not within {within_s:.0f} s: {wanted}")
        time.sleep(0.05)
    return seen


def camera(name: str, source: Path | str, **more: object) -> dict[str, Any]:
    """A camera with a zone and a line; a file is played round and round."""
    loop = {"loop": True} if isinstance(source, Path) else {}
    places = {"zones": [ZONE, EVERYWHERE], "lines": [LINE]}
    return {"id": name, "source": str(source), "detect_fps": 10, **loop, **places, **more}


class Box:
    """`safecity-edge run` in a folder of its own; a context manager that leaves no process behind."""

    def __init__(self, folder: Path, broker: str | dict[str, Any] = "embedded", **changes: Any) -> None:
        """A box that is not started; `broker` is a URL, a mapping or `embedded`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.config = folder / "box.yaml"
        self.log = folder / "box.log"
        self.clip = crossing_clip(folder / "crossing.mp4")
        blob_folder(folder / "blobs")
        self.wanted: dict[str, Any] = {
            "node": "box",
            "region": "test",
            "data_dir": "var",
            "broker": {"urls": [broker]} if isinstance(broker, str) and "://" in broker else broker,
            "detector": {"model": "./blobs"},
            "cameras": [camera(name, self.clip) for name in ("north", "south")],
            "rules": list(RULES),
            **changes,
        }
        self.configure()
        self.process: subprocess.Popen[bytes] | None = None
        self._seen: dict[int, psutil.Process] = {}

    def configure(self, **changes: Any) -> None:
        """Write the configuration; JSON is YAML."""
        self.wanted |= changes
        self.config.write_text(json.dumps(self.wanted, indent=1))

    def start(self, *options: str) -> "Box":
        self.process = self._begin("run", *options)
        return self

    @contextmanager
    def verb(self, name: str, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A process of the box, started by hand."""
        process = self._begin(name, *options)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def _begin(self, verb: str, *options: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-P", "-m", "edge.cli", verb, str(self.config), "--verbose", *options]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def __enter__(self) -> "Box":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.look()
        for process in self._seen.values():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if self.process is not None:
            self.process.wait()
        if kind is not None:
            print(self.said())

    def said(self) -> str:
        """All that the box wrote to its log so far."""
        return self.log.read_text() if self.log.exists() else ""

    def look(self) -> dict[str, psutil.Process]:
        """The box's processes by verb, such as `publish` or `watch north south`; remembers what it saw."""
        found: dict[str, psutil.Process] = {}
        if self.process is None:
            return found
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            for process in [parent, *parent.children(recursive=True)]:
                self._seen[process.pid] = process
                with suppress(psutil.NoSuchProcess):
                    found[_role(process.cmdline())] = process
        return found

    def child(self, role: str) -> psutil.Process:
        """The process of a role, once there is one."""
        return eventually(lambda: self.look().get(role), f"a process {role}")

    def watchers(self) -> list[str]:
        """Roles of the workers that watch cameras, such as `watch north south`."""
        return sorted(role for role in self.look() if role.startswith("watch"))

    def left(self) -> list[psutil.Process]:
        """Processes of this box that were seen and still run."""
        return [p for p in self._seen.values() if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]

    def tell(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask the box to stop; its exit status."""
        self.look()
        self.tell(number)
        return self.wait()

    def wait(self) -> int:
        """The box's exit status, once it has ended by itself."""
        assert self.process is not None
        return self.process.wait(PATIENCE_S)

    def committed(self) -> dict[str, int]:
        """By boot id, how many messages the outbox was ever given; their numbers count from 0."""
        return dict(self.query("SELECT name, next FROM boots"))

    def revisions(self) -> dict[str, int]:
        """By event id, the last revision that the outbox was given."""
        return dict(self.query("SELECT event_id, revision FROM events"))

    def open_events(self, camera_id: str = "") -> list[str]:
        """Events that have not ended, of a camera or of all."""
        rows = self.query("SELECT event_id, topic FROM events WHERE body IS NOT NULL")
        return [name for name, topic in rows if f"/event/{camera_id}" in topic]

    def waiting(self) -> int:
        """Messages that the outbox still holds."""
        ((rows,),) = self.query("SELECT count(*) FROM messages")
        return int(rows)

    def query(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """Read the outbox beside the box, unnoticed; empty before it is made."""
        with suppress(sqlite3.OperationalError):
            file = f"file:{self.folder / 'var' / 'outbox.db'}?mode=ro"
            with closing(sqlite3.connect(file, uri=True, timeout=30)) as db:
                return db.execute(sql).fetchall()
        return ()


def _role(arguments: list[str]) -> str:
    """Verb and cameras of a command line; the program's name for what is no verb of ours."""
    if RECORDER in arguments:
        return " ".join(["record", *(word[9:] for word in arguments if word.startswith("--camera="))])
    if "edge.cli" not in arguments:
        return Path(arguments[0]).name if arguments else ""
    words = arguments[arguments.index("edge.cli") + 1 :]
    named = [words[at + 1] for at, word in enumerate(words) if word == "--camera"]
    return " ".join([words[0], *named])
