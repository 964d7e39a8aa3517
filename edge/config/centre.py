"""The configuration of a monitoring centre's ingester: its schema, and what it compiles to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from edge import strictyaml
from edge.config import cross
from edge.config.fields import DatabaseUrl, Id, SafeBrokerUrl, Secret, Strict
from edge.config.schema import Access
from edge.config.secret import SecretRef
from edge.config.spec import BrokerSpec
from edge.values.errors import ConfigError


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


class Centre(Strict):
    """The configuration of one ingester of a monitoring centre."""

    name: Id = Field(description="name of this ingester; no two may share it")
    broker: Brokers
    database: Database = Field(default_factory=lambda: Database.model_validate({}))
    group: Id | None = Field(
        None,
        description="ingesters of the same group share the messages out among themselves (MQTT 5 shared "
        "subscription) and need the same PostgreSQL; alone unless given",
    )
    timezone: Annotated[str, AfterValidator(lambda name: cross.timezone(name).key)] = Field(
        "UTC", description="IANA name of the time zone in which times are shown"
    )


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
    """

    name: str
    broker: BrokerSpec
    database: str
    password: SecretRef | None
    group: str | None
    timezone: ZoneInfo


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
        broker=_broker(centre, base),
        database=_database(centre.database.url, base),
        password=_secret("database.password", centre.database.password, base),
        group=centre.group,
        timezone=ZoneInfo(centre.timezone),
    )


def _broker(centre: Centre, base: Path) -> BrokerSpec:
    broker = centre.broker
    return BrokerSpec(
        urls=tuple(broker.urls),
        username=broker.username,
        password=_secret("broker.password", broker.password, base),
        ca_file=_file(broker.ca_file, base),
        cert_file=_file(broker.cert_file, base),
        key_file=_file(broker.key_file, base),
        client_id=centre.name,
        keepalive_s=broker.keepalive_s,
    )


def _database(url: str, base: Path) -> str:
    if not url.startswith(SQLITE):
        return url
    return SQLITE + str((base / Path(url.removeprefix(SQLITE)).expanduser()).resolve())


def _secret(key: str, secret: Secret | None, base: Path) -> SecretRef | None:
    return None if secret is None else SecretRef(key, secret.env, _file(secret.file, base))


def _file(name: str | None, base: Path) -> Path | None:
    return None if name is None else (base / Path(name).expanduser()).resolve()
