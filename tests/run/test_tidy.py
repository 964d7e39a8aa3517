"""Once a minute a process lets go of what it keeps for the next use, and of nothing else."""

import gc
import subprocess
import sys
import weakref

from edge.run.tidy import EVERY_S, Tidy
from edge.values.moment import Moment
from edge.values.pulse import Pulse


def pulse(at_s: float) -> Pulse:
    return Pulse("watch", Moment(0, 0).plus(at_s), "well", {})


class Ring:
    """Garbage that only a look through everything finds."""

    def __init__(self) -> None:
        self.me = self


def test_every_pulse_is_passed_on_and_once_a_minute_garbage_goes() -> None:
    rings: list[Ring] = []
    told: list[Pulse] = []
    tidy = Tidy(told.append)
    found = []
    pulses = [pulse(at_s) for at_s in (0.0, 1.0, EVERY_S - 1.0, EVERY_S, 1.5 * EVERY_S, 5 * EVERY_S)]
    for each in pulses:
        rings.append(Ring())
        last = weakref.ref(rings[0])
        gc.collect()  # from now on the ring is among what lasts
        rings.clear()
        tidy.tell(each)
        found.append(last() is None)
    assert (told, found) == (pulses, [False, False, False, True, False, True])


def test_a_pulse_waits_for_nothing() -> None:
    rings = [Ring()]
    last = weakref.ref(rings[0])
    there: list[bool] = []
    tidy = Tidy(lambda _: there.append(last() is not None))
    gc.collect()
    rings.clear()
    for at_s in (0.0, EVERY_S):
        tidy.tell(pulse(at_s))
    assert there == [True, True]


STORES = """
import sys
from edge.run.started import all_started
from edge.run.tidy import EVERY_S, Tidy
from tests.run.test_tidy import pulse

tidy = Tidy(lambda _: None)
tidy.tell(pulse(0.0))
all_started()
before = sys.getallocatedblocks()
for length in range(1, 10):
    for _ in range(2000):
        tuple(item for item in range(length))
kept = sys.getallocatedblocks() - before
tidy.tell(pulse(EVERY_S))
print(kept, sys.getallocatedblocks() - before)
"""


def test_tuples_that_died_do_not_pile_up() -> None:
    done = subprocess.run([sys.executable, "-c", STORES], capture_output=True, text=True, check=True)
    kept, left = map(int, done.stdout.split())
    assert left < 1000, f"{left} blocks of {kept} are still there"
    if sys.version_info < (3, 14):
        assert kept > 10_000, "the measuring stick: so many dead tuples CPython keeps by itself"
