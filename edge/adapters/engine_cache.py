"""What `models bench` measured on this machine, kept in one JSON file.

Law: a measurement counts on the machine that it was made on, with the versions that it was made with, and
nowhere else. The file is a cache: one that is damaged or of another machine is told in the log and is no
failure. It is replaced at once or not at all.
"""

import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from edge import __version__
from edge.adapters.cpu import this_cpu
from edge.adapters.sessions import installed, version
from edge.values.engine import Backend, Engine, Precision, Timing
from edge.values.errors import StorageError

log = logging.getLogger("engines")

FILE = "engines.json"


def this_machine() -> Mapping[str, str]:
    """All that a measurement depends on besides the model."""
    cpu = this_cpu()
    runtimes = {each.value: version(each) if installed(each) else "none" for each in Backend}
    return {"cpu": cpu.name, "cpu flags": cpu.flags_sha256[:16], **runtimes, "safecity-edge": __version__}


class EngineCache:
    """The measurements of one machine, by the SHA-256 of models and the threads of an inference."""

    def __init__(self, folder: Path, machine: Mapping[str, str] | None = None) -> None:
        self._file = folder / FILE
        self._machine = dict(machine or this_machine())

    def timings(self, model: str, threads: int) -> tuple[Timing, ...]:
        """What was measured of a model here; nothing where nothing that counts was."""
        entry = self._read().get(_key(model, threads))
        if entry is None:
            return ()
        try:
            changed = [name for name, now in self._machine.items() if entry["machine"].get(name) != now]
            if changed:
                log.warning(
                    "what %s says of the model %s was measured with another %s and does not count; "
                    "run safecity-edge models bench again",
                    *(self._file, model[:12], ", ".join(changed)),
                )
                return ()
            return tuple(_timing(row) for row in entry["timings"])
        except (AttributeError, KeyError, TypeError, ValueError):
            log.warning("%s is damaged and does not count; run safecity-edge models bench again", self._file)
            return ()

    def keep(self, model: str, threads: int, timings: Sequence[Timing]) -> None:
        """Keep what was measured of a model, in place of what was there.

        Raises:
            StorageError: it cannot be written.
        """
        rows = [asdict(each) for each in timings]
        everything = self._read() | {_key(model, threads): {"machine": self._machine, "timings": rows}}
        fresh = self._file.with_suffix(f".{os.getpid()}.new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(everything, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._file)
        except OSError as failure:
            raise StorageError(f"{self._file} cannot be written: {failure.strerror}") from failure

    def _read(self) -> dict[str, Any]:
        try:
            read = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as failure:
            log.warning("%s cannot be read and does not count: %s", self._file, failure)
            return {}
        return read if isinstance(read, dict) else {}


def _key(model: str, threads: int) -> str:
    return f"{model}/{threads}"


def _timing(row: Mapping[str, Any]) -> Timing:
    engine = row["engine"]
    return Timing(
        Engine(Backend(engine["backend"]), Precision(engine["precision"]), threads=int(engine["threads"])),
        str(row["weights"]),
        float(row["p10_ms"]),
        float(row["median_ms"]),
        None if row["recall"] is None else float(row["recall"]),
        None if row["precision"] is None else float(row["precision"]),
    )
