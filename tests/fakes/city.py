"""A city for tests: an authority, everybody's certificates, and a real Mosquitto with the generated files."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from edge.adapters.authority import Authority, Credentials
from edge.adapters.mosquitto_trial import Visitor
from edge.adapters.mqtt_endpoint import MqttEndpoint
from edge.config.fleet import FleetSpec, load
from edge.run import access
from tests.fakes.mosquitto import free_port, mosquitto_program
from tests.fakes.subscriber import wait_until

PASSPHRASE = "correct horse battery staple"
CLIENTS = {"centre-1": "centre", "duty": "operator", "auditor-1": "auditor", "canary": "canary"}
BOXES = ("box-1", "box-2", "box-3")
DAYS = 90


def now_s() -> int:
    return int(time.time())


def topic(box: str, below: str) -> str:
    return f"safecity/v1/north/{box}/{below}"


class City:
    """Everybody in one folder; `start` starts the broker, which listens on one address alone."""

    def __init__(
        self, folder: Path, address: str = "127.0.0.1", clients: Mapping[str, str] = CLIENTS
    ) -> None:
        self.clients = clients
        self.port = free_port()
        self.address = address
        self.folder = folder
        self.authority = Authority.found(folder / "ca", "City", 3650, PASSPHRASE, now_s())
        self.server = folder / "broker"
        self.server.mkdir()
        broker = self.authority.issue("broker", (address, "localhost"), DAYS, PASSPHRASE, now_s())
        self.keep(self.server, "broker", broker)
        shutil.copy(folder / "ca" / "ca.pem", self.server)
        for name in (*BOXES, *clients):
            self.issue(name)
        self._process: subprocess.Popen[bytes] | None = None
        self.log = folder / "mosquitto.log"

    @property
    def url(self) -> str:
        return f"mqtts://{self.address}:{self.port}"

    def keep(self, folder: Path, name: str, made: Credentials) -> None:
        (folder / f"{name}.pem").write_bytes(made.certificate)
        (folder / f"{name}.key").write_bytes(made.key)

    def issue(self, name: str, at_s: int | None = None) -> None:
        made = self.authority.issue(name, (), DAYS, PASSPHRASE, at_s or now_s(), again=True)
        self.keep(self.folder, name, made)

    def fleet(self, *without: str) -> FleetSpec:
        path = self.folder / "fleet.yaml"
        boxes = "".join(f"  - {{name: {each}, region: north}}\n" for each in BOXES if each not in without)
        clients = "".join(f"  - {{name: {name}, role: {role}}}\n" for name, role in self.clients.items())
        path.write_text(
            f"broker: {{port: {self.port}, address: {self.address}, folder: {self.server}, "
            f"state_dir: {self.folder}}}\n"
            f"probe: {{url: '{self.url}', ca_file: ca/ca.pem, cert_file: canary.pem, key_file: canary.key}}\n"
            f"boxes:\n{boxes}clients:\n{clients}"
        )
        return load(path)

    def install(self, *without: str) -> None:
        fleet = self.fleet(*without)
        own = "user root\n" if os.geteuid() == 0 else ""  # else it cannot read its own files here
        (self.server / "mosquitto.conf").write_text(own + access.configuration(fleet))
        (self.server / "access").write_text(access.access_file(fleet))
        shutil.copy(self.folder / "ca" / "crl.pem", self.server)

    def start(self) -> None:
        self.install()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [mosquitto_program(), "-c", str(self.server / "mosquitto.conf")], stdout=log, stderr=log
            )
        (self.folder / "pid").write_text(str(self._process.pid))
        assert wait_until(self._runs, 10), self.log.read_text()

    def reload(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)
        time.sleep(0.5)

    def __enter__(self) -> "City":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def endpoint(self, name: str, client_id: str | None = None) -> MqttEndpoint:
        return MqttEndpoint(
            self.url,
            client_id or name,
            ca_file=self.folder / "ca" / "ca.pem",
            cert_file=self.folder / f"{name}.pem",
            key_file=self.folder / f"{name}.key",
        )

    def files(self, name: str) -> str:
        """Where a name's certificate is, as keys of a configuration's `broker`."""
        return (
            f"ca_file: {self.folder}/ca/ca.pem, cert_file: {self.folder}/{name}.pem, "
            f"key_file: {self.folder}/{name}.key"
        )

    def visitor(self, name: str, client_id: str | None = None) -> Visitor:
        """A client with that name's certificate that listens to everything."""
        return Visitor(self.endpoint(name, client_id))

    def _runs(self) -> bool:
        """It listens, and a signal does not kill it any more."""
        return " running" in self.log.read_text()
