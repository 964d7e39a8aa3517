"""Updates from first to last: packed, signed, built by the real installer, tried, kept or gone back from.

On this machine behind overlays, with Debian's own Python and packages that are pinned by hash.
"""

import json
import re
import tarfile
from pathlib import Path

import pytest

from edge.adapters.ed25519 import Ed25519Signer
from tests.fakes.box import Box, camera
from tests.fakes.release import apart, release

CRASH = (
    "def serve(",
    "def serve(self, *_: object) -> None:\n        raise RuntimeError('crashed')\n\n    def served(",
)
START = """#!/bin/bash
# Stops the box that runs, and starts what is current.
cd "$(dirname "$0")"
./stop.sh
setsid /opt/safecity-edge/current/bin/safecity-edge run box/box.yaml >>run.log 2>&1 </dev/null &
echo $! >pid
"""
STOP = """#!/bin/bash
cd "$(dirname "$0")"
if [ -f pid ]; then kill "$(cat pid)"; while kill -0 "$(cat pid)"; do sleep 0.1; done; fi 2>/dev/null
true
"""
STEPS = """#!/bin/bash
set -e
export PATH=/usr/bin:/bin:/usr/sbin:/sbin
cd FOLDER
trap ./stop.sh EXIT
edge=/opt/safecity-edge/current/bin/safecity-edge
sees() {
  for _ in $(seq 600); do
    if "$edge" status box/box.yaml --json 2>/dev/null | grep -q "\\"version\\": *\\"$1\\""; then
      echo "sees by $1"; return
    fi
    sleep 0.5
  done
  tail -40 run.log; exit 1
}
bundle() {
  "$edge" update pack "$1.tar.gz" --out "bundle-$1" --version "$1" --sequence "$2"
  for name in anna boris; do "$edge" update sign "bundle-$1" --key $name.key; done
}
try() {
  local own=(--ring ring.yaml --restart "$PWD/start.sh" --well 5 --most "$2")
  "$edge" update apply "bundle-$1" box/box.yaml "${own[@]}"
}
echo "== first"; 0.1.1/deploy/install.sh; ./start.sh; sees 0.1.1
echo "== unsigned"; "$edge" update pack 0.2.0.tar.gz --out alone --version 0.2.0 --sequence 1
"$edge" update sign alone --key anna.key
"$edge" update apply alone box/box.yaml --ring ring.yaml --restart FOLDER/start.sh && exit 1
readlink /opt/safecity-edge/current
echo "== good"; bundle 0.2.0 1; try 0.2.0 300; readlink /opt/safecity-edge/current; sees 0.2.0
echo "== bad"; bundle 0.3.0 2; try 0.3.0 60 && exit 1; readlink /opt/safecity-edge/current; sees 0.2.0
echo "== cut"; bundle 0.4.0 3; (try 0.4.0 300 >cut.log 2>&1 & echo $! >apply.pid; wait) || true &
until grep -q "is on trial" cut.log 2>/dev/null; do sleep 0.2; done
pkill -9 -P "$(cat apply.pid)" || kill -9 "$(cat apply.pid)"
readlink /opt/safecity-edge/current
/opt/safecity-edge/good/bin/safecity-edge update settle; ./start.sh; sees 0.2.0
"""


def sources(folder: Path, version: str, crashes: bool = False) -> Path:
    """A release of that version, and the archive of it."""
    source = release(folder / version)
    for name, pattern in (
        ("pyproject.toml", r'(?m)^version = ".*"'),
        ("edge/__init__.py", r'__version__ = ".*"'),
    ):
        file = source / name
        was = file.read_text()
        word = "version" if name == "pyproject.toml" else "__version__"
        file.write_text(re.sub(pattern, f'{word} = "{version}"', was, count=1))
    if crashes:
        watcher = source / "edge/run/watch.py"
        assert CRASH[0] in watcher.read_text()
        watcher.write_text(watcher.read_text().replace(*CRASH, 1))
    with tarfile.open(folder / f"{version}.tar.gz", "w:gz", compresslevel=1) as packed:
        packed.add(source, arcname=".")
    return source


def machine(folder: Path) -> None:
    """A box's configuration, three people's keys, and what starts and stops the box."""
    box = Box(folder / "box")
    box.configure(cameras=[camera("gate", box.clip)])
    held = []
    for name in ("anna", "boris", "vera"):
        signer = Ed25519Signer.fresh()
        signer.write(folder / f"{name}.key")
        held.append({"id": name, "key": signer.key.hex()})
    (folder / "ring.yaml").write_text(json.dumps({"keys": held}))
    for name, script in (("start.sh", START), ("stop.sh", STOP)):
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)


@pytest.mark.soak
@pytest.mark.process
@pytest.mark.timeout(3900)
def test_updates_are_installed_tried_kept_and_gone_back_from(tmp_path: Path) -> None:
    for version in ("0.1.1", "0.2.0", "0.4.0"):
        sources(tmp_path, version)
    sources(tmp_path, "0.3.0", crashes=True)
    machine(tmp_path)
    told = apart(STEPS.replace("FOLDER", str(tmp_path)), tmp_path, 3600.0)
    parts = dict(re.findall(r"(?ms)^== (\w+)\n(.*?)(?=^== |\Z)", told))
    assert "sees by 0.1.1" in parts["first"]
    assert re.search(r"releases/0\.1\.1-", parts["unsigned"]), "one signature is not enough"
    assert "release 0.2.0 passed" in parts["good"]
    assert re.search(r"releases/0\.2\.0-", parts["good"])
    assert "release 0.3.0 failed" in parts["bad"]
    assert re.search(r"back to 0\.2\.0-", parts["bad"])
    assert re.search(r"releases/0\.4\.0-\w+\nback to 0\.2\.0-", parts["cut"])
    assert parts["cut"].rstrip().endswith("sees by 0.2.0")
