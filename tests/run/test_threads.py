"""A process computes with one thread, whatever the machine has."""

import os
import subprocess
import sys

import pytest

CODE = """
import sys
sys.argv = ["safecity-edge", "version"]
from edge.cli import main
try:
    main()
except SystemExit:
    pass
import numpy
square = numpy.ones((400, 400))
square @ square
import os
print(len(os.listdir("/proc/self/task")))
"""


def threads(**environment):
    """How many threads a process has that ran a verb and then multiplied matrices."""
    rest = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env=rest | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def test_a_verb_starts_no_thread_for_each_core():
    assert threads() == 1


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: no library would start a second thread")
def test_who_asks_for_more_gets_more():
    assert threads(OPENBLAS_NUM_THREADS="2") == 2
