"""A machine of its own under a real systemd: this one's files, every write to them kept in memory.

Law: nothing that runs in it can write to a file outside, not even systemd's own tidying of /tmp. The script
looks for itself, and ends before systemd starts where anything is still writable. The network is this
machine's own.
"""

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import pytest

from tests.fakes.box import eventually

SYSTEMD = Path("/lib/systemd/systemd")
NOT_APART = 3
"""With this the script ends where something outside could still be written, which is a mistake of its own."""
INSIDE = Path("/run/trial")
"""Where the folder that it was given lies in it, to be read."""
APART = ("unshare", "-m", "-p", "-f", "-u", "-i", "-C", "--kill-child", "--propagation", "private")
BOOT = r"""#!/bin/bash
# As the first process of namespaces of its own: WORK, a folder to mount on, and READS, one to be read inside.
set -eu
work=$1 reads=$2
mount --make-rprivate /
mount -t tmpfs -o mode=755 none "$work"
mkdir "$work"/{upper,work,new}
new=$work/new
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$new"
for each in tmp run var/tmp; do mount -t tmpfs -o mode=1777 none "$new/$each"; done
mkdir -p "$new/run/trial" "$new/run/old"
mount --bind "$reads" "$new/run/trial"
mount -o remount,bind,ro "$new/run/trial"
mount -t tmpfs -o mode=755 none "$new/dev"
for each in null zero full random urandom tty; do
  mknod -m 666 "$new/dev/$each" c $((16#$(stat -c %t /dev/$each))) $((16#$(stat -c %T /dev/$each)))
done
mkdir "$new/dev/shm" "$new/dev/pts"
mount -t tmpfs -o mode=1777 none "$new/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$new/dev/pts"
ln -s pts/ptmx "$new/dev/ptmx"
ln -s /proc/self/fd "$new/dev/fd"
mount -t proc proc "$new/proc"
mount --bind "$new/proc/sys" "$new/proc/sys"
mount -o remount,bind,ro "$new/proc/sys"
mount -t sysfs -o ro sysfs "$new/sys"
mount -t cgroup2 cgroup2 "$new/sys/fs/cgroup"
cd "$new"
pivot_root . run/old
umount -l /run/old
rmdir /run/old
while read -r _ at kind how _; do
  case $kind in tmpfs | overlay | proc | sysfs | cgroup2 | devpts) continue ;; esac
  case $how in ro | ro,*) continue ;; esac
  echo "still writable: $at ($kind $how)" >&2
  exit 3
done </proc/mounts
[ ! -e "$reads" ] || { echo "$reads is still seen from inside" >&2; exit 3; }
chmod 755 /run
rm -rf /etc/systemd/system/*.wants
printf 'node\n' >/etc/hostname
exec env -i container=trial PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=basic.target --show-status=no --log-target=journal
"""


class Machine:
    """A context manager: a machine whose systemd is up; it ends with everything that was written in it."""

    def __init__(self, folder: Path, reads: Path) -> None:
        """A machine that is off; `reads` lies at `INSIDE` in it. Skips where there can be none."""
        wanted = [shutil.which(each) for each in ("unshare", "nsenter", "systemctl")]
        self._tree = _unified()
        if os.geteuid() != 0 or None in wanted or not SYSTEMD.exists() or self._tree is None:
            pytest.skip("wants root, systemd, util-linux and a tree of cgroup v2")
        if subprocess.run([*APART, "true"], capture_output=True, check=False).returncode != 0:
            pytest.skip("wants namespaces of its own")
        self._group = self._tree / f"safecity-trial-{os.getpid()}"
        self._work = folder / "work"
        self._work.mkdir()
        self._script = folder / "boot.sh"
        self._script.write_text(BOOT)
        self._reads = reads
        self._log = folder / "machine.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._first: psutil.Process | None = None

    def __enter__(self) -> Self:
        self._group.mkdir()
        command = (
            f'echo $$ >"{self._group}/cgroup.procs"; exec {" ".join(APART)} bash "{self._script}" "$1" "$2"'
        )
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["bash", "-c", command, "machine", self._work, self._reads], stdout=log, stderr=log
            )
        try:
            eventually(self._is_up, self._log.read_text)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        (self._group / "cgroup.kill").write_text("1")
        self._process.wait()
        eventually(lambda: "populated 0" in (self._group / "cgroup.events").read_text(), "everybody's end")
        for each in sorted((each for each in self._group.rglob("*") if each.is_dir()), reverse=True):
            each.rmdir()
        self._group.rmdir()

    def run(self, *words: str, within_s: float = 120.0) -> "subprocess.CompletedProcess[str]":
        """A command in it, as root."""
        assert self._first is not None
        inside = ["nsenter", "-t", str(self._first.pid), "-m", "-p", "-u", "-i", "-C", "-r", "-w", "--"]
        return subprocess.run(
            [*inside, *words],
            env={"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root"},
            capture_output=True,
            text=True,
            check=False,
            timeout=within_s,
        )

    def said(self, *words: str, within_s: float = 120.0) -> str:
        """What a command in it says; fails the test where the command does."""
        done = self.run(*words, within_s=within_s)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def _is_up(self) -> bool:
        assert self._process is not None
        if (status := self._process.poll()) is not None:
            end = pytest.fail if status == NOT_APART else pytest.skip
            end(f"no systemd came up, {status}: {self._log.read_text()}")
        children = psutil.Process(self._process.pid).children()
        if not children or children[0].name() != "systemd":
            return False
        self._first = children[0]
        return self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded")


def _unified() -> Path | None:
    """Where the tree of cgroup v2 is mounted, if it can be written."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, at, kind, *_ = line.split()
        if kind == "cgroup2" and os.access(at, os.W_OK):
            return Path(at)
    return None
