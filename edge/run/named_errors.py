"""How a process of this program ends where it cannot go on: with one clear text and its exit status."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from edge.run import logs
from edge.values.errors import SafecityError


@contextmanager
def named_errors() -> Iterator[None]:
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
    if logs.is_json():
        logging.getLogger("ended").error("%s", failure)
    else:
        sys.stderr.write(f"safecity-edge: {failure}\n")


def _let_go_of_terminal() -> None:
    """A terminal that was closed is no failure of this program: what it does not take any more is dropped."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
