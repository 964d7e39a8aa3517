"""What a box says of itself: rates between pulses, unknown before there are two, and a screen for people."""

import asyncio
import json
import re
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from edge.run import status_socket
from edge.run.heard import Heard, cameras_of, outbox_of, processes_of, unwatched
from edge.run.status import BoxStatus, PolicyStatus, Spread
from edge.run.verb_status import screen
from edge.values.errors import SafecityError
from edge.values.moment import Moment
from edge.values.pulse import Pulse

START = Moment(0, 0)
QUEUE = {"backlog_rows": 12, "oldest_s": 70, "lost": 2, "dead_letters": 0, "lost.shed": 2}


def watching(at_s: float, answered: int, still: int, state: str = "ok") -> Pulse:
    counts = {"north.answered": answered, "north.still": still, "north.delay_ms": 48, "north.dropped": 3}
    counts |= {"north.inference.20": answered, "north.told_after.160": 3, "north.told_after.more": 1}
    return Pulse("watch", START.plus(at_s), "all cameras ok", counts, {"north": state})


WORKER = Heard("watch[north]", ("north",), True, 0, (watching(1, 5, 5), watching(5, 10, 20)))
SENDER = Heard(
    "publish",
    (),
    True,
    1,
    tuple(
        Pulse("publish", START.plus(s), "connected to mqtt://b", {"sent": 10 * s, **QUEUE}) for s in (1, 3)
    ),
)


def box(*heard: Heard) -> BoxStatus:
    processes, cameras = tuple(processes_of(heard)), tuple(cameras_of(heard))
    machine = (900, 2000, 61.5, "synced", "")
    return BoxStatus("box-1", "north", "1.0", "6f1d", 3700, *machine, cameras, processes, outbox_of(heard))


def shown(status: BoxStatus) -> str:
    console = Console(width=120, record=True, highlight=False)
    console.print(screen(status))
    return re.sub(r" {2,}", "  ", console.export_text())


def test_rates_are_of_the_time_between_pulses() -> None:
    (camera,) = cameras_of([WORKER])
    assert (camera.fps, camera.still, camera.delay_ms, camera.dropped) == (5.0, 0.75, 48, 3)
    outbox = outbox_of([WORKER, SENDER])
    assert outbox is not None
    assert (outbox.sent_per_s, outbox.waiting, outbox.oldest_s) == (10.0, 12, 70)


def test_inference_is_told_of_now_and_events_of_the_whole_run() -> None:
    (camera,) = cameras_of([WORKER])
    assert camera.inference == Spread(15, 20)  # half and 95 % of the way through 10..20 ms
    assert camera.event == Spread(133, 5120)  # one of four took longer than the last bound


def test_a_status_is_the_same_after_its_way_as_json() -> None:
    status = box(WORKER, SENDER, Heard("watch[south]", ("south",), False, 0, ()))
    assert BoxStatus.from_json(json.loads(json.dumps(status.to_json()))) == status


@pytest.mark.parametrize("pulses", [(), (watching(1, 5, 5),)])
def test_what_is_not_known_yet_is_not_zero(pulses: tuple[Pulse, ...]) -> None:
    (camera,) = cameras_of([Heard("watch[north]", ("north",), False, 0, pulses)])
    assert (camera.fps, camera.still) == (None, None)
    assert outbox_of([]) is None


def test_the_screen_says_it_for_people() -> None:
    said = shown(box(WORKER, SENDER))
    assert "box-1 in north · up 1 h 1 min" in said
    assert "north  ok  5.0  75%  48 ms  15 / 20 ms  133 / 5120 ms  3" in said
    assert "watch[north]  all cameras ok" in said
    assert "12 messages waiting, the oldest for 1 min 10 s; 10.0 sent a second" in said
    assert "; 2 lost and not yet reported (2 shed)" in said
    assert "900 of 2,000 MiB free" in said
    assert "temperature  62 °C" in said
    assert "clock  synchronised" in said
    assert "publish  connected to mqtt://b, died 1 time" in said
    starting = shown(box(Heard("publish", (), False, 0, ()), Heard("watch[north]", ("north",), False, 0, ())))
    assert "north  starting  –  –  –  –  –  0" in starting


def test_the_screen_says_where_a_crowd_is_too_dense_to_count() -> None:
    dense = watching(1, 5, 5)
    dense = replace(dense, counts={**dense.counts, "north.uncounted": 2})
    (camera,) = cameras_of([replace(WORKER, pulses=(dense,))])
    assert (camera.state, camera.uncounted) == ("ok", 2), "it is watched as well as before"
    assert "ok, too dense to count in 2 places" in shown(replace(box(SENDER), cameras=(camera,)))


def test_what_a_newer_box_says_more_is_left_out() -> None:
    status = replace(box(WORKER, SENDER), policy=PolicyStatus(3, "2027-01-05", 40, over=False))
    said = status.to_json()
    for part in (said, said["cameras"][0], said["processes"][0], said["outbox"], said["policy"]):
        part["of_tomorrow"] = {"a": 1}
    assert BoxStatus.from_json(json.loads(json.dumps(said))) == status


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (PolicyStatus(3, "2027-01-05", 40, over=False), "policy  version 3, until 2027-01-05, 40 days"),
        (PolicyStatus(3, "2027-01-05", 1, over=False), "policy  version 3, until 2027-01-05, 1 day"),
        (
            PolicyStatus(3, "2027-01-05", 0, over=True),
            "policy  version 3 expired on 2027-01-05: nothing is looked at",
        ),
    ],
)
def test_the_screen_says_until_when_the_policy_holds(held: PolicyStatus, said: str) -> None:
    status = replace(box(SENDER), policy=held, cameras=tuple(unwatched(["north"])) if held.over else ())
    assert said in shown(status)
    assert ("north  dead (policy-expired)" in shown(status)) is held.over
    assert BoxStatus.from_json(json.loads(json.dumps(status.to_json()))) == status


def test_a_status_arrives_as_it_was_told_however_long_the_path_is(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    told = box(WORKER, SENDER)

    async def both() -> BoxStatus:
        async with status_socket.told(folder, lambda: told):
            return await asyncio.to_thread(status_socket.ask, folder)

    assert asyncio.run(both()) == told == BoxStatus.from_json(json.loads(json.dumps(told.to_json())))
    with pytest.raises(SafecityError, match="no box runs"):
        status_socket.ask(folder)


def test_a_socket_that_a_killed_box_left_is_no_box_and_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind("status.sock")
    with pytest.raises(SafecityError, match="no box runs"):
        status_socket.ask(tmp_path)

    async def again() -> BoxStatus:
        async with status_socket.told(tmp_path, lambda: box(WORKER)):
            return await asyncio.to_thread(status_socket.ask, tmp_path)

    assert asyncio.run(again()).cameras
