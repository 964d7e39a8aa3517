"""The units under a real systemd: installed, started, killed, updated by an order from afar, taken away."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from edge.adapters.ed25519 import Ed25519Signer
from edge.centre.order_form import Filled
from edge.run import verb_update
from edge.values.command import Verb
from edge.values.errors import SafecityError
from tests.deploy.test_update_chain import sources
from tests.fakes.box import Box, camera, eventually
from tests.fakes.governed import governed
from tests.fakes.machine import INSIDE, Machine
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.pages import ROOT
from tests.process.test_commands import Console

CONFIG = Path("/etc/safecity-edge/node.yaml")
PATIENCE_S = 900.0
"""For pip, on a machine that has more to do."""
UNIT = (ROOT / "deploy/systemd/safecity-update.service").read_text()
OBEY = next(line for line in UNIT.splitlines() if line.startswith("ExecStart="))
SOON = f"[Service]\nExecStart=\n{OBEY} --well 5 --most 120\n"


@pytest.mark.process
def test_what_is_written_in_a_machine_stays_in_it(tmp_path: Path) -> None:
    """Or the trials below, and systemd's own tidying, would reach this one's files."""
    reads, kept = tmp_path / "reads", tmp_path / "kept"
    reads.mkdir()
    kept.write_text("kept")
    with Machine(tmp_path, reads) as machine:
        assert machine.said("cat", "/proc/1/comm") == "systemd"
        machine.said("sh", "-c", "echo a >/etc/a-trial; echo a >/opt/a-trial; echo a >/tmp/a-trial")
        assert machine.run("touch", str(INSIDE / "a-trial")).returncode != 0
        assert machine.run("ls", str(kept)).returncode != 0
    assert kept.read_text() == "kept"
    assert not [each for each in ("/etc", "/opt", "/tmp", reads) if (Path(each) / "a-trial").exists()]


@pytest.mark.soak
@pytest.mark.process
@pytest.mark.timeout(5400)
def test_a_box_is_installed_started_killed_updated_from_afar_and_taken_away(tmp_path: Path) -> None:
    reads, night = tmp_path / "reads", Ed25519Signer.fresh()
    reads.mkdir()
    with Mosquitto(tmp_path / "broker") as broker:
        console = written(tmp_path, reads, broker.url, night)
        with Machine(tmp_path, reads) as machine:
            machine.said(f"{INSIDE}/0.1.1/deploy/install.sh", within_s=PATIENCE_S)
            machine.said(
                "sh", "-c", f"cp -r {INSIDE}/box/* {CONFIG.parent} && chgrp -R safecity-edge {CONFIG.parent}"
            )
            machine.said("systemctl", "enable", "--now", "safecity-update.path")
            machine.said("systemctl", "enable", "safecity-settle", "safecity-edge")
            machine.said("systemctl", "start", "safecity-edge")
            sees(machine, "0.1.1")
            is_killed_and_comes_back(machine)
            is_updated(machine, console)
            gives_up_what_cannot_be_mended(machine)
            is_taken_away(machine)


@pytest.mark.soak
@pytest.mark.process
@pytest.mark.timeout(5400)
def test_the_playbook_puts_a_release_on_a_box_and_changes_nothing_when_run_again(tmp_path: Path) -> None:
    """On the machine itself instead of through SSH; everything else is as for a fleet."""
    program = shutil.which("ansible-playbook")
    if program is None:
        pytest.skip("no ansible-playbook on this machine; `make lint` brings one")
    reads = tmp_path / "reads"
    reads.mkdir()
    with Mosquitto(tmp_path / "broker") as broker:
        written(tmp_path, reads, broker.url, Ed25519Signer.fresh())
        shutil.copytree(ROOT / "deploy/ansible", reads / "ansible")
        sha256 = hashlib.sha256((reads / "0.1.1.tar.gz").read_bytes()).hexdigest()
        (reads / "inventory.yml").write_text(
            "boxes: {hosts: {here: {ansible_connection: local, ansible_become: false, "
            f"ansible_python_interpreter: /usr/bin/python3, configuration: {INSIDE}/box/node.yaml}}}}}}\n"
        )
        play = [program, "-i", f"{INSIDE}/inventory.yml", f"{INSIDE}/ansible/playbook.yml"]
        play += ["-e", f"release={INSIDE}/0.1.1.tar.gz", "-e", f"sha256={sha256}"]
        with Machine(tmp_path, reads) as machine:
            machine.said("sh", "-c", f"mkdir {CONFIG.parent} && cp -r {INSIDE}/box/* {CONFIG.parent}")
            machine.said("rm", str(CONFIG))
            first = machine.said(*play, within_s=PATIENCE_S)
            assert re.search(r"here +: ok=\d+ +changed=[1-9]", first), first
            sees(machine, "0.1.1")
            again = machine.said(*play, within_s=PATIENCE_S)
            assert re.search(r"here +: ok=\d+ +changed=0 ", again), again
            wrong = machine.run(*play, "-e", f"sha256={'0' * 64}", within_s=PATIENCE_S)
            assert wrong.returncode != 0, "another archive than the one that was checked"


def written(folder: Path, reads: Path, url: str, night: Ed25519Signer) -> Console:
    """Releases, bundles and a configuration for the machine to read; who orders of its box."""
    box = Box(folder / "box", url)
    state = governed(folder, box.folder / "blobs", {"night-shift": night.key.hex()})
    night.write(state.office.key_file("night-shift"))
    own = {"file": "policy.yaml", "roots": state.policy["roots"]}
    box.configure(
        data_dir="/var/lib/safecity-edge",
        policy=own,
        updates={"home": "/opt/safecity-edge"},
        cameras=[camera("gate", box.clip)],
    )
    (reads / "box").mkdir()
    (reads / "box/node.yaml").write_text(box.config.read_text().replace(str(box.folder), str(CONFIG.parent)))
    shutil.copy(box.clip, reads / "box")
    shutil.copytree(box.folder / "blobs", reads / "box/blobs")
    for each in folder.glob("policy.yaml*"):
        shutil.copy(each, reads / "box")
    (reads / "box/release-keys.yaml").write_text(json.dumps({"keys": bundles(folder, reads)}))
    return Console(folder, url, state.office)


def bundles(folder: Path, reads: Path) -> list[dict[str, str]]:
    """The first release as it is handed over, and two that are signed; the keys of who signed."""
    sources(reads, "0.1.1")
    signers = {name: Ed25519Signer.fresh() for name in ("anna", "boris")}
    for name, signer in signers.items():
        signer.write(folder / f"{name}.key")
    for sequence, version in enumerate(("0.2.0", "0.3.0"), 1):
        sources(folder, version, crashes=version == "0.3.0")
        out = reads / "bundles" / version
        verb_update.pack(folder / f"{version}.tar.gz", out, version, sequence, 100)
        for name in signers:
            verb_update.sign(out, folder / f"{name}.key")
    return [{"id": name, "key": signer.key.hex()} for name, signer in signers.items()]


def is_killed_and_comes_back(machine: Machine) -> None:
    before = shown(machine, "MainPID")
    machine.said("kill", "-9", before)
    eventually(lambda: shown(machine, "MainPID") not in ("0", before), "the box started again")
    sees(machine, "0.1.1")
    before = shown(machine, "MainPID")
    machine.said("systemctl", "reload", "safecity-edge")
    sees(machine, "0.1.1")
    assert shown(machine, "MainPID") == before


def is_updated(machine: Machine, console: Console) -> None:
    """By an order that the box passes on: the path unit wakes root's, which believes the person alone."""
    drop = "/etc/systemd/system/safecity-update.service.d"
    machine.said("sh", "-c", f"mkdir {drop}; cat >{drop}/soon.conf <<'END'\n{SOON}END\n")
    machine.said("systemctl", "daemon-reload")
    machine.said("cp", "-r", f"{INSIDE}/bundles", "/opt/safecity-edge/bundles")
    eventually(console.is_heard, "a box that hears orders")
    ordered(machine, console, "0.2.0")
    sees(machine, "0.2.0")
    eventually(console.is_heard, "a box that hears orders")
    with pytest.raises(SafecityError, match=r"\(unfit\)"):
        ordered(machine, console, "0.3.0")
    sees(machine, "0.2.0")
    machine.said("systemctl", "restart", "safecity-settle")
    assert "code=exited, status=0" in machine.run("systemctl", "status", "safecity-settle").stdout
    assert "release 0.2.0 passed" in journal(machine, "safecity-update")


