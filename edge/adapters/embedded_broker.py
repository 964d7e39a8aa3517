"""A broker of the box's own, for a first try and for boxes without one: on loopback, without persistence.

Law: a Mosquitto found on the machine is preferred, because it speaks MQTT 5 and so tells refusals; else
amqtt, which speaks 3.1.1. It listens on loopback alone, lets everybody on the machine in, and dies with
the process that started it. It is no broker for several boxes.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from edge.adapters.mqtt_endpoint import MqttVersion
from edge.values.errors import BrokerError

HOST = "127.0.0.1"
START_S = 15.0
STOP_S = 5.0

SEARCH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"))
"""Debian keeps Mosquitto in /usr/sbin, which is on no ordinary user's PATH."""


def find_mosquitto() -> Path | None:
    """The Mosquitto of this machine, if there is one."""
    found = shutil.which("mosquitto", path=SEARCH)
    return None if found is None else Path(found)


class EmbeddedBroker:
    """A broker process, while entered.

    `folder` gets the generated configuration; `port` 0 takes a free one; `mosquitto` None means amqtt. Lines
    of `more` are added to a Mosquitto's configuration.

    Raises:
        BrokerError: on entering, the port is taken or the broker did not start.
    """

    def __init__(
        self, folder: Path, port: int = 0, mosquitto: Path | None = None, more: Sequence[str] = ()
    ) -> None:
        self.port = port
        self._folder = folder
        self._mosquitto = mosquitto
        self._more = more
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def best(cls, folder: Path, port: int = 0) -> "EmbeddedBroker":
        """On a Mosquitto if this machine has one, else on amqtt."""
        return cls(folder, port, find_mosquitto())

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"mqtt://{HOST}:{self.port}"

    @property
    def version(self) -> MqttVersion:
        """What it speaks at best."""
        return MqttVersion.V311 if self._mosquitto is None else MqttVersion.V5

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> "EmbeddedBroker":
        self.port = _take_port(self.port)
        child = Path(__file__).with_name("embedded_child.py")
        command = (sys.executable, "-P", str(child), *self._command())
        self._process = subprocess.Popen(  # noqa: S603 (no outside input)
            command,
            stdin=subprocess.PIPE,
            start_new_session=True,  # an interrupt at the terminal is for us, and the broker goes last
        )
        try:
            self._await_start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _command(self) -> tuple[str, ...]:
        if self._mosquitto is None:
            return ("amqtt", str(self.port))
        self._folder.mkdir(parents=True, exist_ok=True)
        config = self._folder / "mosquitto.conf"
        config.write_text(
            f"listener {self.port} {HOST}\nallow_anonymous true\npersistence false\n"
            "max_queued_messages 10000\nlog_dest stderr\nlog_type error\nlog_type warning\n"
            + "".join(f"{line}\n" for line in self._more)
        )
        return (str(self._mosquitto), "-c", str(config))

    def _await_start(self) -> None:
        deadline = time.monotonic() + START_S
        while self.is_alive and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self.port)) == 0:
                    return
            time.sleep(0.02)
        raise BrokerError(f"the embedded broker did not start on {self.url}")

    def stop(self) -> None:
        """End the broker process, if it runs."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None


def _take_port(port: int) -> int:
    """A free port, or this one if it is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise BrokerError(f"the embedded broker wants {HOST}:{port}, which is taken") from error
        found: int = probe.getsockname()[1]
        return found
