"""X.509 certificates, requests and lists of revoked ones (RFC 5280), by the library `cryptography`.

Law: keys are ECDSA P-256; requests may bring P-256, P-384 or Ed25519. A client's certificate can be nothing
but a client, a broker's nothing but a server: a stolen one of either kind cannot play the other part. A
client's may name the Ed25519 key that signs its messages, as the URI `urn:safecity:events:<64 hex digits>`.
What stands in a request beside its name, its key and that URI is not copied. Files are read here, never
written.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from edge.values.certificate import Certificate, Life
from edge.values.errors import ConfigError

PrivateKey = ec.EllipticCurvePrivateKey
PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

MAX_BYTES = 1 << 16
CURVES = ("secp256r1", "secp384r1")

EVENTS_KEY = re.compile(r"urn:safecity:events:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate is about: a broker with its hosts, or a client and the key that signs for it."""

    name: str
    hosts: tuple[str, ...] = ()
    events_key: bytes = b""

    def __post_init__(self) -> None:
        if self.hosts and self.events_key:
            raise ConfigError(f"{self.name}: a broker signs no events; leave the hosts out, or the key")

    def alternatives(self) -> list[x509.GeneralName]:
        """Its alternative names."""
        if self.events_key:
            return [x509.UniformResourceIdentifier(f"urn:safecity:events:{self.events_key.hex()}")]
        return [_host(each) for each in self.hosts]


@dataclass(frozen=True, slots=True)
class Issuer:
    """An authority that can sign: its certificate and its private key."""

    certificate: x509.Certificate
    key: PrivateKey

    def __repr__(self) -> str:
        return f"Issuer({name_of(self.certificate.subject)})"


def fresh_key() -> PrivateKey:
    """A new private key."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: PrivateKey, passphrase: str | None) -> bytes:
    """A private key for a file, under a passphrase or in the clear."""
    secured = (
        serialization.NoEncryption()
        if passphrase is None
        else serialization.BestAvailableEncryption(passphrase.encode())
    )
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secured)


def root(key: PrivateKey, name: str, life: Life) -> x509.Certificate:
    """The certificate with which an authority begins, signed by itself."""
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    public = key.public_key()
    built = (
        _builder(own, own, public, life)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    return built.sign(key, hashes.SHA256())


def leaf(issuer: Issuer, key: PublicKey, subject: Subject, life: Life) -> x509.Certificate:
    """A client's certificate, or a broker's where there are hosts."""
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject.name)])
    purpose = ExtendedKeyUsageOID.SERVER_AUTH if subject.hosts else ExtendedKeyUsageOID.CLIENT_AUTH
    built = (
        _builder(named, issuer.certificate.subject, key, life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(_issuer_key(issuer), critical=False)
    )
    if names := subject.alternatives():
        built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return built.sign(issuer.key, hashes.SHA256())


def revocations(issuer: Issuer, revoked: Iterable[tuple[int, int]], updated_s: int) -> bytes:
    """The list of revoked certificates, by serial and second of revocation, as PEM.

    It is good until the authority's own end: brokers get it by hand, and one that runs out lets nobody in.
    """
    built = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(_utc(updated_s))
        .next_update(issuer.certificate.not_valid_after_utc)
        .add_extension(_issuer_key(issuer), critical=False)
        .add_extension(x509.CRLNumber(updated_s), critical=False)
    )
    for serial, at_s in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(_utc(at_s))
        built = built.add_revoked_certificate(entry.build())
    return built.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def revoked_serials(path: Path, authority: x509.Certificate) -> frozenset[int]:
    """Serial numbers of the certificates that an authority revoked.

    Raises:
        ConfigError: the list cannot be read, or is not this authority's.
    """
    try:
        found = x509.load_pem_x509_crl(_content(path))
    except ValueError as failure:
        raise ConfigError(f"{path}: wanted a list of revoked certificates in PEM (X.509 CRL)") from failure
    if not found.is_signature_valid(authority.public_key()):  # type: ignore[arg-type]
        raise ConfigError(f"{path}: this list of revoked certificates is not signed by the authority")
    return frozenset(each.serial_number for each in found)


def updated_s(revoked_list: bytes) -> int:
    """When a list of revoked certificates was made."""
    return int(x509.load_pem_x509_crl(revoked_list).last_update_utc.timestamp())


def request(key: PrivateKey, subject: Subject) -> bytes:
    """A request for a certificate of that name, as PEM."""
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject.name)])
    built = x509.CertificateSigningRequestBuilder().subject_name(named)
    if names := subject.alternatives():
        built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def read_request(path: Path) -> tuple[str, PublicKey, bytes]:
    """Name and key of a request, whose sender has proved to have the private half, and its events key.

    Raises:
        ConfigError: it cannot be read, is none, is not signed by its key, or has a key of another sort.
    """
    try:
        found = x509.load_pem_x509_csr(_content(path))
    except ValueError as failure:
        raise ConfigError(f"{path}: wanted a certificate request in PEM (PKCS #10)") from failure
    if not found.is_signature_valid:
        raise ConfigError(f"{path}: the request is not signed by the key in it; make it anew")
    return name_of(found.subject), _permitted(path, found.public_key()), _events_key(found.extensions)


def read(path: Path) -> Certificate:
    """What the first certificate of a PEM file says.

    Raises:
        ConfigError: it cannot be read, or holds none.
    """
    return told(read_x509(path))


def read_x509(path: Path) -> x509.Certificate:
    """The first certificate of a PEM file.

    Raises:
        ConfigError: it cannot be read, or holds none.
    """
    try:
        return x509.load_pem_x509_certificate(_content(path))
    except ValueError as failure:
        raise ConfigError(f"{path}: wanted a certificate in PEM (X.509)") from failure


def told(certificate: x509.Certificate) -> Certificate:
    """What a certificate says."""
    extensions = certificate.extensions
    uris = (x509.UniformResourceIdentifier,)
    hosts = tuple(str(each.value) for each in _alternatives(extensions) if not isinstance(each, uris))
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    life = Life(int(begins.timestamp()), int(ends.timestamp()))
    serial, key = certificate.serial_number, _events_key(extensions)
    return Certificate(name_of(certificate.subject), serial, hosts, life, key)


def name_of(subject: x509.Name) -> str:
    """The common name, "" where there is not exactly one."""
    found = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if len(found) == 1 else ""


def _alternatives(extensions: x509.Extensions) -> tuple[x509.GeneralName, ...]:
    try:
        return tuple(extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except x509.ExtensionNotFound:
        return ()


def _events_key(extensions: x509.Extensions) -> bytes:
    """The key that signs events, b"" where not exactly one is named."""
    uris = (str(name.value) for name in _alternatives(extensions))
    found = [match[1] for uri in uris if (match := EVENTS_KEY.fullmatch(uri))]
    return bytes.fromhex(found[0]) if len(found) == 1 else b""


def _permitted(path: Path, key: object) -> PublicKey:
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES:
        return key
    raise ConfigError(f"{path}: wanted a key of P-256, P-384 or Ed25519, got another sort")


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError as failure:
        raise ConfigError(f"{path}: cannot be read: {failure.strerror}") from failure


def _builder(subject: x509.Name, issuer: x509.Name, key: PublicKey, life: Life) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_utc(life.begins_s))
        .not_valid_after(_utc(life.ends_s))
    )


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_key(issuer: Issuer) -> x509.AuthorityKeyIdentifier:
    own = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
