"""Which key signs for whom: certificates of boxes, or of a centre, in a folder, each by the city's authority.

Law: a certificate proves itself, so the folder needs no guard and nobody types a key. One that the authority
did not sign, or revoked, enrols nobody and is told in the log. One that ran out still does: what was signed
while it was good may come later, and its end keeps a box out at the broker. The folder is read again when
it changed.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from edge.adapters import certificates
from edge.values.errors import ConfigError

log = logging.getLogger("centre")

LOOK_EVERY_S = 2.0


class Enrolment:
    """Keys of boxes, or of a centre's ingesters, by common name; `key` is the folder's in a configuration.

    Raises:
        ConfigError: the authority's certificate, its list of revoked ones or the folder cannot be read.
    """

    def __init__(
        self, authority: Path, folder: Path, revoked: Path | None, key: str = "signatures.certificates"
    ) -> None:
        self._key = key
        self._authority = certificates.read_x509(authority)
        self._folder = folder
        self._revoked = revoked
        self._seen = self._stamp()
        self._keys = self._read()
        self._look_after_s = time.monotonic() + LOOK_EVERY_S

    def of(self, node: str) -> tuple[bytes, ...]:
        """The keys with which this box may sign; none for a box that is not enrolled."""
        if time.monotonic() >= self._look_after_s:
            self._look_after_s = time.monotonic() + LOOK_EVERY_S
            self._look()
        return self._keys.get(node, ())

    @property
    def names(self) -> tuple[str, ...]:
        """Whose keys are known."""
        return tuple(sorted(self._keys))

    @property
    def boxes(self) -> int:
        """How many boxes are enrolled."""
        return len(self._keys)

    def _look(self) -> None:
        try:
            stamp = self._stamp()
            if stamp != self._seen:
                self._keys, self._seen = self._read(), stamp
        except ConfigError as error:
            log.warning("%s; the keys that were read before still hold", error)

    def _read(self) -> dict[str, tuple[bytes, ...]]:
        gone = self._gone()
        keys: dict[str, tuple[bytes, ...]] = defaultdict(tuple)
        for path, found in self._certificates():
            told = certificates.told(found)
            if told.serial in gone:
                log.warning("%s was revoked: it enrols nobody", path)
            elif told.events_key and told.events_key not in keys[told.name]:
                keys[told.name] += (told.events_key,)
        return {name: found for name, found in keys.items() if found}

    def _certificates(self) -> Iterator[tuple[Path, x509.Certificate]]:
        for path in self._paths():
            try:
                found = certificates.read_x509(path)
                found.verify_directly_issued_by(self._authority)
            except (ConfigError, ValueError, TypeError, InvalidSignature):
                log.warning("%s is no certificate of this authority: it enrols nobody", path)
            else:
                yield path, found

    def _gone(self) -> frozenset[int]:
        """Serial numbers of revoked certificates."""
        if self._revoked is None:
            return frozenset()
        return certificates.revoked_serials(self._revoked, self._authority)

    def _paths(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if path.suffix == ".pem")
        except OSError as failure:
            raise ConfigError(f"{self._key}: {self._folder} cannot be read: {failure.strerror}") from failure

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        """What changes when a file does."""
        watched = self._paths() + ([] if self._revoked is None else [self._revoked])
        found = ((path, path.stat()) for path in watched if path.exists())
        return tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in found)
