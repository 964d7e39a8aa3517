"""Signed from the box to the database: real publish, broker and centre, and the program of the page."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from edge.adapters.authority import Authority
from edge.adapters.outbox import SqliteOutbox
from edge.values.message import RedactedMessage
from tests.fakes.centre_process import CentreProcess, Records
from tests.fakes.city import PASSPHRASE, now_s
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.sayings import event_id, saying
from tests.fakes.subscriber import Subscriber, wait_until

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "monitoring-centre" / "signatures.md"
(PROGRAM,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)


class Box:
    """`safecity-edge publish` of r/n, with a key of its own, enrolled by a certificate."""

    def __init__(self, folder: Path, url: str) -> None:
        self.config = folder / "node.yaml"
        self.config.write_text(
            f"node: n\nregion: r\nbroker: {{urls: ['{url}'], delivery: receipt, "
            "receipts: {unsigned: accept}}\n"
            "cameras: [{id: c1, source: plaza.mp4}]\n"
        )
        self.log = folder / "publish.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "edge.cli", "publish", str(self.config)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def enrol(folder: Path, config: Path) -> Path:
    """As the operator does it: a request on the box, signed at the authority, copied to the centre."""
    authority = Authority.found(folder / "ca", "City", 3650, PASSPHRASE, now_s())
    asked = [
        sys.executable,
        "-m",
        "edge.cli",
        "pki",
        "csr",
        "n",
        "--config",
        str(config),
        "--out",
        str(folder),
    ]
    subprocess.run(asked, check=True, cwd=ROOT, capture_output=True)
    _, made = authority.sign(folder / "n.csr", (), 90, PASSPHRASE, now_s())
    (folder / "boxes").mkdir()
    (folder / "boxes" / "n.pem").write_bytes(made)
    return folder / "boxes" / "n.pem"


def put(outbox: SqliteOutbox, first: int, count: int) -> None:
    """Some committed together and some alone."""
    said = [saying(event_id(1, n)) for n in range(first, first + count)]
    outbox.put(said[: count // 2])
    for each in said[count // 2 :]:
        outbox.put([each])


def quarantined(records: Records) -> list[str]:
    return [str(row[0]) for row in records.ask("SELECT why FROM quarantine")]  # type: ignore[index]


def test_what_a_box_signed_arrives_and_what_it_did_not_sign_is_set_aside(tmp_path: Path) -> None:
    signatures = "{certificates: ../boxes, ca_file: ../ca/ca.pem, crl_file: ../ca/crl.pem}"
    with Mosquitto(tmp_path / "broker") as broker, Subscriber(broker.port, "safecity/v1/r/n/#") as witness:
        box = Box(tmp_path, broker.url)
        certificate = enrol(tmp_path, box.config)
        (tmp_path / "var").mkdir(mode=0o700, exist_ok=True)
        outbox = SqliteOutbox(tmp_path / "var" / "outbox.db", "boot-1")
        with CentreProcess(tmp_path / "centre", broker.url, signatures=signatures) as centre:
            records = Records(centre.database)
            for round_ in range(
                3
            ):  # killed while some wait for their receipts, which makes it send them again
                box.start()
                put(outbox, 20 * round_, 20)
                assert wait_until(lambda seen=20 * round_: records.count() > seen), box.log.read_text()
                box.kill()
            box.start()
            assert wait_until(lambda: len(records.events()) == 60), centre.log.read_text()
            assert quarantined(records) == []
            forge(broker.port, witness)
            assert wait_until(lambda: len(quarantined(records)) == 3), centre.log.read_text()
            box.kill()
        assert len(set(records.events())) == len(records.events()) == 60
        told = sorted(quarantined(records))
        assert all(why.startswith("signature: ") for why in told)
        assert [("got none" in why) for why in told].count(True) == 1
        payloads = by_number(witness)
    assert all(len(set(each)) == 1 for each in payloads.values()), "a message was sent with other bytes"
    check_with_the_page(tmp_path, certificate, [each[0] for each in payloads.values()])


def forge(port: int, witness: Subscriber) -> None:
    """An event as the box would write it without its key; one altered; one with another's signature."""
    from paho.mqtt.publish import multiple  # noqa: PLC0415

    event = saying(event_id(9, 0))
    plain = event.stamped("boot-1", 900)
    (one, *_), (other, *_) = witness.payloads("/event/")[:1], witness.payloads("/event/")[-1:]
    altered = one.replace(b'"severity":"minor"', b'"severity":"severe"')
    tail = other[other.rindex(b',"signature":"') :]
    said = [plain, altered, plain[:-1] + tail]
    assert altered != one
    multiple([{"topic": event.topic, "payload": each, "qos": 1} for each in said], port=port)


def by_number(witness: Subscriber) -> dict[tuple[str, str], list[bytes]]:
    """All payloads of the box itself, by boot and sequence."""
    found: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for topic, payload in witness.got:
        message = json.loads(payload)
        forged = message.get("sequence", "").endswith("900") or b'"severity":"severe"' in payload
        if "/receipt" not in topic and not forged:
            found[message.get("boot", message["id"]), message.get("sequence", "")].append(payload)
    return found


def check_with_the_page(folder: Path, certificate: Path, payloads: list[bytes]) -> None:
    program = folder / "check.py"
    program.write_text(PROGRAM)
    command = [sys.executable, str(program), str(folder / "ca" / "ca.pem"), str(certificate)]
    assert any(b',"batch":"' in each for each in payloads)
    done = subprocess.run(command, input=b"\n".join(payloads) + b"\n", capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.count(b"good ") == len(payloads)
    broken = payloads[0].replace(b'"specversion":"1.0"', b'"specversion":"1.1"')
    done = subprocess.run(command, input=broken + b"\n", capture_output=True, check=False)
    assert done.returncode != 0
    assert b"InvalidSignature" in done.stderr


def test_a_box_that_is_enrolled_late_loses_nothing(tmp_path: Path) -> None:
    signatures = "{certificates: ../boxes, ca_file: ../ca/ca.pem}"
    with Mosquitto(tmp_path / "broker") as broker:
        box = Box(tmp_path, broker.url)
        enrolled = enrol(tmp_path, box.config)
        late = enrolled.rename(tmp_path / "n.late")
        (tmp_path / "var").mkdir(mode=0o700, exist_ok=True)
        said: list[RedactedMessage] = [saying(event_id(1, n)) for n in range(5)]
        SqliteOutbox(tmp_path / "var" / "outbox.db", "boot-1").put(said)
        with CentreProcess(tmp_path / "centre", broker.url, signatures=signatures) as centre:
            records = Records(centre.database)
            box.start()
            assert wait_until(lambda: any("no certificate of n here" in why for why in quarantined(records)))
            late.rename(enrolled)
            assert wait_until(lambda: len(records.events()) == 5), centre.log.read_text()
            box.kill()
