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


def test_every_pulse_is_passed_on_and_once_a_minute_something_is_given_back() -> None:
    done: list[object] = []
    tidy = Tidy(done.append, lambda: done.append("given back"))
    pulses = [pulse(at_s) for at_s in (100.0, 101.0, 99.0 + EVERY_S, 100.0 + EVERY_S, 159.0 + EVERY_S)]
    pulses.append(pulse(100.0 + 5 * EVERY_S))
    for each in pulses:
        tidy.tell(each)
    told, tidied = [each for each in done if each != "given back"], done.count("given back")
    assert (told, tidied) == (pulses, 2)
    assert done.index("given back") == done.index(pulses[3]) + 1, "a pulse waits for nothing"


def test_python_gives_first_what_the_c_library_gives_back_then() -> None:
    rings = [Ring()]
    last, found = weakref.ref(rings[0]), []
    tidy = Tidy(lambda _: None, lambda: found.append(last() is None))
    gc.collect()  # from now on the ring is among what lasts
    rings.clear()
    for at_s in (0.0, EVERY_S):
        tidy.tell(pulse(at_s))
    assert found == [True]


STORES = """
import sys
from edge.adapters.heap import give_back_what_is_free
from edge.run.started import all_started
from edge.run.tidy import EVERY_S, Tidy
from tests.run.test_tidy import pulse

tidy = Tidy(lambda _: None, give_back_what_is_free)
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


ARENA = """
import sys
from edge.adapters.heap import give_back_what_is_free

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

before = resident()
held = [b"x" * 60_000 for _ in range(400)]
del held[:-1]  # the last lies above them all
if sys.argv[1] == "told":
    give_back_what_is_free()
print((resident() - before) >> 20)
"""


def test_free_memory_below_what_is_used_goes_back() -> None:
    left = {
        told: int(subprocess.run([sys.executable, "-c", ARENA, told], capture_output=True, check=True).stdout)
        for told in ("told", "not told")
    }
    assert left["told"] <= 2, f"{left['told']} MiB that nothing uses are kept"
    assert left["not told"] >= 15, "the measuring stick: by itself glibc keeps them"