def ordered(machine: Machine, console: Console, version: str) -> None:
    release = console.config.parent / "reads/bundles" / version / "release.json"
    try:
        console.says(Verb.UPDATE, "night-shift", Filled(release=release), PATIENCE_S)
    except SafecityError as error:
        raise type(error)(f"{error}\n{journal(machine, 'safecity-update')}") from error


def gives_up_what_cannot_be_mended(machine: Machine) -> None:
    """A mistake in the configuration ends it with 2, and is not tried for ever; mended, it starts."""
    machine.said("sed", "-i.right", 's/.cameras./"camras"/', str(CONFIG))
    machine.said("systemctl", "restart", "safecity-edge")
    eventually(lambda: shown(machine, "ActiveState") == "failed", lambda: journal(machine))
    assert shown(machine, "ExecMainStatus") == "2"
    assert "camras" in journal(machine)
    machine.said("cp", f"{CONFIG}.right", str(CONFIG))
    machine.said("systemctl", "restart", "safecity-edge")
    sees(machine, "0.2.0")


def is_taken_away(machine: Machine) -> None:
    """While it runs."""
    machine.said(f"{INSIDE}/0.1.1/deploy/install.sh", "--uninstall", "--purge")
    assert machine.run("systemctl", "list-unit-files", "--no-legend", "safecity-*").stdout == ""
    assert machine.run("id", "safecity-edge").returncode != 0


def sees(machine: Machine, version: str) -> None:
    """Until the box says that it is of that version, sees and has its broker."""

    def well() -> bool:
        told = machine.run("safecity-edge", "status", str(CONFIG), "--json")
        if told.returncode != 0:
            return False
        box = json.loads(told.stdout)
        seeing = [each["state"] for each in box["cameras"]] == ["ok"]
        return bool(box["version"] == version and seeing and box["outbox"] and box["outbox"]["connected"])

    eventually(well, lambda: journal(machine))


def shown(machine: Machine, what: str) -> str:
    return machine.said("systemctl", "show", "safecity-edge", "--value", "-p", what)


def journal(machine: Machine, unit: str = "safecity-edge") -> str:
    return machine.said("journalctl", "--no-pager", "-o", "cat", "-n", "60", "-u", unit)
