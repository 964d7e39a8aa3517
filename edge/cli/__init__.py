"""The command line: one verb per function, one file per group; what a verb does stands in `edge.run`.

Law: nothing heavy is imported before the verb that needs it runs, so that `--help` answers at once and
the supervisor stays small. The order of the groups is the order of their verbs in `--help`.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from edge.cli.app import app
from edge.values.errors import SafecityError

__all__ = ["app", "main"]

GROUPS = (
    "begin",
    "box",
    "footage",
    "centre",
    "command",
    "fuse",
    "look",
    "calibrate",
    "clips",
    "models",
    "models_in",
    "models_worth",
    "policy",
    "audit",
    "export",
    "public",
    "pki",
    "update",
    "about",
)
"""Modules beside this one; each adds its verbs to `app` when it is imported."""

for _group in GROUPS:
    import_module(f"edge.cli.{_group}")


@contextmanager
def _named_errors() -> Iterator[None]:
    """Failures that this program names end it with one clear text and their exit status."""
    try:
        yield
    except SafecityError as failure:
        _tell(failure)
        sys.exit(failure.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    finally:
        _let_go_of_terminal()


def _tell(failure: SafecityError) -> None:
    """Say it as the log of this process is written."""
    from edge.run import logs  # noqa: PLC0415

    if logs.is_json():
        logging.getLogger("ended").error("%s", failure)
    else:
        print(f"safecity-edge: {failure}", file=sys.stderr)


def _let_go_of_terminal() -> None:
    """A terminal that was closed is no failure of this program: what it does not take any more is dropped."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main() -> None:
    """The command `safecity-edge`."""
    with _named_errors():
        app()
