"""What Prometheus reads: whole families, cumulative buckets, only what is known; and who may read it."""

import asyncio
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.run.assign import Group
from edge.run.heard import Heard, cameras_of, outbox_of, processes_of
from edge.run.histogram import BOUNDS_MS, Histogram
from edge.run.metrics import FAMILIES, exposed
from edge.run.metrics_http import MOST_AT_ONCE, scraped
from edge.run.status import BoxStatus, PolicyStatus
from edge.values.errors import ConfigError
from edge.values.moment import Moment
from edge.values.pulse import Pulse

FOOTAGE = {"mib": 4, "held_mib": 1, "free_mib": 9, "short_mib": 0, "clock_off_s": -3600}
QUEUE = {"backlog_rows": 12, "oldest_s": 70, "lost": 2, "dead_letters": 0, "lost.shed": 2, "given_up": 5}


def heard(name: str, counts: dict[str, int], group: Group = (), state: str = "", **words: str) -> Heard:
    return Heard(name, group, True, 1, (Pulse(name, Moment(0, 0), state, counts, words),))


POLICY = PolicyStatus(3, "2027-01-05", 12, over=False)


def box(*those: Heard) -> BoxStatus:
    parts = tuple(cameras_of(those)), tuple(processes_of(those)), outbox_of(those)
    return BoxStatus("box-1", "north", "1.0", "6f1d", 37, 2, 8, 61.5, "synced", "", *parts, POLICY)


def timed(*took_s: float) -> Histogram:
    histogram = Histogram()
    for each in took_s:
        histogram.note(each)
    return histogram


WATCHER = heard(
    "watch[gate]",
    {
        "gate.answered": 7,
        "gate.still": 2,
        "gate.dropped": 1,
        "gate.uncounted": 2,
        **timed(0.01, 0.03, 9.0).counts("gate.inference"),
    },
    ("gate",),
    gate="dead (unreachable)",
)
ALL = (WATCHER, heard("publish", QUEUE, state="connected to mqtts://b"), heard("keep", FOOTAGE))


def test_it_tells_what_is_known() -> None:
    text = exposed(box(*ALL), ALL)
    for line in (
        'safecity_box_info{node="box-1",region="north",version="1.0"} 1',
        'safecity_camera_state{camera="gate",state="dead"} 1',
        'safecity_camera_state{camera="gate",state="ok"} 0',
        'safecity_frames_total{camera="gate",outcome="gated"} 2',
        'safecity_camera_uncounted_places{camera="gate"} 2',
        'safecity_inference_seconds_bucket{camera="gate",le="0.01"} 1',
        'safecity_inference_seconds_bucket{camera="gate",le="0.04"} 2',
        'safecity_inference_seconds_bucket{camera="gate",le="+Inf"} 3',
        'safecity_inference_seconds_sum{camera="gate"} 9.04',
        'safecity_inference_seconds_count{camera="gate"} 3',
        "safecity_broker_connected 1",
        'safecity_messages_total{outcome="given-up"} 5',
        'safecity_outbox_lost{cause="shed"} 2',
        'safecity_process_deaths_total{process="watch"} 1',
        "safecity_disk_size_bytes 8388608",
        'safecity_footage_bytes{of="held"} 1048576',
        "safecity_temperature_celsius 61.5",
        "safecity_clock_synchronised 1",
        "safecity_policy_days_left 12",
        "safecity_policy_over 0",
    ):
        assert f"{line}\n" in text, line
    assert {family.name for family in FAMILIES} == set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    assert "mqtts://" not in text


def test_what_is_not_known_has_no_sample() -> None:
    silent = (Heard("watch[gate]", ("gate",), False, 0, ()), Heard("publish", (), False, 0, ()))
    text = exposed(replace(box(*silent), temperature_c=None, policy=None), silent)
    told = set(re.findall(r"^(safecity_\w+)", text, re.MULTILINE))
    assert 'safecity_camera_state{camera="gate",state="starting"} 1\n' in text
    assert not told & {"safecity_temperature_celsius", "safecity_broker_connected", "safecity_outbox_rows"}
    assert not {
        name for name in told if name.startswith(("safecity_frames", "safecity_footage", "safecity_policy"))
    }


