"""Logs: entries on standard error, for people or as JSON, with time, level, process, words; never a secret.

Law: what may hold credentials is redacted by whoever writes the entry; what looks like one is taken out here
once more. systemd's journal takes both forms as they are. In JSON every line of standard error is an object,
also the last words of a process that dies of a mistake.
"""

import json
import logging
import re
import sys
import threading
import time
from types import TracebackType

from edge.values.log_spec import LogSpec

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_NAMED = re.compile(r"(?i)\b((?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key)\s*[=:]\s*)[^\s&,;'\"]+")


def configure(process: str, spec: LogSpec, verbose: bool = False) -> None:
    """Send this process's log to standard error; `verbose` shows what is not a warning too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(process) if spec.as_json else _Plain(process))
    logging.basicConfig(
        level=logging.INFO if verbose or spec.verbose else logging.WARNING, handlers=[handler], force=True
    )
    if spec.as_json:
        sys.excepthook = _died
        threading.excepthook = lambda told: _died(told.exc_type, told.exc_value, told.exc_traceback)


def is_json() -> bool:
    """Whether this process writes JSON."""
    return any(isinstance(each.formatter, _Json) for each in logging.getLogger().handlers)


def scrubbed(text: str) -> str:
    """The text without what looks like credentials: the user's part of URLs, and values named as secrets."""
    return _NAMED.sub(r"\1…", _CREDENTIALS.sub("…@", text))


class _Plain(logging.Formatter):
    """For people."""

    def __init__(self, process: str) -> None:
        form = f"%(asctime)s.%(msecs)03dZ %(levelname)-7s {process} %(name)s: %(message)s"
        super().__init__(form, "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        """One entry."""
        return scrubbed(super().format(record))


class _Json(logging.Formatter):
    """For programs: one object a line."""

    def __init__(self, process: str) -> None:
        super().__init__(datefmt="%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """One entry."""
        told = {
            "time": f"{self.formatTime(record, self.datefmt)}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        if record.exc_info:
            told["traceback"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)


def _died(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None, /) -> None:
    """What nobody caught, as an entry."""
    if error is not None and not issubclass(kind, KeyboardInterrupt | SystemExit):
        logging.getLogger("died").critical("%s: %s", kind.__name__, error, exc_info=(kind, error, trace))
