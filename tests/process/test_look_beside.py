"""A look whether a better broker is back, where certificates are names: it is taken for the one who hears."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.adapters.mqtt_ears import Ears
from edge.adapters.mqtt_link import MqttLink
from edge.run.listen import Listener
from edge.run.publish import Habits
from edge.run.publish_routes import Route
from edge.run.wiring.brokers import route
from tests.fakes.city import CLIENTS, City
from tests.fakes.subscriber import wait_until

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("city")]

PANIC = "safecity/v1/north/gateway-1/reading/panic-1"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    clients = {**CLIENTS, "fusion-1": "fusion", "gateway-1": "gateway"}
    with City(tmp_path / "city", clients=clients) as running:
        yield running


@pytest.fixture
def gateway(city: City) -> Iterator[MqttLink]:
    link = MqttLink(city.endpoint("gateway-1"), None)
    link.connect()
    yield link
    link.close(politely=True)


def fusing(city: City, ears: Ears) -> Route:
    return route(city.endpoint("fusion-1"), None, "", ears=ears)


def said(link: MqttLink, word: bytes) -> None:
    link.publish(PANIC, word, False)
    assert link.news(5.0), "the broker has it"


def test_what_the_broker_keeps_for_a_fusion_is_there_after_a_look(city: City, gateway: MqttLink) -> None:
    ears = Ears([PANIC])
    way = fusing(city, ears)
    with way.dial():
        pass
    said(gateway, b"before the look")
    way.probe()
    said(gateway, b"after it")
    way.probe()
    heard = []
    with way.dial():
        while (came := ears.next(2.0)) is not None:
            heard.append(came.payload)
            came.confirm()
    assert heard == [b"before the look", b"after it"]


def test_two_addresses_of_one_broker_end_on_the_better_one(
    city: City, gateway: MqttLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There a look takes the name from the connection that serves; once, and not every ten seconds."""
    monkeypatch.setattr("edge.run.listen.Habits", lambda: Habits(probe_s=0.3))
    ears, stop, dialled = Ears([PANIC]), threading.Event(), list[str]()
    better, worse = (watched(replace(fusing(city, ears), name=name), dialled) for name in ("better", "worse"))
    listener = Listener([better, worse], "all")
    listener._routes.failed()
    thread = threading.Thread(target=listener.serve, args=(stop,))
    thread.start()
    try:
        assert wait_until(lambda: dialled == ["worse", "better"]), dialled
        time.sleep(1.5)
        said(gateway, b"pressed")
        came = ears.next(5.0)
        assert came is not None and came.payload == b"pressed"
        assert dialled == ["worse", "better"]
    finally:
        stop.set()
        thread.join()


def watched(way: Route, dialled: list[str]) -> Route:
    def dial() -> object:
        dialled.append(way.name)
        return way.dial()

    return replace(way, dial=dial)  # type: ignore[arg-type]
