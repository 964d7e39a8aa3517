"""A PostgreSQL for tests: its own cluster in a temporary folder and on a port of its own, no password."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psutil
import pytest

from tests.fakes.mosquitto import free_port

USER = "postgres"


def program(name: str) -> str:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which(name, path=":".join(map(str, places)))
    if found is None:
        pytest.skip("no PostgreSQL on this machine: deploy/debian-packages.sh")
    return found


class Postgres:
    """Starts on entering, and is stopped without mercy at the end."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"postgresql+pg8000://{USER}@127.0.0.1:{self.port}/postgres"
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._as_user = {"user": USER, "group": USER} if os.geteuid() == 0 else {}

    def __enter__(self) -> "Postgres":
        if self._as_user:  # initdb refuses to run as root
            record = pwd.getpwnam(USER)
            os.chown(self._folder, record.pw_uid, record.pw_gid)
        data = self._folder / "data"
        self._run(
            "initdb", "-D", str(data), "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"
        )
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "-D", str(data), "-w", "-l", str(self._folder / "log"), "-o", options, "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def processes(self) -> list[psutil.Process]:
        """All of them now: the first, its helpers, and one for each connection."""
        first = psutil.Process(int((self._folder / "data/postmaster.pid").read_text().split()[0]))
        return [first, *first.children()]

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [program(name), *arguments],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            **self._as_user,  # type: ignore[call-overload]
        )
        assert done.returncode == 0, done.stderr.decode()
