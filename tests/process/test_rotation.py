"""A new certificate is taken up by a publisher that runs: real process, real Mosquitto, real certificates."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.adapters.mqtt_subscriber import MqttSubscriber
from edge.adapters.outbox import SqliteOutbox
from edge.values.certificate import DAY_S
from edge.values.message import RedactedMessage, Urgency
from tests.fakes.city import PASSPHRASE, City, now_s, topic
from tests.fakes.subscriber import wait_until

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("city")]

ROOT = Path(__file__).parents[2]


class Listener:
    """A subscriber of the product in a thread; `numbers` are those of the events that came, in order."""

    def __init__(self, endpoint: MqttEndpoint) -> None:
        self.numbers: list[int] = []
        self._endpoint = endpoint
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> "Listener":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _listen(self) -> None:
        with MqttSubscriber(self._endpoint, "safecity/v1/+/+/event/#") as subscriber:
            while not self._over.is_set():
                for _, body in subscriber.messages(0.1):
                    self.numbers.append(json.loads(body)["n"])


@contextmanager
def publisher(city: City, folder: Path) -> Iterator[Path]:
    """`safecity-edge publish` of box-1; its log."""
    config, log = folder / "node.yaml", folder / "publish.log"
    config.write_text(
        f"node: box-1\nregion: north\nbroker:\n  urls: ['{city.url}']\n  ca_file: {city.folder}/ca/ca.pem\n"
        f"  cert_file: {city.folder}/box-1.pem\n  key_file: {city.folder}/box-1.key\n"
        "cameras: [{id: plaza, source: plaza.mp4}]\n"
    )
    command = [sys.executable, "-m", "edge.cli", "publish", str(config), "--verbose"]
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, cwd=ROOT)
    try:
        yield log
    finally:
        process.terminate()
        process.wait(90)


def event(number: int) -> RedactedMessage:
    body = json.dumps({"n": number}).encode()
    return RedactedMessage(
        topic("box-1", "event/plaza/occupancy"), body, Urgency.ALARM, f"e{number}", closes=True
    )


def test_a_rotation_loses_no_message_and_half_of_one_changes_nothing(tmp_path: Path) -> None:
    with City(tmp_path / "city") as city, Listener(city.endpoint("centre-1")) as centre:
        city.issue("box-1", now_s() - 70 * DAY_S)
        (tmp_path / "var").mkdir(mode=0o700)
        outbox, stop = SqliteOutbox(tmp_path / "var" / "outbox.db", "boot-1"), threading.Event()

        with publisher(city, tmp_path) as log:
            assert wait_until(lambda: "connected to" in log.read_text()), log.read_text()
            assert wait_until(lambda: "certificate of box-1 is due" in log.read_text())
            put = 0

            def traffic() -> None:
                nonlocal put
                while not stop.wait(0.01):
                    outbox.put([event(put)])
                    put += 1

            thread = threading.Thread(target=traffic)
            thread.start()
            assert wait_until(lambda: len(centre.numbers) > 20)
            old_key = (city.folder / "box-1.key").read_bytes()
            new = city.authority.issue("box-1", (), 90, PASSPHRASE, now_s(), again=True)
            (city.folder / "box-1.pem").write_bytes(new.certificate)  # without its key: no pair
            assert wait_until(lambda: "not used yet" in log.read_text()), log.read_text()
            seen = len(centre.numbers)
            assert wait_until(lambda: len(centre.numbers) > seen + 20)  # the old connection goes on
            assert old_key != new.key
            (city.folder / "box-1.key").write_bytes(new.key)
            assert wait_until(lambda: log.read_text().count("connected to") == 2), log.read_text()
            seen = len(centre.numbers)
            assert wait_until(lambda: len(centre.numbers) > seen + 20)
            stop.set()
            thread.join()
            assert wait_until(lambda: len(set(centre.numbers)) == put)
        assert list(dict.fromkeys(centre.numbers)) == list(range(put))
