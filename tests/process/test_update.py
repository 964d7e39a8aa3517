"""An update on a real box: two versions side by side, a trial by the box's own status, and the way back."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from edge.adapters.ed25519 import Ed25519Signer
from edge.adapters.releases import Releases
from edge.run import status_socket, verb_update
from edge.run.status import BoxStatus
from edge.values.errors import SafecityError
from tests.fakes.box import Box, camera, eventually
from tests.fakes.pages import ROOT

pytestmark = [pytest.mark.process, pytest.mark.timeout(600)]

START = """#!/bin/bash
# Stops the box that runs, and starts what is current.
cd "$(dirname "$0")"
if [ -f pid ]; then kill "$(cat pid)"; while kill -0 "$(cat pid)"; do sleep 0.05; done; fi 2>/dev/null
setsid opt/current/bin/safecity-edge run box/box.yaml --verbose >>run.log 2>&1 </dev/null &
echo $! >pid
"""
BUILD = """#!/bin/bash
# deploy/install.sh of these releases: --fetch FOLDER, and --stage --home HOME with what that brought
set -e
if [ "$1" = --fetch ]; then mkdir "$2"; echo wheel >"$2/a.whl"; exit; fi
[ -z "$PIP_NO_INDEX" ] || [ "$(cat "$PIP_FIND_LINKS/a.whl")" = wheel ]
[ "$1 $2" = "--stage --home" ]
cd "$(dirname "$0")/.."
name=$(cat NAME)
mkdir -p "$3/releases/$name/bin"
cp -r edge "$3/releases/$name/edge"
program=$3/releases/$name/bin/safecity-edge
printf '#!/bin/bash\\nPYTHONPATH=%s exec PYTHON -P -m edge.cli "$@"\\n' "$3/releases/$name" >"$program"
chmod +x "$program"
echo "staged $name"
"""
CRASH = (
    "def serve(",
    "def serve(self, *_: object) -> None:\n        raise RuntimeError('crashed')\n\n    def served(",
)


class Machine:
    """A machine with a box and releases of it."""

    def __init__(self, folder: Path, broker: str = "embedded", prepare: Callable[[Box], object] = id) -> None:
        self.folder, self.home = folder, folder / "opt"
        self.box = Box(folder / "box", broker)
        self.box.configure(cameras=[camera("gate", self.box.clip)])
        prepare(self.box)
        self.sequence = 0
        self.keys = [folder / f"{name}.key" for name in ("anna", "boris", "vera")]
        for key in self.keys:
            Ed25519Signer.fresh().write(key)
        held = [{"id": key.stem, "key": Ed25519Signer.read(key).key.hex()} for key in self.keys]
        (folder / "ring.yaml").write_text(json.dumps({"keys": held}))
        (folder / "packages").mkdir()
        self.start = folder / "start.sh"
        self.start.write_text(START)
        self.start.chmod(0o755)
        archive = self.archive("1.0.0")
        with tarfile.open(archive) as packed:
            packed.extractall(folder / "first")
        subprocess.run([folder / "first/deploy/install.sh", "--stage", "--home", self.home], check=True)
        Releases(self.home).switch("1.0.0")
        subprocess.run([self.start], check=True)

    def archive(self, version: str, crashes: bool = False) -> Path:
        source = self.folder / f"source-{version}"
        shutil.copytree(ROOT / "edge", source / "edge", ignore=shutil.ignore_patterns("__pycache__"))
        said = source / "edge/__init__.py"
        said.write_text(f'"""An edge box."""\n\n__version__ = "{version}"\n')
        if crashes:
            watcher = source / "edge/run/watch.py"
            watcher.write_text(watcher.read_text().replace(*CRASH, 1))
        (source / "deploy").mkdir()
        (source / "deploy/install.sh").write_text(BUILD.replace("PYTHON -P", f"{sys.executable} -P"))
        (source / "deploy/install.sh").chmod(0o755)
        (source / "NAME").write_text(version)
        packed = self.folder / f"{version}.tar.gz"
        with tarfile.open(packed, "w:gz", compresslevel=1) as tar:
            tar.add(source, arcname=".")
        return packed

    def bundle(self, version: str, crashes: bool = False, out: Path | None = None) -> Path:
        self.sequence += 1
        out = out or self.folder / f"bundle-{version}"
        verb_update.pack(self.archive(version, crashes), out, version, self.sequence, 100)
        for key in self.keys[:2]:
            verb_update.sign(out, key)
        return out

    def command(self, verb: str, *arguments: str) -> list[str]:
        return [sys.executable, "-P", "-m", "edge.cli", "update", verb, *arguments]

    def verb(self, verb: str, *arguments: str, status: int = 0) -> str:
        done = subprocess.run(self.command(verb, *arguments), capture_output=True, text=True, check=False)
        assert done.returncode == status, f"{done.stdout}{done.stderr}{self.log()}"
        return done.stdout + done.stderr

    def trial(self, bundle: Path | None, most_s: int = 120) -> tuple[str, ...]:
        """Arguments of `apply`; of `obey` without a bundle."""
        words = () if bundle is None else (str(bundle),)
        own = (
            "--home",
            str(self.home),
            "--ring",
            str(self.folder / "ring.yaml"),
            "--restart",
            str(self.start),
        )
        return (*words, str(self.box.config), *own, "--well", "2", "--most", str(most_s))

    def supply(self) -> tuple[str, ...]:
        """More arguments: packages that another command brings, as under systemd."""
        brought = [
            "--home",
            self.home,
            "--ring",
            self.folder / "ring.yaml",
            "--out",
            self.folder / "packages",
        ]
        words = self.command("fetch", *map(str, brought))
        return ("--packages", str(self.folder / "packages"), "--fetch", shlex.join(words))

    def told(self) -> BoxStatus | None:
        with suppress(SafecityError):
            return status_socket.ask(self.box.folder / "var")
        return None

    def sees(self, version: str) -> bool:
        told = self.told()
        return (
            told is not None
            and told.version == version
            and bool(told.cameras)
            and not any(each.state.startswith(("starting", "connecting", "dead")) for each in told.cameras)
            and told.outbox is not None
            and told.outbox.connected
        )

    def log(self) -> str:
        log = self.folder / "run.log"
        return log.read_text()[-4000:] if log.exists() else ""

    def close(self) -> None:
        with suppress(OSError, ValueError):
            os.kill(int((self.folder / "pid").read_text()), signal.SIGKILL)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path)
    try:
        eventually(lambda: made.sees("1.0.0"), "the first version at work")
        yield made
    finally:
        made.close()


def test_a_good_release_stays_and_one_that_crashes_is_gone_back_from(machine: Machine) -> None:
    assert "release 1.1.0 passed" in machine.verb("apply", *machine.trial(machine.bundle("1.1.0")))
    eventually(lambda: machine.sees("1.1.0"), "the new version at work")
    assert machine.verb("apply", *machine.trial(machine.folder / "bundle-1.1.0")).endswith(
        "is here already\n"
    )

    crashing = machine.bundle("1.2.0", crashes=True)
    said = machine.verb("apply", *machine.trial(crashing, most_s=8), status=1)
    assert "release 1.2.0 failed" in said
    assert "back to 1.1.0" in said
    assert Releases(machine.home).current == "1.1.0"
    eventually(lambda: machine.sees("1.1.0"), "the version before at work again")
    assert "it failed on this machine before" in machine.verb("apply", *machine.trial(crashing), status=2)

    _a_trial_that_is_cut_off_ends_with_the_old_release(machine)


def _a_trial_that_is_cut_off_ends_with_the_old_release(machine: Machine) -> None:
    command = machine.command("apply", *machine.trial(machine.bundle("1.3.0", crashes=True)))
    cut = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert cut.stdout is not None
    assert "is on trial" in cut.stdout.readline()
    cut.kill()
    cut.wait()
    assert Releases(machine.home).current == "1.3.0", "the power went in the middle of the trial"
    assert (machine.home / "good").readlink().name == "1.1.0", "who goes back is not who is on trial"
    assert "back to 1.1.0" in machine.verb("settle", "--home", str(machine.home))
    assert Releases(machine.home).current == "1.1.0"
    assert machine.verb("settle", "--home", str(machine.home)) == ""
