"""A worker stops when asked, when its supervisor is gone, and at the latest some seconds after that."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
HEAD = """
import sys, time
from edge.run import lifeline
from edge.run.lifeline import Lifeline
from edge.values.moment import Moment
from edge.values.pulse import Pulse

pulse = Pulse("watch", Moment(1, 2), "ok", {"frames": 3})
"""


def worker(text: str) -> "subprocess.Popen[bytes]":
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", HEAD + text], stdin=pipe, stdout=pipe, cwd=ROOT)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_asked_and_tells_pulses_until_then(number: signal.Signals) -> None:
    with worker("line = Lifeline(True); line.tell(pulse); line.stop.wait(); sys.exit(7)") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert (told["worker"], told["counts"]) == ("watch", {"frames": 3})
        process.send_signal(number)
        assert process.wait(30) == 7


def test_lines_of_its_input_are_orders() -> None:
    text = "line = Lifeline(True); print(line.orders.get(), line.orders.get(), flush=True); line.stop.wait()"
    with worker(text) as process:
        assert process.stdin is not None and process.stdout is not None
        for part in (b"go n", b"orth\ngo ", b"south\n"):
            process.stdin.write(part)
            process.stdin.flush()
        assert process.stdout.readline() == b"go north go south\n"
        process.stdin.close()
        assert process.wait(30) == 0


def test_an_orphan_stops() -> None:
    with worker("line = Lifeline(True); line.stop.wait(); sys.exit(7)") as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 7


def test_an_orphan_that_hangs_is_ended() -> None:
    with worker("lifeline.EXIT_ORPHANED_S = 0.1; Lifeline(True); time.sleep(300)") as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 1


def test_an_orphan_that_ends_in_time_does_not_linger() -> None:
    with worker("lifeline.EXIT_ORPHANED_S = 300; Lifeline(True).stop.wait()") as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_pulse_that_nobody_reads_is_a_request_to_stop_and_no_failure() -> None:
    text = (
        "line = Lifeline(True)\nwhile not line.stop.is_set(): line.tell(pulse)\nline.tell(pulse)\nsys.exit(7)"
    )
    with worker(text) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 7


def test_by_hand_it_tells_nothing_and_does_not_mind_its_input() -> None:
    text = "line = Lifeline(False); line.tell(pulse); time.sleep(0.3); sys.exit(7 + line.stop.is_set())"
    with worker(text) as process:
        told, _ = process.communicate(b"")
        assert (told, process.returncode) == (b"", 7)
