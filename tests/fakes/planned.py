"""What a box is to run, as `run` works it out, without running it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.config.load import load
from edge.run.planner import Planner
from edge.run.term import Term
from edge.run.wiring import auditing, governing
from edge.values.moment import Moment


@contextmanager
def planning(config: Path, now: Callable[[], Moment] | None = None) -> Iterator[Planner]:
    """The recording planner of a configuration, by the box's clock unless `now` is given."""
    node = load(config)
    with auditing.journal(node, "run") as pen:
        term = Term(now or governing.clock().now)
        yield Planner(
            config, node.data_dir, "boot", tail=False, verbose=False, journal=pen, metrics=None, term=term
        )
