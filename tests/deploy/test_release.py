"""What goes to other machines: the installer, the image, the playbook, the bill of materials."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.fakes.pages import ROOT
from tests.fakes.release import apart, release

DEPLOY = ROOT / "deploy"
SCRIPTS = sorted(DEPLOY.glob("**/*.sh"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_shellcheck_has_nothing_to_say(script: Path) -> None:
    program = shutil.which("shellcheck")
    if program is None:
        pytest.skip("no shellcheck on this machine")
    told = subprocess.run([program, str(script)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def made(*arguments: str) -> "subprocess.CompletedProcess[str]":
    program = DEPLOY / "install.sh"
    return subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False)


def test_the_installer_tells_what_it_can_and_refuses_what_it_cannot() -> None:
    assert "--uninstall --purge" in made("--help").stdout
    assert "unknown option --frobnicate" in made("--frobnicate").stderr
    assert made("--purge").returncode == 1, "alone it would remove nothing, or everything"


def test_every_package_is_pinned_by_hash() -> None:
    for name in ("runtime.txt", "build.txt", "centre.txt"):
        pinned = (ROOT / "requirements" / name).read_text()
        blocks = re.findall(r"(?m)^\S+==\S+.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+", pinned)
        assert len(blocks) == len(re.findall(r"(?m)^[A-Za-z]\S*==", pinned)) > 0, name


def test_the_centre_stands_on_what_the_box_stands_on() -> None:
    box, centre = (
        set(re.findall(r"(?m)^\S+==\S+", (ROOT / "requirements" / name).read_text()))
        for name in ("runtime.txt", "centre.txt")
    )
    assert box < centre


def test_the_image_runs_as_nobody_in_particular() -> None:
    said = (DEPLOY / "Containerfile").read_text()
    assert re.search(r"(?m)^USER 8470:8470$", said.rsplit("\nFROM ", 1)[1])
    assert said.count("--require-hashes") == 2
    for source in re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", said):
        for name in source.split():
            assert (ROOT / name).exists(), name


def test_containers_may_little_and_open_no_port() -> None:
    services = yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text())["services"]
    assert set(services) == {"broker", "box", "centre"}
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert "ports" not in service
        assert "privileged" not in service


def test_the_playbook_goes_on_only_where_a_box_sees() -> None:
    (play,) = yaml.safe_load((DEPLOY / "ansible/playbook.yml").read_text())
    assert play["serial"][0] == "1"
    assert play["max_fail_percentage"] == 0
    assert "connected" in play["tasks"][-1]["until"]


@pytest.fixture(scope="module")
def bill() -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, str(DEPLOY / "sbom.py")], capture_output=True, text=True, check=True
    )
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_the_bill_of_materials_holds_every_package_that_a_box_installs(bill: dict[str, object]) -> None:
    pinned = dict(re.findall(r"(?m)^(\S+)==([^\s;]+)", (ROOT / "requirements/runtime.txt").read_text()))
    components = bill["components"]
    assert isinstance(components, list)
    assert {each["name"]: each["version"] for each in components} == pinned
    for each in components:
        assert each["purl"] == each["bom-ref"] == f"pkg:pypi/{each['name']}@{each['version']}"
        assert each["externalReferences"][0]["hashes"]
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")


def test_the_same_release_has_the_same_bill(bill: dict[str, object]) -> None:
    again = subprocess.run(
        [sys.executable, str(DEPLOY / "sbom.py")], capture_output=True, text=True, check=True
    )
    assert json.loads(again.stdout) == bill


STEPS = """#!/bin/bash
set -e
install="RELEASE/deploy/install.sh --python /usr/bin/python3"
echo "== first"; $install
echo "== again"; $install
safecity-edge version | head -1
echo "data" > /var/lib/safecity-edge/kept; echo "node: a" > /etc/safecity-edge/node.yaml
sed -i 's/^version = .*/version = "0.9.9"/' RELEASE/pyproject.toml
echo "== staged"; before=$(readlink /opt/safecity-edge/current); $install --stage --home /opt/safecity-edge
[ "$(readlink /opt/safecity-edge/current)" = "$before" ]
[ "$(readlink /opt/safecity-edge/good)" = "$before" ]
/opt/safecity-edge/good/bin/safecity-edge update settle
echo "== upgrade"; $install
ls /opt/safecity-edge/releases | wc -l
setpriv --reuid=safecity-edge --regid=safecity-edge --clear-groups \\
  cat /var/lib/safecity-edge/kept /etc/safecity-edge/node.yaml
echo "== away"; $install --uninstall
ls /var/lib/safecity-edge/kept /etc/safecity-edge/node.yaml
echo "== purged"; $install --uninstall --purge
[ ! -e /var/lib/safecity-edge ] && [ ! -e /etc/safecity-edge ] && ! getent passwd safecity-edge
echo "== nothing"; $install --uninstall
"""


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_install_again_upgrade_and_remove_on_a_real_system(tmp_path: Path) -> None:
    source = release(tmp_path / "release")
    told = apart(STEPS.replace("RELEASE", str(source)), tmp_path, 1500.0)
    parts = dict(re.findall(r"(?ms)^== (\w+)\n(.*?)(?=^== |\Z)", told))
    assert "made   system user safecity-edge" in parts["first"]
    assert "systemctl enable --now safecity-edge" in parts["first"]
    assert "made" not in parts["again"]
    assert "Nothing to change." in parts["again"]
    assert re.search(r"(?m)^staged 0\.9\.9-[0-9a-f]{12}$", parts["staged"])
    assert "kept   /opt/safecity-edge/releases/0.9.9" in parts["upgrade"], "it was staged already"
    assert "data\nnode: a\n" in parts["upgrade"], "an upgrade keeps data and configuration"
    assert "Left: /etc/safecity-edge" in parts["away"]
    assert "made   user safecity-edge away" in parts["purged"]
    assert "Nothing to change." in parts["nothing"]
