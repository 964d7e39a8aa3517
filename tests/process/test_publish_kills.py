"""kill -9 of the publish process and of the broker, at random moments, while events are committed.

The claim: with a subscriber that comes back after the broker does, every committed event reaches it, in
the order of each camera, and whatever arrives twice is the same event, revision and bytes. It holds for a
subscriber to everything, and for subscribers to a camera each that come back one after the other.
"""

import json
import multiprocessing
import random
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from edge.adapters.outbox import SqliteOutbox
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.outbox import BOOT, EVENTS, event
from tests.fakes.publish_process import PublishProcess
from tests.fakes.subscriber import Subscriber, wait_until

pytestmark = pytest.mark.process

CAMERAS = ("c1", "c2", "c3")
ALL = {"safecity/v1/#": 0.05}
"""What the subscribers listen to, and how long after a broken connection each comes back."""
ONE_EACH = {f"{EVENTS}/{camera}/#": back_s for camera, back_s in zip(CAMERAS, (0.05, 0.7, 2.0), strict=True)}


def commit_events(path: Path, committed: Path, seed: int, stop: Path) -> None:
    """A watch worker's part: commits events that last one to three revisions until `stop` is there."""
    draw = random.Random(seed)
    outbox = SqliteOutbox(path, BOOT)
    ordinal = 0
    with committed.open("a") as log:
        while not stop.exists():
            ordinal += 1
            camera = draw.choice(CAMERAS)
            last = draw.randrange(3)
            for revision in range(last + 1):
                name = f"{camera}-{seed}-{ordinal}"
                outbox.put([event(name, revision, camera=camera, closes=revision == last, size=300)])
                log.write(f"{camera} {name} {revision}\n")
                log.flush()
            time.sleep(draw.uniform(0.0, 0.01))


def kill_and_restart(rounds: int, seed: int, tmp_path: Path, subscribed: dict[str, float]) -> None:
    draw = random.Random(seed)
    path, committed, stop = tmp_path / "outbox.db", tmp_path / "committed", tmp_path / "stop"
    spawn = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        broker = stack.enter_context(Mosquitto(tmp_path / "broker", "max_queued_messages 0"))
        centres = [
            stack.enter_context(Subscriber(broker.port, topic, name=f"centre-{number}", back_s=back_s))
            for number, (topic, back_s) in enumerate(subscribed.items())
        ]
        publish = PublishProcess(path, broker.url)
        writer = spawn.Process(target=commit_events, args=(path, committed, seed, stop))
        writer.start()
        for _ in range(rounds):
            time.sleep(draw.uniform(0.1, 1.5))
            victims = draw.choice(([broker], [publish], [broker, publish], [publish, broker]))
            for victim in victims:
                victim.kill()
            time.sleep(draw.uniform(0.0, 0.6))
            for victim in draw.sample(victims, len(victims)):
                victim.start()
        stop.touch()
        writer.join()
        expected = [tuple(line.split()) for line in committed.read_text().splitlines()]
        everything_came = wait_until(lambda: set(expected) <= set(arrivals(centres)))
        publish.kill()
    arrived = arrivals(centres)
    assert everything_came, f"lost: {sorted(set(expected) - set(arrived))[:5]} of {len(expected)}"
    assert set(arrived) == set(expected)
    for camera in CAMERAS:
        firsts = list(dict.fromkeys(one for one in arrived if one[0] == camera))
        assert firsts == [one for one in expected if one[0] == camera]
    copies: dict[tuple[str, ...], set[bytes]] = {}
    for one, payload in zip(arrived, payloads(centres), strict=True):
        copies.setdefault(one, set()).add(payload)
    assert all(len(same) == 1 for same in copies.values())


def payloads(centres: list[Subscriber]) -> list[bytes]:
    return [payload for centre in centres for payload in centre.payloads("/event/")]


def arrivals(centres: list[Subscriber]) -> list[tuple[str, ...]]:
    bodies = [json.loads(payload) for payload in payloads(centres)]
    return [(body["id"].split("-")[0], body["id"], str(body["revision"])) for body in bodies]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_committed_event_arrives_in_order_with_its_id(seed: int, tmp_path: Path) -> None:
    kill_and_restart(6, seed, tmp_path, ALL)


def test_every_event_of_a_camera_waits_for_its_own_subscriber(tmp_path: Path) -> None:
    kill_and_restart(5, 6, tmp_path, ONE_EACH)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("seed", "subscribed"),
    [(3, ALL), (4, ALL), (5, ALL), (7, ONE_EACH), (8, ONE_EACH)],
    ids=("all", "all", "all", "one-each", "one-each"),
)
def test_every_committed_event_arrives_after_fifty_rounds(
    seed: int, subscribed: dict[str, float], tmp_path: Path
) -> None:
    kill_and_restart(50, seed, tmp_path, subscribed)
