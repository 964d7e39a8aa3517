"""A real Mosquitto for tests: its own port, configuration and folder, killed without mercy at the end."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import psutil
import pytest

START_S = 10.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def mosquitto_program() -> str:
    found = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if found is None:
        pytest.skip("no mosquitto on this machine")
    return found


class Mosquitto:
    """Starts on construction; `lines` are added to its configuration."""

    def __init__(self, folder: Path, *lines: str, port: int | None = None, anonymous: bool = True) -> None:
        self.port = port or free_port()
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self._program = mosquitto_program()
        folder.mkdir(parents=True, exist_ok=True)
        self._config = folder / f"mosquitto-{self.port}.conf"
        self.log = folder / f"mosquitto-{self.port}.log"
        self._config.write_text(
            "\n".join(
                (
                    "per_listener_settings false",
                    f"listener {self.port} 127.0.0.1",
                    f"allow_anonymous {str(anonymous).lower()}",
                    "persistence false",
                    *(["user root"] if os.geteuid() == 0 else []),  # else it cannot read its own files
                    *lines,
                    "",
                )
            )
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "-c", str(self._config)], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"mosquitto did not start: {self.log.read_text()}")

    def process(self) -> psutil.Process:
        """For its memory and processor time."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> "Mosquitto":
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()
