"""The publisher against real brokers: down at the start, denying, too small, changing, and stopping."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.adapters.outbox import SqliteOutbox
from edge.run.publish import Habits
from edge.run.publish_routes import Route
from edge.values.pulse import Pulse
from tests.fakes.mosquitto import Mosquitto, free_port
from tests.fakes.outbox import BOOT, EVENTS, event, state
from tests.fakes.publish_process import HABITS, PATIENT, ROOT, STATUS, publisher, route_to
from tests.fakes.subscriber import Subscriber, wait_until

pytestmark = pytest.mark.process

ACCESS = f"""
user node
topic write {STATUS}
topic write safecity/v1/r/n/event/c1/#
user centre
topic read #
"""


class Running:
    """A publisher at work in a thread."""

    def __init__(self, pulses: list[Pulse], stop: threading.Event, thread: threading.Thread) -> None:
        self.pulses = pulses
        self._stop = stop
        self._thread = thread

    def count(self, name: str) -> int:
        return self.pulses[-1].counts[name] if self.pulses else 0

    @property
    def state(self) -> str:
        return self.pulses[-1].state if self.pulses else ""

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


@contextmanager
def running(path: Path, *routes: Route, habits: Habits = HABITS) -> Iterator[Running]:
    pulses: list[Pulse] = []
    stop = threading.Event()
    with publisher(path, *routes, pulses=pulses, habits=habits) as served:
        thread = threading.Thread(target=served.serve, args=(stop,))
        thread.start()
        at_work = Running(pulses, stop, thread)
        try:
            yield at_work
        finally:
            at_work.stop()


def names(centre: Subscriber, below: str = "/event/") -> list[str]:
    return [json.loads(payload)["id"] for payload in centre.payloads(below)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def test_a_broker_that_is_down_at_the_start_gets_everything_when_it_comes(path: Path, tmp_path: Path) -> None:
    port = free_port()
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([event("a"), event("b")])
    with running(path, route_to(f"mqtt://127.0.0.1:{port}")) as at_work:
        assert wait_until(lambda: at_work.count("connections_lost") >= 2)
        assert at_work.state.startswith("no broker")
        assert at_work.count("backlog_rows") == 2
        with Mosquitto(tmp_path / "broker", port=port), Subscriber(port) as centre:
            outbox.put([event("c")])
            assert wait_until(lambda: names(centre) == ["a", "b", "c"])


def test_messages_carry_what_mqtt_5_has_for_them_and_states_are_retained(path: Path, tmp_path: Path) -> None:
    with Mosquitto(tmp_path / "broker") as broker, Subscriber(broker.port) as centre:
        SqliteOutbox(path, BOOT).put([event("a"), state("c1", 7)])
        with running(path, route_to(broker.url)):
            assert wait_until(lambda: len(centre.payloads("/event/") + centre.payloads("/state/")) == 2)
        message = next(one for one in centre.messages if "/event/" in one.topic)
        assert message.qos == 1
        assert message.properties is not None
        assert message.properties.ContentType == "application/cloudevents+json"
        assert message.properties.PayloadFormatIndicator == 1
        with Subscriber(broker.port) as latecomer:
            assert wait_until(lambda: len(latecomer.payloads("/state/")) == 1)
            (kept,) = [one for one in latecomer.messages if "/state/" in one.topic]
            assert kept.retain
            assert kept.properties is not None
            assert 0 < kept.properties.MessageExpiryInterval <= 180


def test_birth_is_retained_and_an_orderly_end_says_so(path: Path, tmp_path: Path) -> None:
    with Mosquitto(tmp_path / "broker") as broker, Subscriber(broker.port) as centre:
        with running(path, route_to(broker.url)) as at_work:
            assert wait_until(lambda: centre.payloads(STATUS) == [b'{"state":"online"}'])
            at_work.stop()
        assert wait_until(lambda: centre.payloads(STATUS)[1:] == [b'{"state":"stopped"}'])
        assert at_work.state == "stopped"


def test_what_an_orderly_end_has_delivered_is_not_sent_again(path: Path, tmp_path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    with Mosquitto(tmp_path / "broker") as broker, Subscriber(broker.port) as centre:
        outbox.put([event("a"), event("b")])
        with running(path, route_to(broker.url)):
            assert wait_until(lambda: names(centre) == ["a", "b"])
        outbox.put([event("c")])
        with running(path, route_to(broker.url)):
            assert wait_until(lambda: "c" in names(centre))
        assert names(centre) == ["a", "b", "c"]


def test_rows_go_once_the_broker_has_outlived_its_verdict(path: Path, tmp_path: Path) -> None:
    SqliteOutbox(path, BOOT).put([event("a")])
    with (
        Mosquitto(tmp_path / "broker") as broker,
        Subscriber(broker.port),
        running(path, route_to(broker.url)) as at_work,
    ):
        assert wait_until(lambda: at_work.count("sent") == 1)
        assert at_work.count("backlog_bytes") > 0
        assert wait_until(lambda: at_work.count("backlog_bytes") == 0)


def test_what_is_denied_is_kept_and_does_not_hold_up_the_rest(path: Path, tmp_path: Path) -> None:
    rules = tmp_path / "acl"
    rules.write_text(ACCESS)
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([event("a", camera="c1"), event("no", camera="c2"), event("b", camera="c1")])
    with (
        Mosquitto(tmp_path / "broker", f"acl_file {rules}") as broker,
        Subscriber(broker.port, username="centre") as centre,
        running(path, route_to(broker.url, username="node")) as at_work,
    ):
        assert wait_until(lambda: names(centre) == ["a", "b"])
        assert wait_until(lambda: at_work.count("denied") == 1)
        assert wait_until(lambda: at_work.count("backlog_rows") == 1)
        assert at_work.count("given_up") == 0


def test_the_access_file_of_the_docs_lets_a_node_write_below_its_own_name_only(
    path: Path, tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "operator" / "broker.md").read_text()
    (rules,) = re.findall(r"```text\n# /etc/mosquitto/access\n(.*?)```", page, re.S)
    access = tmp_path / "access"
    access.write_text(rules)
    SqliteOutbox(path, BOOT).put([event("mine")])  # its topics are those of a node called n
    SqliteOutbox(tmp_path / "other.db", BOOT).put([event("forged")])
    with (
        Mosquitto(tmp_path / "broker", f"acl_file {access}") as broker,
        Subscriber(broker.port, username="centre") as centre,
        running(tmp_path / "other.db", route_to(broker.url, username="m")) as intruder,
    ):
        assert wait_until(lambda: intruder.count("denied") == 1)
        intruder.stop()  # both have the same client id
        with running(path, route_to(broker.url, username="n")):
            assert wait_until(lambda: names(centre) == ["mine"])


def test_a_message_too_large_for_the_broker_is_a_dead_letter_and_a_gap(path: Path, tmp_path: Path) -> None:
    outbox = SqliteOutbox(path, BOOT)
    outbox.put([event("a"), event("big", size=20_000), event("b")])
    with (
        Mosquitto(tmp_path / "broker", "max_packet_size 10000") as broker,
        Subscriber(broker.port) as centre,
        running(path, route_to(broker.url)) as at_work,
    ):
        assert wait_until(lambda: len(centre.payloads("/gap")) == 1)
        assert names(centre) == ["a", "b"]
        (told,) = json.loads(centre.payloads("/gap")[0])["ranges"]
        assert told[:5] == [BOOT, 1, 1, 1, "refused"]
        assert wait_until(lambda: at_work.count("dead_letters") == 1)


def test_it_fails_over_and_goes_back_when_the_better_broker_is_there_to_stay(
    path: Path, tmp_path: Path
) -> None:
    outbox = SqliteOutbox(path, BOOT)
    with Mosquitto(tmp_path / "one") as first, Mosquitto(tmp_path / "two") as second:
        with running(path, route_to(first.url), route_to(second.url)) as at_work:
            with Subscriber(first.port) as centre:
                outbox.put([event("a")])
                assert wait_until(lambda: names(centre) == ["a"])
            first.kill()
            with Subscriber(second.port) as centre:
                outbox.put([event("b")])
                assert wait_until(lambda: "b" in names(centre))
                assert at_work.state == f"connected to {second.url}"
            first.start()
            assert wait_until(lambda: at_work.state == f"connected to {first.url}")
            with Subscriber(first.port) as centre:
                outbox.put([event("c")])
                assert wait_until(lambda: "c" in names(centre))


def test_a_wrong_password_is_told_and_tried_again(path: Path, tmp_path: Path) -> None:
    SqliteOutbox(path, BOOT).put([event("a")])
    with Mosquitto(tmp_path / "broker", anonymous=False) as broker:
        with running(path, route_to(broker.url, username="secret-word")) as at_work:
            assert wait_until(lambda: at_work.count("connections_lost") >= 2)
        told = str([one.state for one in at_work.pulses])
        assert "Not authorized" in told
        assert "secret-word" not in told


def test_a_camera_without_its_subscriber_waits_for_it_and_the_others_do_not(
    path: Path, tmp_path: Path
) -> None:
    """After the broker was restarted, who listens to c2 is late, and who listens to c1 is not."""
    outbox = SqliteOutbox(path, BOOT)
    with (
        Mosquitto(tmp_path / "broker") as broker,
        running(path, route_to(broker.url), habits=PATIENT) as at_work,
    ):
        assert wait_until(lambda: at_work.state.startswith("connected"))
        outbox.put([event(f"{camera}-{n}", camera=camera) for n in range(30) for camera in ("c2", "c1")])
        with Subscriber(broker.port, f"{EVENTS}/c1/#", name="first") as first:
            assert wait_until(lambda: names(first) == [f"c1-{n}" for n in range(30)])
            outbox.put([event("c2-30", camera="c2"), event("c1-30")])
            assert wait_until(lambda: names(first)[-1] == "c1-30")
            assert at_work.count("unheard") == 0
            with Subscriber(broker.port, f"{EVENTS}/c2/#", name="late") as late:
                assert wait_until(lambda: names(late) == [f"c2-{n}" for n in range(31)])
            assert len(names(first)) == 31, "and nothing of it came twice"
