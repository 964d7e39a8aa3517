"""Units under a real systemd with this tree as their program: what locks them in leaves them able to work.

The trial in `test_systemd.py` installs everything for real and takes its time; this one asks what a lock
forbids. It wants Debian's Python to be of the version that the packages here are for.
"""

import json
import re
import sys
import tarfile
import time
from datetime import timedelta
from pathlib import Path

import pytest

from edge.adapters.ed25519 import Ed25519Signer
from edge.messages.command import command_bytes, order_of
from edge.messages.examples import occupancy
from edge.privacy.spec import Origin
from edge.run import verb_update
from edge.run.wiring import updating
from edge.values.command import Verb
from tests.fakes.box import Box, eventually
from tests.fakes.governed import governed
from tests.fakes.machine import INSIDE, Machine
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.pages import ROOT
from tests.fakes.raw_sender import send

pytestmark = pytest.mark.process

PACKAGES = next(each for each in sys.path if each.endswith("site-packages"))
PYTHON = "/usr/bin/python3"
NONCE = "5e" * 16
PROGRAM = f"""#!/bin/sh
PYTHONPATH={ROOT}:{PACKAGES} exec {PYTHON} -P -m edge.cli "$@"
"""
TOLD = """#!/bin/bash
# deploy/install.sh of a release that tells what it could do, and is never built.
able() { "$@" >/dev/null 2>&1 && echo "$1 $2: yes" || echo "$1 $2: no"; }
reach() { PYTHON -c "import socket; socket.create_connection(('127.0.0.1', PORT), 5)"; }
told() {
  id -u
  able reach network
  able touch /opt/safecity-edge/mine
  able touch /var/lib/safecity-edge/mine
  able touch /etc/safecity-edge/mine
  able cat /var/lib/safecity-edge/secret
  able cat /etc/safecity-edge/node.yaml
}
if [ "$1" = --fetch ]; then mkdir "$2"; told >"$2/told.whl"; exit; fi
cat "$PIP_FIND_LINKS/told.whl" >/opt/safecity-edge/fetched
told >/opt/safecity-edge/built
exit 3
"""
UNITS = f"""
install -m 644 {ROOT}/deploy/systemd/*.service {ROOT}/deploy/systemd/*.path /etc/systemd/system
useradd --system --user-group --home-dir /var/lib/safecity-edge --no-create-home safecity-edge
install -d -m 755 /opt/safecity-edge/releases/1/bin
install -m 755 {INSIDE}/program /opt/safecity-edge/releases/1/bin/safecity-edge
ln -s releases/1 /opt/safecity-edge/current
install -d -o root -g safecity-edge -m 750 /etc/safecity-edge
install -d -o safecity-edge -g safecity-edge -m 700 /var/lib/safecity-edge /var/lib/safecity-edge/updates
install -o safecity-edge -m 600 /etc/hostname /var/lib/safecity-edge/secret
systemctl daemon-reload
"""


def machine(folder: Path, reads: Path) -> Machine:
    """A machine for the units, or a skip where they could not start this tree's program."""
    wanted = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if Path(PYTHON).resolve().name != wanted:
        pytest.skip(f"wants {PYTHON} to be {wanted}")
    if any(str(each).startswith(("/root", "/home", "/tmp")) for each in (ROOT, PACKAGES)):
        pytest.skip("wants the tree where ProtectHome= and PrivateTmp= let it be seen")
    (reads / "program").write_text(PROGRAM)
    return Machine(folder, reads)


def test_who_installs_has_no_network_and_who_fetches_has_nothing_else(tmp_path: Path) -> None:
    reads, night = tmp_path / "reads", Ed25519Signer.fresh()
    reads.mkdir()
    with Mosquitto(tmp_path / "broker") as broker, machine(tmp_path, reads) as box:
        release = governed_box(tmp_path, reads, broker.port, night)
        box.said("sh", "-ec", UNITS)
        box.said("cp", "-r", f"{INSIDE}/box/.", "/etc/safecity-edge")
        box.said("cp", "-r", f"{INSIDE}/bundles", "/opt/safecity-edge/bundles")
        box.said("systemctl", "start", "safecity-update.path")
        (reads / "order").write_bytes(order(night, release))
        whole = f"cp {INSIDE}/order order && mv order updates/1-{NONCE}.order"
        box.said("sh", "-c", f"cd /var/lib/safecity-edge && {whole}")

        def ended() -> str:
            return box.run("cat", f"/opt/safecity-edge/ends/{NONCE}.json").stdout

        def journal() -> str:
            return box.run("journalctl", "--no-pager", "-o", "cat", "-n", "60").stdout

        end = json.loads(eventually(ended, journal))
        assert end == {"signer": "night-shift", "doubt": "release"}, journal()
        fetched, built = able(box, "fetched"), able(box, "built")
        assert fetched == {"reach network"}
        assert built == {
            "touch /opt/safecity-edge/mine",
            "cat /var/lib/safecity-edge/secret",
            "cat /etc/safecity-edge/node.yaml",
        }
        assert box.said("cat", "/opt/safecity-edge/built").startswith("0\n")
        assert not box.said("cat", "/opt/safecity-edge/fetched").startswith("0\n")


