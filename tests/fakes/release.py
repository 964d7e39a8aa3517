"""A release as it is handed over, and this machine behind overlays, on which it may be installed for real."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fakes.pages import ROOT

RELEASE = (
    "edge",
    "models",
    "requirements",
    "configs",
    "deploy",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "SECURITY.md",
)
APART = """
set -e
mount -t tmpfs none "$1"
for each in etc opt var/lib usr/local/bin; do
  mkdir -p "$1/$each/upper" "$1/$each/work"
  mount -t overlay overlay -o "lowerdir=/$each,upperdir=$1/$each/upper,workdir=$1/$each/work" "/$each"
done
cd /
"$2"
"""


def release(folder: Path) -> Path:
    """A copy of what a release holds; skips where nobody may have a machine of its own for it."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], check=False).returncode != 0:
        pytest.skip("wants root and a mount namespace of its own")
    folder.mkdir()
    for name in RELEASE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def apart(steps: str, folder: Path, within_s: float) -> str:
    """What a script says that runs on this machine behind overlays, which end with it."""
    (folder / "mnt").mkdir()
    (folder / "apart.sh").write_text(APART)
    script = folder / "steps.sh"
    script.write_text(steps)
    script.chmod(0o755)
    command = [
        "unshare",
        "-m",
        "--propagation",
        "private",
        "bash",
        folder / "apart.sh",
        folder / "mnt",
        script,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=within_s)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