def test_each_family_is_told_once_and_every_sample_is_of_one() -> None:
    text = exposed(box(*ALL), ALL)
    names = re.findall(r"^# TYPE (\S+) (\S+)", text, re.MULTILINE)
    assert len(names) == len({name for name, _ in names})
    kinds = dict(names)
    for name in re.findall(r"^(safecity_\w+)[{ ]", text, re.MULTILINE):
        whole = re.sub(r"_(bucket|sum|count)$", "", name)
        assert kinds.get(name) in ("counter", "gauge") or kinds.get(whole) == "histogram", name
    assert all(name.endswith("_total") is (kind == "counter") for name, kind in names)


@given(st.lists(st.floats(0, 20), max_size=60))
def test_a_histogram_counts_everything_once(took_s: list[float]) -> None:
    counts = dict(timed(*took_s).counts("a"))
    assert counts.pop("a.sum_us") == pytest.approx(sum(took_s) * 1e6, abs=1)
    assert sum(counts.values()) == len(took_s)
    for bound in BOUNDS_MS:
        below = sum(counts[f"a.{each}"] for each in BOUNDS_MS if each <= bound)
        assert below == sum(each * 1000 <= bound for each in took_s)


def asked(request: str, text: Callable[[], str] = lambda: "figures\n") -> str:
    async def go() -> str:
        async with scraped("127.0.0.1", 0, text) as url:
            reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
            writer.write(request.encode("latin-1"))
            writer.write_eof()
            reply = await reader.read()
            writer.close()
            return reply.decode()

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9464\r\n\r\n", 200),
        ("GET /metrics?x=1 HTTP/1.1\r\nhost:  localhost\r\n\r\n", 200),
        ("GET /metrics HTTP/1.1\r\nHost: [::1]:9464\r\n\r\n", 200),
        ("GET /metrics HTTP/1.1\r\nHost: rebound.example\r\n\r\n", 421),
        ("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1.rebound.example\r\n\r\n", 421),
        ("GET /metrics HTTP/1.1\r\nHost: [::1\r\n\r\n", 421),
        ("GET /metrics HTTP/1.0\r\n\r\n", 421),
        ("GET /../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        ("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}", 405),
        ("GET /metrics", 400),
        ("\x00\xff" * 9000, 400),
        ("", 400),
    ],
)
def test_it_answers_this_machine_and_nothing_but_a_look(request_: str, status: int) -> None:
    reply = asked(request_)
    assert reply.startswith(f"HTTP/1.1 {status} ")
    assert ("figures" in reply) is (status == 200)


def test_a_head_has_no_body() -> None:
    reply = asked("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert "Content-Length: 8\r\n" in reply
    assert reply.endswith("\r\n\r\n")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "box.example"])
def test_it_listens_on_this_machine_alone(host: str) -> None:
    async def go() -> None:
        async with scraped(host, 0, str):
            pytest.fail("it listens")

    with pytest.raises(ConfigError, match="this machine alone"):
        asyncio.run(go())


def test_a_port_that_is_taken_is_told() -> None:
    async def go(port: int) -> None:
        async with scraped("127.0.0.1", port, str):
            pytest.fail("it listens")

    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(ConfigError, match="take another one"),
    ):
        asyncio.run(go(other.getsockname()[1]))


def test_callers_that_say_nothing_are_few_and_then_others_are_served() -> None:
    async def look(port: int | None) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return (await reader.read()).decode()
        except ConnectionError:
            return ""
        finally:
            writer.close()

    async def go() -> tuple[str, str]:
        async with scraped("127.0.0.1", 0, lambda: "figures\n") as url:
            port = urlsplit(url).port
            idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_AT_ONCE)]
            refused = await look(port)
            for _, each in idle:
                each.close()
            while not (served := await look(port)):
                await asyncio.sleep(0.01)
            return refused, served

    refused, served = asyncio.run(go())
    assert refused == ""
    assert served.startswith("HTTP/1.1 200 ")