def able(box: Machine, name: str) -> set[str]:
    """What the release could do there."""
    read = box.run("cat", f"/opt/safecity-edge/{name}")
    assert read.returncode == 0, box.run("journalctl", "--no-pager", "-n", "90").stdout
    told = read.stdout
    found = dict(re.findall(r"(?m)^(.+): (yes|no)$", told))
    assert len(found) == 6, told
    return {what for what, could in found.items() if could == "yes"}


def governed_box(folder: Path, reads: Path, port: int, night: Ed25519Signer) -> dict[str, object]:
    """A configuration, a policy that knows the night shift, and a bundle that two signed; its release."""
    made = Box(folder / "box")
    state = governed(folder, made.folder / "blobs", {"night-shift": night.key.hex()})
    own = {"file": "policy.yaml", "roots": state.policy["roots"]}
    made.configure(
        data_dir="/var/lib/safecity-edge",
        policy=own,
        updates={"home": "/opt/safecity-edge"},
        detector={"model": "./blobs"},
    )
    (reads / "box").mkdir()
    (reads / "box/node.yaml").write_text(made.config.read_text())
    for each in folder.glob("policy.yaml*"):
        (reads / "box" / each.name).write_bytes(each.read_bytes())
    signers = {name: Ed25519Signer.fresh() for name in ("anna", "boris")}
    ring = [{"id": name, "key": signer.key.hex()} for name, signer in signers.items()]
    (reads / "box/release-keys.yaml").write_text(json.dumps({"keys": ring}))
    (folder / "deploy").mkdir()
    (folder / "deploy/install.sh").write_text(TOLD.replace("PYTHON", PYTHON).replace("PORT", str(port)))
    (folder / "deploy/install.sh").chmod(0o755)
    with tarfile.open(folder / "a.tar.gz", "w:gz") as packed:
        packed.add(folder / "deploy", arcname="deploy")
    bundle, today = reads / "bundles/one", updating.today()
    updating.packed(folder / "a.tar.gz", bundle, "9.9.9", 1, 100, today, today + timedelta(days=9))
    for name, signer in signers.items():
        signer.write(folder / f"{name}.key")
        verb_update.sign(bundle, folder / f"{name}.key")
    said: dict[str, object] = json.loads((bundle / "release.json").read_text())
    return said


def order(signer: Ed25519Signer, release: dict[str, object]) -> bytes:
    """What the box would pass on; the clock of such a machine is not sure, so it answers a challenge."""
    data = order_of(Origin("test", "box"), Verb.UPDATE, "night-shift", NONCE, time.time_ns(), 120)
    told = {"version": release["version"], "number": release["sequence"], "sha256": release["sha256"]}
    return command_bytes({**data, **told, "challenge": "c" * 32}, signer)  # type: ignore[dict-item]


CENTRE = """
name: centre-1
broker: {urls: [mqtt://127.0.0.1:PORT]}
signatures: {unsigned: accept}
receipts_key: /var/lib/safecity-edge/receipts.key
database: {url: "sqlite:////var/lib/safecity-edge/centre.db"}
"""


def test_the_centre_stores_what_boxes_send_and_is_stopped_in_order(tmp_path: Path) -> None:
    reads = tmp_path / "reads"
    reads.mkdir()
    with Mosquitto(tmp_path / "broker") as broker, machine(tmp_path, reads) as made:
        (reads / "centre.yaml").write_text(CENTRE.replace("PORT", str(broker.port)))
        made.said("sh", "-ec", UNITS)
        made.said("cp", f"{INSIDE}/centre.yaml", "/etc/safecity-edge")
        made.said("systemctl", "start", "safecity-centre")

        def journal() -> str:
            return made.run("journalctl", "--no-pager", "-o", "cat", "-u", "safecity-centre").stdout

        eventually(lambda: "listening to" in journal(), journal)
        message = occupancy()
        send(broker.port, [(message.topic, message.stamped("b1", 1))])
        program = ["setpriv", "--reuid=safecity-edge", "--regid=safecity-edge", "--clear-groups"]
        program += ["/opt/safecity-edge/current/bin/safecity-edge"]
        asked = [*program, "centre", "events", "/etc/safecity-edge/centre.yaml"]
        eventually(lambda: "occupancy" in made.run(*asked).stdout, journal)
        made.said("systemctl", "stop", "safecity-centre")
        shown = made.said("systemctl", "show", "safecity-centre", "-p", "Result", "-p", "ExecMainStatus")
        assert shown.splitlines() == ["Result=success", "ExecMainStatus=0"], journal()
