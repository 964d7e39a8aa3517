"""Four cameras for an hour: memory and descriptors of the whole box and of its centre do not grow.

The bundled detector on the sample clips, four cameras that never stop and events all the time, a real broker
and a real centre whose receipts empty the outbox.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.fakes.box import Box, camera, eventually
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.endurance import MIB, Memory, Taken, growth_mib_per_h, look, looks, memory_in, told
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.pages import ROOT

CLIPS = ("plaza", "street", "gate", "night")
WARM_SHARE = 0.25
"""Of the looks: pools, caches and SQLite's pages fill in it."""
MOST_MIB_PER_H = 1.0
MOST_DESCRIPTORS = 2
"""More at a look than the first after warming up: a query is open now and then."""


STREETS = {
    "detector": {"model": "street-nano"},
    "cameras": [camera(name, ROOT / f"sample_videos/{name}.mp4", detect_fps=5) for name in CLIPS],
}


@contextmanager
def at_work(folder: Path, **box_of: Any) -> Iterator[tuple[dict[str, psutil.Process], Records]]:
    """All processes of a box, its broker and its centre, once messages flow; they are the same at the end."""
    with Mosquitto(folder / "broker") as broker, CentreProcess(folder / "centre", broker.url) as centre:
        wanted = {"urls": [broker.url], "delivery": "receipt", "receipts": {"unsigned": "accept"}}
        with Box(folder / "box", wanted) as box:
            box.configure(**box_of)
            box.start()
            records = Records(centre.database)
            eventually(lambda: records.count() > 20, "messages at the centre")
            processes = {**box.look(), "centre": centre.process(), "broker": broker.process()}
            yield processes, records
            assert {one.pid for one in box.look().values()} <= {one.pid for one in processes.values()}
            assert box.stop() == 0


@pytest.mark.process
def test_descriptors_stay_as_they_are_while_events_flow(tmp_path: Path) -> None:
    with at_work(tmp_path) as (processes, records):
        settled = eventually(lambda: steady(processes), "every descriptor open")
        stored = records.count()
        eventually(lambda: records.count() > stored + 50, "more messages")
        eventually(lambda: look(processes, 0.0).descriptors <= settled, "descriptors as before")


def steady(processes: dict[str, psutil.Process]) -> int:
    """How many descriptors, once two looks in a row find as many; else 0."""
    first = look(processes, 0.0).descriptors
    time.sleep(1.0)
    return first if look(processes, 0.0).descriptors == first else 0


@pytest.mark.soak
@pytest.mark.process
@pytest.mark.timeout(5400)
def test_an_hour_of_four_cameras_grows_by_less_than_a_megabyte(tmp_path: Path) -> None:
    for_s = float(os.environ.get("ENDURANCE_S", "3600"))
    with at_work(tmp_path, **STREETS) as (processes, records):
        found = looks(processes, for_s, max(1.0, for_s / 360))
        stored = records.count()
    found = found[int(len(found) * WARM_SHARE) :]
    growth, first, last = growth_mib_per_h(found), found[0], found[-1]
    print(f"{len(found)} looks, {stored} messages, {growth:+.2f} MiB an hour")
    print(f"memory {first.own_bytes / MIB:.1f} → {last.own_bytes / MIB:.1f} MiB")
    print(f"descriptors {first.descriptors} → {last.descriptors}")
    print(told(found))
    assert growth < MOST_MIB_PER_H, f"{growth:+.2f} MiB an hour\n{told(found)}"
    assert max(each.descriptors for each in found) <= first.descriptors + MOST_DESCRIPTORS


@pytest.mark.parametrize(("leak_mib_per_h", "grows"), [(0.0, False), (0.5, False), (1.5, True), (20.0, True)])
def test_a_leak_is_told_from_noise(leak_mib_per_h: float, grows: bool) -> None:
    found = leaking(leak_mib_per_h)
    assert (growth_mib_per_h(found) > MOST_MIB_PER_H) is grows


def leaking(mib_per_h: float) -> list[Taken]:
    """Looks at two processes, of which one leaks into the heap, and fills it and gives back once a minute."""
    chance = random.Random(3)
    return [
        Taken(
            10.0 * n,
            {
                "watch north": Memory(
                    heap=int((100 + mib_per_h * n / 360 + n % 6 + chance.gauss(0, 0.3)) * MIB), arenas=7 * MIB
                ),
                "publish": Memory(unnamed=50 * MIB, files=MIB),
            },
            80,
        )
        for n in range(270)
    ]


def test_it_is_told_which_process_grows_and_where() -> None:
    head, watch, publish = told(leaking(20.0)).splitlines()
    assert head.split() == ["MiB", "an", "hour", "all", "heap", "arenas", "unnamed", "files", "MiB"]
    assert watch.startswith("watch north")
    whole, heap, *others = watch.split()[2:6]
    assert whole == heap
    assert 15 < float(heap) < 25
    assert others == ["+0.00", "+0.00"]
    assert publish.split() == ["publish", *["+0.00"] * 5, "51.0", "→", "51.0"]


SMAPS = """\
55d0c8e00000-55d0c8e21000 rw-p 00000000 00:00 0                          [heap]
Rss:                 132 kB
Private_Clean:         4 kB
Private_Dirty:       128 kB
7f3c00000000-7f3c00021000 rw-p 00000000 00:00 0
Private_Dirty:        40 kB
7f3c00021000-7f3c04000000 ---p 00000000 00:00 0
Private_Dirty:         0 kB
7f3c0a000000-7f3c0a100000 rw-p 00000000 00:00 0
Shared_Dirty:        512 kB
Private_Dirty:      1024 kB
7f3c0b000000-7f3c0b002000 r--p 00000000 08:01 4711                       /usr/lib/libz.so.1 (deleted)
Private_Clean:       256 kB
Private_Dirty:         8 kB
7ffd5a000000-7ffd5a021000 rw-p 00000000 00:00 0                          [stack]
Private_Dirty:        16 kB
"""


def test_memory_is_told_by_kind() -> None:
    assert memory_in(SMAPS) == Memory(heap=132 << 10, arenas=40 << 10, unnamed=1040 << 10, files=8 << 10)


def test_the_kinds_together_are_what_the_kernel_counts() -> None:
    rollup = Path("/proc/self/smaps_rollup").read_text()
    changed = next(int(line.split()[1]) << 10 for line in rollup.splitlines() if "Private_Dirty" in line)
    found = look({"me": psutil.Process()}, 0.0)
    assert abs(found.own_bytes - changed) < 4 * MIB
    assert found.memory["me"].heap > 0
    assert found.memory["me"].files > 0


def test_a_look_counts_what_a_process_opens() -> None:
    myself = {"me": psutil.Process()}
    before = looks(myself, 0.01, 0.02)[0].descriptors
    with Path(os.devnull).open():
        assert looks(myself, 0.01, 0.02)[0].descriptors == before + 1
