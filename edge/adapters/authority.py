"""A city's own small certificate authority: a folder with its key, its index and its list of revoked ones.

Law: its private key is on the disk under a passphrase only, and in memory only while something is signed. One
name has one good certificate, a second only as the next of the first. Time comes in. Where certificates go is
the caller's.

    ca.key     private key, PKCS #8, encrypted       0600
    ca.pem     its certificate: what boxes and brokers trust
    crl.pem    what it revoked
    index.jsonl   every certificate that it issued
"""

import re
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from edge.adapters import certificates, private_file
from edge.adapters.authority_index import AuthorityIndex, Issued
from edge.adapters.certificates import Issuer, PrivateKey, PublicKey, Subject
from edge.values.certificate import DAY_S, Certificate, Life
from edge.values.errors import ConfigError

BACKDATED_S = 600
"""Certificates begin earlier by this, for clocks that are behind."""

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")
LEAST_PASSPHRASE = 12


@dataclass(frozen=True, slots=True)
class Credentials:
    """A certificate with its private key, both PEM."""

    certificate: bytes
    key: bytes

    def __repr__(self) -> str:
        return "Credentials(…)"


class Authority:
    """The authority of a folder.

    Raises:
        ConfigError: there is none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._x509 = certificates.read_x509(folder / "ca.pem")
        self._index = AuthorityIndex(folder / "index.jsonl")

    @classmethod
    def found(cls, folder: Path, name: str, days: int, passphrase: str, now_s: int) -> "Authority":
        """Make a new one.

        Raises:
            ConfigError: there is one already, or the passphrase is too short.
            StorageError: it cannot be written.
        """
        if len(passphrase) < LEAST_PASSPHRASE:
            raise ConfigError(
                f"the passphrase wants {LEAST_PASSPHRASE} characters or more, got {len(passphrase)}"
            )
        private_file.make_folder(folder)
        key = certificates.fresh_key()
        own = certificates.root(key, name, Life(now_s - BACKDATED_S, now_s + days * DAY_S))
        private_file.write_new(folder / "ca.key", certificates.key_pem(key, passphrase))
        with AuthorityIndex(folder / "index.jsonl").alone():
            nothing = certificates.revocations(Issuer(own, key), (), now_s - BACKDATED_S)
            private_file.write_new(folder / "crl.pem", nothing, private_file.PUBLIC)
            private_file.write_new(folder / "ca.pem", _pem(own), private_file.PUBLIC)
        return cls(folder)

    @property
    def certificate(self) -> Certificate:
        """Its own certificate."""
        return certificates.told(self._x509)

    def issued(self) -> tuple[Issued, ...]:
        """Every certificate that it issued.

        Raises:
            StorageError: the index cannot be read.
        """
        return self._index.issued()

    def issue(
        self,
        name: str,
        hosts: tuple[str, ...],
        days: int,
        passphrase: str,
        now_s: int,
        again: bool = False,
        events_key: bytes = b"",
    ) -> Credentials:
        """A new key and its certificate; `again` where the name has a good one, which stays good.

        Raises:
            ConfigError: name, hosts, days or passphrase will not do, or the name has a good one.
            StorageError: it cannot be entered in the index.
        """
        key = certificates.fresh_key()
        about = Subject(name, hosts, events_key)
        made = self._sign(key.public_key(), about, days, passphrase, now_s, again)
        return Credentials(made, certificates.key_pem(key, None))

    def sign(
        self, csr: Path, hosts: tuple[str, ...], days: int, passphrase: str, now_s: int, again: bool = False
    ) -> tuple[str, bytes]:
        """Name and certificate (PEM) for a request, whose key never left its owner.

        Raises:
            ConfigError: the request, hosts, days or passphrase will not do, or the name has a good one.
            StorageError: it cannot be entered in the index.
        """
        name, key, events_key = certificates.read_request(csr)
        about = Subject(name, hosts, events_key)
        return name, self._sign(key, about, days, passphrase, now_s, again)

    def revoke(self, name: str, why: str, passphrase: str, now_s: int) -> tuple[Issued, ...]:
        """Revoke every good certificate of a name, and renew the list for brokers; what was revoked.

        Raises:
            ConfigError: the name has none, or the passphrase does not fit.
            StorageError: it cannot be written.
        """
        issuer = Issuer(self._x509, self._key(passphrase))
        with self._index.alone():
            found = self._good(name, now_s)
            if not found:
                known = ", ".join(sorted({each.certificate.name for each in self.issued()})) or "none"
                raise ConfigError(f"{name} has no good certificate; certificates were issued to: {known}")
            for each in found:
                self._index.add_revoked(each.certificate, why, now_s)
            self._renew_list(issuer, now_s)
        return found

    def _sign(
        self,
        key: PublicKey,
        about: Subject,
        days: int,
        passphrase: str,
        now_s: int,
        again: bool,
    ) -> bytes:
        name = about.name
        self._judge(name, about.hosts, now_s + days * DAY_S)
        issuer = Issuer(self._x509, self._key(passphrase))
        with self._index.alone():
            if self._good(name, now_s) and not again:
                raise ConfigError(
                    f"{name} has a good certificate already: rotate it, or revoke it if it is lost"
                )
            life = Life(now_s - BACKDATED_S, now_s + days * DAY_S)
            made = certificates.leaf(issuer, key, about, life)
            self._index.add_issued(certificates.told(made), made.fingerprint(hashes.SHA256()).hex(), now_s)
        return _pem(made)

    def _judge(self, name: str, hosts: tuple[str, ...], ends_s: int) -> None:
        if NAME.fullmatch(name) is None:
            raise ConfigError(f"a name wants 1 to 40 lower-case letters, digits and hyphens, got {name!r}")
        for host in hosts:
            if HOST.fullmatch(host) is None:
                raise ConfigError(f"--host: wanted a host name or an address, got {host!r}")
        left = self.certificate.life.days_left(ends_s)
        if left < 0:
            raise ConfigError(f"--days: it would outlive the authority by {-left} days; give fewer")

    def _good(self, name: str, now_s: int) -> tuple[Issued, ...]:
        return tuple(e for e in self.issued() if e.certificate.name == name and e.is_good(now_s))

    def _renew_list(self, issuer: Issuer, now_s: int) -> None:
        """Of two lists a broker takes the newer, so each is a second newer than the last or more."""
        path = self._folder / "crl.pem"
        newer_s = max(now_s - BACKDATED_S, certificates.updated_s(path.read_bytes()) + 1)
        gone = [(e.certificate.serial, e.revoked_s) for e in self.issued() if e.revoked_s is not None]
        private_file.replace(path, certificates.revocations(issuer, gone, newer_s), private_file.PUBLIC)

    def _key(self, passphrase: str) -> PrivateKey:
        path = self._folder / "ca.key"
        try:
            found = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode())
        except OSError as failure:
            raise ConfigError(f"{path}: cannot be read: {failure.strerror}") from failure
        except (ValueError, TypeError):  # not `from`: nothing about the passphrase may show
            raise ConfigError(f"{path}: the passphrase does not fit this key") from None
        if not isinstance(found, PrivateKey) or found.public_key() != self._x509.public_key():
            raise ConfigError(f"{path}: this key is not the one of ca.pem beside it")
        return found


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
