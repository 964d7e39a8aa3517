"""The fleet file: who there is at a broker, and in which role; its schema, and what it compiles to."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from edge import strictyaml
from edge.config import cross
from edge.config.fields import ADDRESS, SERVER_FOLDER, BrokerUrl, Id, Strict
from edge.values.errors import ConfigError


class Role(StrEnum):
    """What a client is for; a box is none of these."""

    CENTRE = "centre"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    WITNESS = "witness"
    BUTTON = "button"
    FUSION = "fusion"
    EARS = "ears"
    GATEWAY = "gateway"
    CANARY = "canary"


class Listener(Strict):
    """The Mosquitto that the files are for."""

    port: int = Field(8883, description="TCP port for TLS", ge=1, le=65_535)
    address: Annotated[str, ADDRESS] = Field(
        "", description="address to listen on; all unless given", max_length=64
    )
    folder: Annotated[str, SERVER_FOLDER] = Field(
        "/etc/mosquitto/safecity",
        description="folder of its files at the broker: access, ca.pem, crl.pem, broker.pem, broker.key",
        max_length=200,
    )
    state_dir: Annotated[str, SERVER_FOLDER] = Field(
        "/var/lib/mosquitto", description="folder in which it remembers what it keeps", max_length=200
    )


class Probe(Strict):
    """How the canary logs in, to see that it may nothing."""

    url: BrokerUrl = Field(description="mqtts://host:port")
    ca_file: str = Field(description="PEM file of the authority")
    cert_file: str = Field(description="PEM file of the canary's certificate")
    key_file: str = Field(description="PEM file of its private key")


class Box(Strict):
    """A box: it writes below its own name, and reads its own receipts and commands."""

    name: Id = Field(description="its `node`, and the common name of its certificate")
    region: Id = Field(description="its `region`")


class Client(Strict):
    """Somebody else at the broker."""

    name: Id = Field(description="common name of its certificate")
    role: Role = Field(
        description="centre reads everything and writes receipts; operator reads how boxes and cameras are, "
        "writes signed commands and reads their answers; auditor and witness read heads of audit logs; "
        "button presses panic buttons; fusion reads events, states of cameras and readings, and writes below "
        "its own name; ears read the same for a fusion, and write to themselves alone; gateway writes "
        "readings of its sensors; canary may nothing"
    )
    region: Id | None = Field(None, description="only of this region; all unless given")


class Fleet(Strict):
    """Who there is at a broker."""

    broker: Listener = Field(default_factory=lambda: Listener.model_validate({}))
    probe: Probe | None = Field(None, description="for `pki probe`")
    boxes: list[Box] = Field(description="the boxes", min_length=1, max_length=20_000)
    clients: list[Client] = Field(
        description="everybody else; one is a canary", min_length=1, max_length=1000
    )

    @model_validator(mode="after")
    def _everybody_is_somebody(self) -> Self:
        names = [box.name for box in self.boxes] + [client.name for client in self.clients]
        if len(set(names)) < len(names):
            cross.unique(names, "boxes or clients")
        if not any(each.role is Role.CANARY for each in self.clients):
            raise ValueError(
                "clients: wanted a canary, which may nothing and so proves that the broker refuses: "
                "add {name: canary, role: canary}"
            )
        hearing = {f"{each.name}-ears" for each in self.clients if each.role is Role.FUSION}
        for each in self.clients:
            if each.role is Role.EARS and each.name not in hearing:
                raise ValueError(
                    f"clients: {each.name} hears for nobody: ears are named like a fusion that is here too, "
                    "with -ears behind, such as fusion-1-ears"
                )
        return self


@dataclass(frozen=True, slots=True)
class ProbeSpec:
    """How the canary logs in; every path absolute."""

    url: str
    ca_file: Path
    cert_file: Path
    key_file: Path


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody at the broker; role None for a box, region None for all."""

    name: str
    role: Role | None
    region: str | None


@dataclass(frozen=True, slots=True)
class FleetSpec:
    """Who there is at a broker.

    Attributes:
        port, address, folder, state_dir: of the broker.
        probe: how its canary logs in; None where the file does not say.
        members: boxes first, then the others.
    """

    port: int
    address: str
    folder: str
    state_dir: str
    probe: ProbeSpec | None
    members: tuple[Member, ...]

    @property
    def canary(self) -> Member:
        """The first canary."""
        return next(each for each in self.members if each.role is Role.CANARY)


def load(path: Path) -> FleetSpec:
    """The fleet file in `path`, compiled; relative paths in it count from its folder.

    Raises:
        ConfigError: it cannot be read or is wrong; the text names file, line, key, wanted and got.
    """
    read = strictyaml.read(path, Fleet, ConfigError)
    fleet, base = read.model, path.parent.resolve()
    if fleet.probe is not None and not fleet.probe.url.startswith("mqtts://"):
        raise ConfigError(
            read.refusal([(("probe", "url"), f"wanted mqtts://host:port, got {fleet.probe.url!r}")])
        )
    members = [Member(each.name, None, each.region) for each in fleet.boxes]
    members += [Member(each.name, each.role, each.region) for each in fleet.clients]
    broker = fleet.broker
    return FleetSpec(
        broker.port,
        broker.address,
        broker.folder.rstrip("/"),
        broker.state_dir.rstrip("/") + "/",
        None if fleet.probe is None else _probe(fleet.probe, base),
        tuple(members),
    )


def _probe(probe: Probe, base: Path) -> ProbeSpec:
    files = (probe.ca_file, probe.cert_file, probe.key_file)
    return ProbeSpec(probe.url, *((base / Path(each).expanduser()).resolve() for each in files))
