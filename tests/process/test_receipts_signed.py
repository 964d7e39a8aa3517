"""Receipts that the centre signed, by the real programs: what is forged, old or another's frees nothing."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from paho.mqtt.publish import multiple

from edge.adapters.authority import Authority
from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.outbox import SqliteOutbox
from edge.messages.receipt import receipt_bytes, topic_of
from edge.privacy.spec import Origin
from edge.values.receipt import Receipt
from edge.values.spans import Spans
from tests.fakes.box import eventually
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.city import PASSPHRASE, now_s
from tests.fakes.fuse_process import FuseProcess
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.sayings import event_id, saying
from tests.fakes.sensors import Speakers
from tests.fakes.subscriber import Subscriber

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
ORIGIN = Origin("r", "n")
SIGNED = "receipts_key: receipts.key"


def cli(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "edge.cli", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1, 5}, done.stderr
    return done.stdout + done.stderr


def enrol(folder: Path, url: str) -> Ed25519Signer:
    """As an operator does it: a request with the centre's file, signed and copied; the centre's key."""
    authority = Authority.found(folder / "ca", "City", 3650, PASSPHRASE, now_s())
    (folder / "centre").mkdir()
    config = folder / "centre" / "centre-1.yaml"
    config.write_text(
        f"name: centre-1\nbroker: {{urls: ['{url}']}}\nsignatures: {{unsigned: accept}}\n{SIGNED}\n"
    )
    cli("pki", "csr", "centre-1", "--config", str(config), "--out", str(folder))
    _, made = authority.sign(folder / "centre-1.csr", (), 90, PASSPHRASE, now_s())
    (folder / "centres").mkdir()
    (folder / "centres" / "centre-1.pem").write_bytes(made)
    return Ed25519Signer.read(folder / "centre" / "receipts.key")


class Box:
    """`safecity-edge publish` of r/n, and its outbox."""

    def __init__(self, folder: Path, broker: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "node.yaml"
        self.config.write_text(
            f"node: n\nregion: r\nbroker: {broker}\ncameras: [{{id: c1, source: plaza.mp4}}]\n"
        )
        self.log = folder / "publish.log"
        (folder / "var").mkdir(mode=0o700, exist_ok=True)
        self._path = folder / "var" / "outbox.db"
        self.outbox = SqliteOutbox(self._path, "boot-1")

    @contextmanager
    def running(self) -> Iterator[None]:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "edge.cli", "publish", str(self.config), "--verbose"]
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)
        try:
            eventually(lambda: "connected to" in self.log.read_text(), self.log.read_text)
            yield
        finally:
            process.kill()
            process.wait()

    def put(self, first: int, count: int) -> None:
        self.outbox.put([saying(event_id(1, n)) for n in range(first, first + count)])

    @property
    def waiting(self) -> int:
        return events(self._path)

    def refused(self, number: int, port: int, forged: bytes) -> bool:
        """Whether so many receipts were refused on one connection; one more is sent until they are."""
        publish(port, forged)
        return f"the {number}. of this connection" in self.log.read_text()


def events(outbox: Path) -> int:
    """How many messages about events wait; how a box or a fusion is doing is told again and again."""
    with closing(sqlite3.connect(outbox)) as db:
        query = "SELECT count(*) FROM messages WHERE topic LIKE '%/event/%' OR topic LIKE '%/fused/%'"
        return int(db.execute(query).fetchone()[0])


def publish(port: int, *payloads: bytes) -> None:
    said = [{"topic": topic_of(ORIGIN), "payload": each, "qos": 1} for each in payloads]
    multiple(said, port=port)  # type: ignore[arg-type]


def all_of(boot: str, upto: int, signer: Ed25519Signer | None = None, centre: str = "centre-1") -> bytes:
    return receipt_bytes(centre, ORIGIN, [Receipt(boot, Spans(((0, upto - 1),)))], signer)


def test_a_forged_an_old_and_a_replayed_receipt_free_nothing(tmp_path: Path) -> None:
    with (
        Mosquitto(tmp_path / "broker") as broker,
        Subscriber(broker.port, "safecity/v1/r/n/receipt") as witness,
    ):
        centre = enrol(tmp_path, broker.url)
        keys = "{certificates: ../centres, ca_file: ../ca/ca.pem, crl_file: ../ca/crl.pem}"
        box = Box(tmp_path / "box", f"{{urls: ['{broker.url}'], centre: {keys}}}")
        own = Ed25519Signer.kept(tmp_path / "box" / "var" / "events.key")
        box.put(0, 10)
        other = receipt_bytes("centre-1", Origin("r", "n2"), [Receipt("boot-1", Spans(((0, 9),)))], centre)
        with box.running():
            publish(
                broker.port,
                all_of("boot-0", 10, centre),  # true, of a run before: it frees nothing of this one
                all_of("boot-1", 10),
                all_of("boot-1", 10, Ed25519Signer.fresh()),
                all_of("boot-1", 10, own, "n"),
                other.replace(b'"node":"n2"', b'"node":"n"'),
            )
            eventually(lambda: box.refused(4, broker.port, all_of("boot-1", 10)), box.log.read_text)
            assert box.waiting == 10
            with CentreProcess(tmp_path / "centre", broker.url, more=SIGNED) as ingester:
                eventually(lambda: box.waiting == 0, ingester.log.read_text)
                assert len(set(Records(ingester.database).events())) == 10
            true = list(witness.payloads("/receipt"))[5:]
            assert true, "the centre told the box"
            box.put(10, 5)
            publish(broker.port, *true)
            eventually(lambda: box.refused(8, broker.port, all_of("boot-1", 15)), box.log.read_text)
            assert box.waiting == 5, "what the centre said before it had them frees none of the new ones"
        assert "receipt, signed by centre-1" in cli("check", str(box.config), "--json")


def test_a_box_told_to_believe_unsigned_ones_is_freed_of_everything_by_the_same_forgery(
    tmp_path: Path,
) -> None:
    """The mutant: what the test above looks at is the signature, and nothing else."""
    with Mosquitto(tmp_path / "broker") as broker:
        wanted = f"{{urls: ['{broker.url}'], delivery: receipt, receipts: {{unsigned: accept}}}}"
        box = Box(tmp_path / "box", wanted)
        box.put(0, 10)
        with box.running():
            assert box.waiting == 10
            publish(broker.port, all_of("boot-1", 10))
            eventually(lambda: box.waiting == 0, box.log.read_text)
        assert "can make this box forget" in box.log.read_text()
        assert "whoever the broker lets write one" in cli("check", str(box.config), "--json")


def test_a_box_that_could_not_check_receipts_is_refused_with_the_remedy_and_forgets_nothing(
    tmp_path: Path,
) -> None:
    box = Box(tmp_path / "box", "{urls: ['mqtt://localhost:9'], delivery: receipt}")
    box.put(0, 10)
    for verb in ("check", "publish"):
        command = [sys.executable, "-m", "edge.cli", verb, str(box.config)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 2, done.stdout
        assert "receipts: {unsigned: accept}" in " ".join(done.stderr.split())
    assert box.waiting == 10


def test_a_fusion_keeps_what_it_told_until_the_centre_signs_that_it_has_it(tmp_path: Path) -> None:
    with (
        Mosquitto(tmp_path / "broker", "max_queued_messages 100000") as broker,
        Subscriber(broker.port) as witness,
        Speakers(broker.port) as speakers,
    ):
        enrol(tmp_path, broker.url)
        keys = "centre: {certificates: ../centres, ca_file: ../ca/ca.pem}\n"
        outbox = tmp_path / "fusion" / "var" / "fusion" / "outbox.db"
        with FuseProcess(tmp_path / "fusion", broker.url, more=keys) as fuse:

            def told() -> list[bytes]:
                return [payload for topic, payload in list(witness.got) if topic.endswith("/fused/pressed")]

            eventually(lambda: witness.payloads("/fusion"), fuse.log.read_text)
            speakers.reading("panic-1", "panic", says="pressed")
            eventually(told, fuse.log.read_text)
            topic = "safecity/v1/north/fusion-1/receipt"
            boot = json.loads(told()[0])["boot"]
            forged = receipt_bytes("centre-1", Origin("north", "fusion-1"), [Receipt(boot, Spans(((0, 0),)))])
            multiple([{"topic": topic, "payload": forged, "qos": 1}], port=broker.port)
            eventually(lambda: "the 1. of this connection" in fuse.log.read_text(), fuse.log.read_text)
            assert events(outbox)
            fuse.kill()
            assert events(outbox)
            with CentreProcess(tmp_path / "centre", broker.url, more=SIGNED) as ingester:
                fuse.start()
                records = Records(ingester.database)
                wanted = json.loads(told()[0])["data"]["event_id"]
                query = f"SELECT count(*) FROM messages WHERE event_id = '{wanted}' AND revision = 0"
                eventually(lambda: records.ask(query)[0][0] == 1, ingester.log.read_text)  # type: ignore[index]
                eventually(lambda: events(outbox) == 0, fuse.log.read_text)
                fuse.stop()
                assert records.ask(query)[0][0] == 1  # type: ignore[index]
