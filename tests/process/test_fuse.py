"""A real fusion at a real Mosquitto: sensors and cameras in, one event out, explained; also after a kill."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from edge.adapters.mosquitto_trial import Visitor
from edge.adapters.mqtt_link import MqttLink
from edge.messages import FusedMessage, FusionMessage, parse
from edge.messages.fused import FusedFact
from tests.fakes.city import CLIENTS
from tests.fakes.city import City as Town
from tests.fakes.fuse_process import FuseProcess, rules
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.raw_mqtt import Raw
from tests.fakes.sensors import Speakers, reading_body
from tests.fakes.subscriber import Subscriber, wait_until

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("fuse")]

KILLS = 4
FLOOD = 20_000
HOUR_NS = 3_600_000_000_000

City = tuple[Mosquitto, Subscriber, Speakers]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with (
        Mosquitto(tmp_path / "broker", "max_queued_messages 100000") as broker,
        Subscriber(broker.port) as centre,
        Speakers(broker.port) as speakers,
    ):
        yield broker, centre, speakers


def heard(centre: Subscriber, rule: str) -> list[FusedMessage]:
    found = [parse(topic, payload) for topic, payload in list(centre.got) if topic.endswith(f"/fused/{rule}")]
    return [message for message in found if isinstance(message, FusedMessage)]


def judging(centre: Subscriber) -> list[FusionMessage]:
    found = [parse(topic, payload) for topic, payload in list(centre.got) if topic.endswith("/fusion")]
    return [message for message in found if isinstance(message, FusionMessage)]


def states(centre: Subscriber) -> list[str]:
    return [json.loads(payload)["data"]["state"] for payload in centre.payloads("fusion-1/status")]


def until(there: Callable[[], Any], fuse: FuseProcess) -> None:
    assert wait_until(lambda: bool(there())), fuse.log.read_text()


def test_smoke_and_a_crowd_of_another_box_become_one_event_that_is_explained(city: City, tmp_path: Path):
    broker, centre, speakers = city
    with FuseProcess(tmp_path / "fusion", broker.url) as fuse:
        until(lambda: judging(centre), fuse)
        assert judging(centre)[0].data.sources == 5
        smoky = speakers.reading("smoke-1", "smoke", percent_per_m=7.5)
        speakers.reading("smoke-2", "smoke", percent_per_m=9.0)  # far away from every camera
        crowded = speakers.crowd("box-1", "plaza", 1)
        until(lambda: heard(centre, "smoke-in-a-crowd"), fuse)
        (start,) = heard(centre, "smoke-in-a-crowd")
        begun = start.data
        assert (begun.phase, begun.severity, begun.around) == ("start", "severe", "sensor/smoke-1")
        facts = {fact.id: fact for clause in start.data.reason for fact in clause.facts or ()}
        assert set(facts) == {smoky, f"{crowded}.0"}
        assert facts[smoky].value == 7.5
        by_id = rules("explain", start.data.event_id, "--config", str(fuse.config))
        message = tmp_path / "message.json"
        message.write_bytes(centre.payloads("/fused/smoke-in-a-crowd")[0])
        assert rules("explain", str(message), "--config", str(fuse.config)) == by_id
        assert fuse.stop() == 0
    assert "all of these within 120 s" in by_id
    assert "✓ any smoke sensor above 5 % per metre" in by_id
    assert "sensor/smoke-1 measures 7.5 % per metre" in by_id
    assert "camera/box-1/plaza" in by_id
    assert states(centre) == ["online", "stopped"]


def test_what_is_false_or_strange_changes_nothing_and_is_counted(city: City, tmp_path: Path):
    broker, centre, speakers = city
    topic = "safecity/v1/north/gateway-1/reading/panic-1"
    kept = reading_body("panic-1", "panic", 1, 1_700_000_000_000_000_000, boot="b0", says="pressed")
    speakers.send(topic, json.dumps(kept).encode(), retain=True)
    with FuseProcess(tmp_path / "fusion", broker.url) as fuse:
        until(lambda: judging(centre), fuse)
        old = json.dumps({"says": "pressed"}).encode()
        speakers.send(topic, old)
        speakers.send(topic.replace("gateway-1", "gateway-2"), old)
        speakers.send(topic, b"x" * 5000)
        speakers.reading("smoke-1", "smoke", percent_per_m=900.0)
        speakers.reading("panic-1", "panic", says="released")
        until(lambda: "sensor/panic-1" not in judging(centre)[-1].data.silent, fuse)
        until(lambda: judging(centre)[-1].data.refused == 4, fuse)
        assert "sensor/smoke-1" in judging(centre)[-1].data.silent
        assert not heard(centre, "pressed")


def test_a_button_whose_clock_is_wrong_is_heard_when_it_is_pressed_and_named(city: City, tmp_path: Path):
    broker, centre, speakers = city
    with FuseProcess(tmp_path / "fusion", broker.url) as fuse:
        until(lambda: judging(centre), fuse)
        for hours in (-1, 1):
            at_ns = time.time_ns() + hours * HOUR_NS
            began_ns = time.time_ns()
            pressed = speakers.reading("panic-1", "panic", at_ns=at_ns, says="pressed")
            until(partial(facts_of, centre, pressed), fuse)
            (fact,) = facts_of(centre, pressed)
            assert began_ns // 1_000_000 <= utc_ms(fact.utc) <= time.time_ns() // 1_000_000
            speakers.reading("panic-1", "panic", at_ns=at_ns + 1_000_000, says="released")
        until(lambda: len(ends(centre)) == 2, fuse)
        why = [each.why for told in judging(centre) for each in told.data.distrusted or ()]
        until(lambda: judging(centre)[-1].data.ahead, fuse)
        assert (judging(centre)[-1].data.late, judging(centre)[-1].data.ahead) == (2, 2)
        assert set(why) <= {"late", "ahead"}


def facts_of(centre: Subscriber, which: str) -> list[FusedFact]:
    """The facts of that id in starts of `pressed`."""
    starts = [message for message in heard(centre, "pressed") if message.data.phase == "start"]
    facts = [fact for start in starts for clause in start.data.reason for fact in clause.facts or ()]
    return [fact for fact in facts if fact.id == which]


def utc_ms(utc: str) -> int:
    return round(datetime.fromisoformat(utc).timestamp() * 1000)


def test_a_press_is_told_before_what_other_sensors_said_earlier_is_worked_off(city: City, tmp_path: Path):
    """By order and not by time: smoke and crowd were said before the press, behind a flood."""
    broker, centre, speakers = city
    with FuseProcess(tmp_path / "fusion", broker.url) as fuse:
        until(lambda: judging(centre), fuse)
        fuse.hold()  # all of it waits at the broker
        flood(broker.port, FLOOD)
        speakers.reading("smoke-1", "smoke", percent_per_m=50.0)
        speakers.crowd("box-1", "plaza", 1)
        pressed = speakers.reading("panic-1", "panic", says="pressed")
        fuse.go_on()
        until(lambda: heard(centre, "smoke-in-a-crowd"), fuse)
        rules_told = [topic.rsplit("/", 1)[1] for topic, _ in list(centre.got) if "/fused/" in topic]
        assert rules_told == ["pressed", "smoke-in-a-crowd"]
        assert facts_of(centre, pressed)
        event = heard(centre, "pressed")[0].data.event_id
        assert "sensor/panic-1 says pressed" in rules("explain", event, "--config", str(fuse.config))
        until(lambda: judging(centre)[-1].data.refused, fuse)
        distrusted = [(each.source, each.why) for each in judging(centre)[-1].data.distrusted or ()]
        assert distrusted == [("sensor/smoke-2", "flood")]


def test_both_connections_of_a_fusion_hear_where_certificates_are_names(tmp_path: Path):
    """With the access file as it is generated: neither ends the other, and each hears what is its own."""
    clients = {**CLIENTS, "fusion-1": "fusion", "fusion-1-ears": "ears", "gateway-1": "gateway"}
    with Town(tmp_path / "city", clients=clients) as town:
        files = town.files("fusion-1").replace(", ", "\n  ")
        ears = f"cert_file: {town.folder}/fusion-1-ears.pem, key_file: {town.folder}/fusion-1-ears.key"
        more = f"{DENSE}ears: {{{ears}}}\n"
        with (
            town.visitor("centre-1") as centre,
            FuseProcess(tmp_path / "fusion", town.url, more, f"\n  {files}") as fuse,
        ):
            until(lambda: FUSION_TOPIC in told(centre), fuse)
            gateway = MqttLink(town.endpoint("gateway-1"), None)
            gateway.connect()
            for sensor, kind, said in SAID:
                body = json.dumps(reading_body(sensor, kind, 1, time.time_ns(), **said))
                gateway.publish(f"safecity/v1/north/gateway-1/reading/{sensor}", body.encode(), retain=False)
            rules_told = {f"safecity/v1/north/fusion-1/fused/{rule}" for rule in ("pressed", "dense-smoke")}
            until(lambda: rules_told <= told(centre), fuse)
            gateway.close(politely=True)
            assert "broker lost" not in fuse.log.read_text()


def test_ears_without_a_certificate_or_a_right_are_told_with_what_to_do(tmp_path: Path):
    """No certificate: nothing starts. One, and nothing in the fleet file: it says so, and goes on."""
    clients = {**CLIENTS, "fusion-1": "fusion", "gateway-1": "gateway"}
    with Town(tmp_path / "city", clients=clients) as town:
        files = town.files("fusion-1").replace(", ", "\n  ")

        def fusing(whose: str) -> FuseProcess:
            ears = f"cert_file: {town.folder}/{whose}.pem, key_file: {town.folder}/{whose}.key"
            return FuseProcess(tmp_path / whose, town.url, f"ears: {{{ears}}}\n", f"\n  {files}")

        with fusing("fusion-1-ears") as fuse:
            assert fuse.wait() == 2
            assert "fusion-1-ears.pem is not there" in fuse.said()
            assert "safecity-edge pki csr fusion-1 --config FILE" in fuse.said()
        with fusing("gateway-1") as fuse:
            assert fuse.wait() == 2
            assert "wants to be the certificate of fusion-1-ears, and is that of gateway-1" in fuse.said()
        town.issue("fusion-1-ears")
        with town.visitor("centre-1") as centre, fusing("fusion-1-ears") as fuse:
            until(lambda: "nothing is judged of what fusion-1-ears hears" in fuse.said(), fuse)
            assert "give fusion-1-ears the role ears in the fleet file" in fuse.said()
            gateway = MqttLink(town.endpoint("gateway-1"), None)
            gateway.connect()
            pressed = json.dumps(reading_body("panic-1", "panic", 1, time.time_ns(), says="pressed"))
            gateway.publish("safecity/v1/north/gateway-1/reading/panic-1", pressed.encode(), retain=False)
            until(lambda: "safecity/v1/north/fusion-1/fused/pressed" in told(centre), fuse)
            gateway.close(politely=True)
            assert "what fusion-1 hears" not in fuse.said()


FUSION_TOPIC = "safecity/v1/north/fusion-1/fusion"
DENSE = "  - {id: dense-smoke, when: {sensor: smoke, above: 8}}\n"
SAID: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("panic-1", "panic", {"says": "pressed"}),
    ("smoke-2", "smoke", {"percent_per_m": 9.0}),
)


def told(visitor: Visitor) -> set[str]:
    visitor.listen(0.1)
    return visitor.heard


def flood(port: int, times: int) -> None:
    """One sensor says so much that to read it takes seconds."""
    raw, topic = Raw(port, "flood"), "safecity/v1/north/gateway-1/reading/smoke-2"
    made = (
        reading_body("smoke-2", "smoke", number, time.time_ns(), percent_per_m=1.0) for number in range(times)
    )
    raw.publish((topic, json.dumps(body).encode()) for body in made)
    assert wait_until(lambda: raw.acknowledged == raw.sent)


def test_a_fusion_that_is_killed_loses_nothing_and_tells_nothing_twice(city: City, tmp_path: Path):
    """Every press becomes exactly one event, whether it came before, at or after a kill."""
    broker, centre, speakers = city
    with FuseProcess(tmp_path / "fusion", broker.url) as fuse:
        until(lambda: judging(centre), fuse)
        presses = []
        for number in range(12 * KILLS):
            presses.append(speakers.reading("panic-1", "panic", says="pressed"))
            speakers.reading("panic-1", "panic", says="released")
            if number % 12 == 5:
                fuse.kill()
            if number % 12 == 11:
                fuse.start()
        until(lambda: len(ends(centre)) >= len(presses), fuse)
        assert fuse.stop() == 0
    lives: dict[str, list[FusedMessage]] = {}
    for message in heard(centre, "pressed"):
        life = lives.setdefault(message.data.event_id, [])
        if message.data.revision not in [told.data.revision for told in life]:  # QoS 1 may repeat
            life.append(message)
    phases = [[told.data.phase for told in life] for life in lives.values()]
    assert phases == [["start", "end"]] * len(presses)
    witnesses = [life[0].data.reason[0].facts for life in lives.values()]
    assert [facts[0].id for facts in witnesses if facts] == presses


def ends(centre: Subscriber) -> set[str]:
    return {message.data.event_id for message in heard(centre, "pressed") if message.data.phase == "end"}


def test_a_fusion_hears_again_after_a_broker_that_forgot_everything(city: City, tmp_path: Path):
    broker, centre, _ = city
    with FuseProcess(tmp_path / "fusion", broker.url) as fuse:
        until(lambda: judging(centre), fuse)
        broker.kill()
        broker.start()
        until(lambda: states(centre).count("online") == 2, fuse)  # its subscription stands before its birth
        with Speakers(broker.port, seed=2) as others:
            others.reading("panic-1", "panic", says="pressed")
            until(lambda: heard(centre, "pressed"), fuse)
