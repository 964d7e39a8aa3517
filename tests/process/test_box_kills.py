"""Whoever is killed, whenever: what was committed arrives, or is known to be lost, and every event ends."""

import random
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.box import Box, camera, eventually
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.recorder import Heard, Recorder

pytestmark = pytest.mark.process

VICTIMS = ("watch north", "watch south", "publish", "broker")


@pytest.mark.parametrize(
    ("kills", "seed"), [(8, 1), pytest.param(200, 2, marks=[pytest.mark.soak, pytest.mark.timeout(7200)])]
)
def test_kill_9_at_random_moments_loses_and_changes_nothing(tmp_path: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    with (
        Mosquitto(tmp_path / "broker") as broker,
        Recorder(broker.port) as heard,
        Box(tmp_path / "box", broker.url) as box,
    ):
        cameras = [camera(name, box.clip, isolate=True) for name in ("north", "south")]
        box.configure(cameras=cameras)
        box.start()
        eventually(lambda: heard.events("north") and heard.events("south"))
        for _ in range(kills):
            time.sleep(chance.uniform(0.0, 3.0))
            _kill_somebody(box, broker, chance)
        _still_serves(box, heard)
        assert box.stop() == 0
        assert not box.left()
        _deliver_what_is_left(box, heard)
        _repetitions_are_identical(heard)
        _every_event_is_whole(box, heard)
        assert not heard.strange


def _kill_somebody(box: Box, broker: Mosquitto, chance: random.Random) -> None:
    """One of those that live at this moment, whatever it is just doing."""
    living = box.look()
    victim = chance.choice([name for name in VICTIMS if name in living or name == "broker"])
    if victim == "broker":
        broker.kill()
        broker.start()
    else:
        living[victim].kill()


def _still_serves(box: Box, heard: Recorder) -> None:
    """After all that, what both cameras see from now on arrives as ever."""
    now = datetime.now(UTC)
    for name in ("north", "south"):
        eventually(lambda name=name: [e for e in heard.events(name) if _seen(e) > now])
    box.child("publish")


def _seen(event: Heard) -> datetime:
    return datetime.fromisoformat(event.data["utc"])


def _deliver_what_is_left(box: Box, heard: Recorder) -> None:
    """What the box had no time to send when it stopped is sent by whoever publishes next."""
    with box.verb("publish") as publish:
        eventually(lambda: not _unexplained(box, heard), "every number that was given out")
        eventually(lambda: heard.status()[-1] == "online")
        publish.terminate()
        assert publish.wait(30) == 0
    assert box.waiting() == 0


def _unexplained(box: Box, heard: Recorder) -> set[tuple[str, int]]:
    """Numbers that the outbox gave to messages which neither came nor are in a gap message."""
    given = {(boot, number) for boot, following in box.committed().items() for number in range(following)}
    for gap in heard.of("gap"):
        for told in gap.data["ranges"]:
            assert told["cause"] == "superseded", "states give way to newer ones; nothing else may go"
            given -= {(told["boot"], number) for number in range(int(told["first"]), int(told["last"]) + 1)}
    return given - {one.number for one in [*heard.heard, *heard.kept]}


def _repetitions_are_identical(heard: Recorder) -> None:
    by_number: dict[tuple[str, int], set[bytes]] = defaultdict(set)
    by_revision: dict[str, set[bytes]] = defaultdict(set)
    for one in heard.heard:
        if one.number is not None:
            by_number[one.number].add(one.payload)
            by_revision[one.body["id"]].add(one.payload)
    assert all(len(same) == 1 for same in by_number.values())
    assert all(len(same) == 1 for same in by_revision.values())


def _every_event_is_whole(box: Box, heard: Recorder) -> None:
    """All revisions that the outbox knows were heard, first the first, and the last is the end."""
    phases: dict[str, dict[int, str]] = defaultdict(dict)
    for event in heard.events():
        known = phases[event.data["event_id"]]
        revision = event.data["revision"]
        assert revision <= len(known), "no revision is heard before the one that precedes it"
        known[revision] = event.data["phase"]
    assert {event: max(known) for event, known in phases.items()} == box.revisions()
    for known in phases.values():
        told = [known[revision] for revision in sorted(known)]
        assert told == ["end"] or told == ["start", *["update"] * (len(told) - 2), "end"]
    assert not box.open_events()


def test_memory_and_descriptors_do_not_grow_with_restarts(tmp_path: Path) -> None:
    with Mosquitto(tmp_path / "broker") as broker, Box(tmp_path / "box", broker.url) as box:
        box.start()
        run = box.child("run")
        _kill_each(box)
        settled = eventually(lambda: _steady(run.num_fds))
        _kill_each(box)
        eventually(lambda: run.num_fds() <= settled, "descriptors of the dead are closed")
        assert run.memory_info().rss < 120 << 20
        assert box.stop() == 0


def _kill_each(box: Box) -> None:
    for role in ("publish", "watch north", "watch south"):
        before = box.child(role)
        before.kill()
        eventually(lambda role=role, before=before: box.child(role).pid != before.pid)


def _steady(read: Callable[[], int]) -> int:
    """What is read twice in a row a second apart, else 0."""
    first = read()
    time.sleep(1.0)
    return first if read() == first else 0
