"""Where a broker is and how to speak to it: one URL with its identity and trust.

Law: credentials have no revealing `repr` and stand in no error text. `mqtts` never becomes `mqtt`, and `mqtt`
leaves this machine never. TLS is 1.3 or nothing. Certificate files are read anew for each connection.
"""

import ssl
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from edge.values.errors import ConfigError
from edge.values.loopback import is_loopback

PORTS = {"mqtt": 1883, "mqtts": 8883}


class MqttVersion(Enum):
    """Protocol versions; 3.1.1 is for the embedded pure-Python broker alone, because it hides refusals."""

    V5 = 5
    V311 = 4


@dataclass(frozen=True, slots=True)
class MqttEndpoint:
    """One broker address.

    Attributes:
        url: `mqtts://host[:port]`, or `mqtt://host[:port]` of this machine; without credentials.
        client_id: MQTT client id; brokers let one client of a name in at a time.
        version: protocol version.
        username: name at the broker, or None.
        password: its password, or None.
        ca_file: PEM file of the authority to trust instead of the system's.
        cert_file: PEM file of this box's certificate, with `key_file`.
        key_file: PEM file of this box's private key.
        keepalive_s: seconds between pings when nothing else is said; silence is noticed after twice that.
        connect_s: longest wait for a connection, seconds.

    Raises:
        ConfigError: the URL is none of these, or carries credentials.
    """

    url: str
    client_id: str
    version: MqttVersion = MqttVersion.V5
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    keepalive_s: int = 15
    connect_s: float = 5.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.username is not None or parts.password is not None:
            raise ConfigError("a broker URL wants no credentials in it; give them as username and password")
        plain = parts.scheme in PORTS and parts.hostname and not (parts.path or parts.query or parts.fragment)
        if not plain or not _has_sane_port(parts):
            raise ConfigError(f"a broker URL wants mqtt://host:port or mqtts://host:port, got {self.url!r}")
        if parts.scheme == "mqtt" and not is_loopback(self.host):
            raise ConfigError(
                f"{self.url}: wanted mqtts://; mqtt:// is for a broker on this machine (localhost) alone"
            )
        if (self.cert_file is None) is not (self.key_file is None):
            raise ConfigError("a client certificate wants cert_file and key_file, got one of them")

    @property
    def host(self) -> str:
        """Name or address of the broker."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """TCP port of the broker."""
        parts = urlsplit(self.url)
        return parts.port or PORTS[parts.scheme]

    def tls(self) -> ssl.SSLContext | None:
        """The TLS settings of an `mqtts` URL, None for `mqtt`.

        Raises:
            ConfigError: a certificate file cannot be read.
        """
        if urlsplit(self.url).scheme == "mqtt":
            return None
        try:
            context = ssl.create_default_context(cafile=None if self.ca_file is None else str(self.ca_file))
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            if self.cert_file is not None:
                context.load_cert_chain(self.cert_file, self.key_file)
        except OSError as error:
            raise ConfigError(f"{self.url}: certificate files cannot be used: {error}") from error
        return context


def _has_sane_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False
