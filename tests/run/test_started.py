"""Garbage of a process that has begun is collected in time, however much it holds from its start on."""

import subprocess
import sys

PROGRAM = """
import gc
from edge.run.started import all_started
held = [[] for _ in range(600_000)]
{}
before = gc.get_stats()[2]["collections"]
later = [[] for _ in range(120_000)]
print(gc.get_stats()[2]["collections"] - before)
"""


def looked_through(begun: str) -> int:
    """How often all was looked through while a fifth as much came as there was before."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(begun)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_what_is_there_from_the_start_puts_no_collection_off() -> None:
    assert looked_through("all_started()") > 0
    assert looked_through("gc.collect()") == 0, "or this would say nothing"
