"""The configuration of a monitoring centre's ingester: its schema, and what it compiles to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from edge import strictyaml
from edge.config import cross
from edge.config.fields import DatabaseUrl, Id, SafeBrokerUrl, Secret, Strict
from edge.config.schema import Access, CentreKeys, Log
from edge.config.secret import SecretRef
from edge.config.spec import BrokerSpec, EnrolledSpec
from edge.values.errors import ConfigError
from edge.values.log_spec import LogSpec


class Brokers(Access):
    """The MQTT brokers to listen to."""

    urls: list[SafeBrokerUrl] = Field(
        description="mqtts://host:port, or mqtt://localhost:port on this machine; all of them are "
        "listened to at once",
        min_length=1,
        max_length=8,
    )


class Database(Strict):
    """Where everything is stored."""

    url: DatabaseUrl = Field(
        "sqlite:///var/centre.db",
        description="sqlite:///FILE, relative to this file, or postgresql://USER@HOST:PORT/NAME",
    )
    password: Secret | None = Field(None, description="password at the database")


class Signatures(Strict):
    """How the centre knows that a message is its box's own."""

    certificates: str | None = Field(
        None,
        description="folder with the certificates of boxes, as .pem; each names the key with which its box "
        "signs",
    )
    ca_file: str | None = Field(None, description="PEM file of the authority that signed them")
    crl_file: str | None = Field(
        None, description="PEM file with those that it revoked, crl.pem of an authority"
    )
    unsigned: Literal["refuse", "accept"] = Field(
        "refuse",
        description="what becomes of messages of a box without a certificate here that names its key; of a "
        "box with one, what fails the check is always refused",
    )

    @model_validator(mode="after")
    def _has_what_it_checks_by(self) -> Self:
        if (self.certificates is None) is not (self.ca_file is None):
            raise ValueError("wanted certificates and ca_file together, got one of them")
        if self.crl_file is not None and self.certificates is None:
            raise ValueError("crl_file wants certificates and ca_file beside it")
        if self.certificates is None and self.unsigned == "refuse":
            raise ValueError(
                "wanted certificates and ca_file, by which signatures are checked, or unsigned: accept, "
                "which believes whoever the broker lets write"
            )
        return self


class Centre(Strict):
    """The configuration of one ingester of a monitoring centre."""

    name: Id = Field(description="name of this ingester; no two may share it")
    broker: Brokers
    signatures: Signatures = Field(
        description="by what a message is believed; without it nothing would be, so it has to be said"
    )
    receipts_key: str | None = Field(
        None,
        description="file with the private key with which this ingester signs its receipts, made when it is "
        "first wanted; without it receipts are not signed, and boxes that check them believe none",
    )
    database: Database = Field(default_factory=lambda: Database.model_validate({}))
    group: Id | None = Field(
        None,
        description="ingesters of the same group share the messages out among themselves (MQTT 5 shared "
        "subscription) and need the same PostgreSQL; alone unless given",
    )
    timezone: Annotated[str, AfterValidator(lambda name: cross.timezone(name).key)] = Field(
        "UTC", description="IANA name of the time zone in which times are shown"
    )
    log: Log = Field(default_factory=lambda: Log.model_validate({}))


@dataclass(frozen=True, slots=True)
class SignatureSpec:
    """By what a message is believed.

    Attributes:
        enrolled: where the boxes' certificates are; None where nothing can be checked.
        accept_unsigned: whether boxes without a certificate there are believed.
    """

    enrolled: EnrolledSpec | None
    accept_unsigned: bool


@dataclass(frozen=True, slots=True)
class CentreSpec:
    """One ingester.

    Attributes:
        name: its own, and its MQTT client id.
        broker: the brokers, all listened to.
        database: URL without a password; a relative file of SQLite made absolute.
        password: the database's.
        group: of the shared subscription, or None.
        timezone: in which times are shown.
        signatures: by what a message is believed.
        receipts_key: file of the key with which receipts are signed, or None.
        log: how its log is written.
    """

    name: str
    broker: BrokerSpec
    database: str
    password: SecretRef | None
    group: str | None
    timezone: ZoneInfo
    signatures: SignatureSpec
    receipts_key: Path | None
    log: LogSpec


SQLITE = "sqlite:///"


def load(path: Path) -> CentreSpec:
    """The configuration in `path`, compiled; relative paths in it count from its folder.

    Raises:
        ConfigError: it cannot be read or is wrong; the text names file, line, key, wanted and got.
    """
    centre = strictyaml.load(path, Centre, ConfigError)
    base = path.parent.resolve()
    if centre.group is not None and centre.database.url.startswith(SQLITE):
        raise ConfigError(
            f"{path}: group: ingesters of a group want one PostgreSQL, got {centre.database.url}; "
            "give database.url, or leave group out"
        )
    return CentreSpec(
        name=centre.name,
        broker=broker_of(centre.broker, centre.name, base),
        database=_database(centre.database.url, base),
        password=_secret("database.password", centre.database.password, base),
        group=centre.group,
        timezone=ZoneInfo(centre.timezone),
        signatures=SignatureSpec(_enrolled(centre.signatures, base), centre.signatures.unsigned == "accept"),
        receipts_key=_file(centre.receipts_key, base),
        log=centre.log.spec(),
    )


def is_one(path: Path) -> bool:
    """Whether this is the file of a centre, and not of a box or a fusion; what cannot be read is none."""
    found = strictyaml.keys(path)
    return "signatures" in found and "node" not in found and "rules" not in found


def _enrolled(signatures: Signatures, base: Path) -> EnrolledSpec | None:
    folder, authority = _file(signatures.certificates, base), _file(signatures.ca_file, base)
    if folder is None or authority is None:
        return None
    return EnrolledSpec(authority, folder, _file(signatures.crl_file, base))


def broker_of(broker: Brokers, client_id: str, base: Path) -> BrokerSpec:
    """Brokers as they are used by who calls itself so; relative paths count from `base`."""
    return BrokerSpec(
        urls=tuple(broker.urls),
        username=broker.username,
        password=_secret("broker.password", broker.password, base),
        ca_file=_file(broker.ca_file, base),
        cert_file=_file(broker.cert_file, base),
        key_file=_file(broker.key_file, base),
        client_id=client_id,
        keepalive_s=broker.keepalive_s,
    )


def centre_of(centre: CentreKeys, base: Path) -> EnrolledSpec:
    """By what receipts are believed; relative paths count from `base`."""
    folder, authority, revoked = (
        _file(each, base) for each in (centre.certificates, centre.ca_file, centre.crl_file)
    )
    assert folder is not None
    assert authority is not None
    return EnrolledSpec(authority, folder, revoked)


def _database(url: str, base: Path) -> str:
    if not url.startswith(SQLITE):
        return url
    return SQLITE + str((base / Path(url.removeprefix(SQLITE)).expanduser()).resolve())


def _secret(key: str, secret: Secret | None, base: Path) -> SecretRef | None:
    return None if secret is None else SecretRef(key, secret.env, _file(secret.file, base))


def _file(name: str | None, base: Path) -> Path | None:
    return None if name is None else (base / Path(name).expanduser()).resolve()
