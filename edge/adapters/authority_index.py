"""The index of an authority: every certificate that it ever issued, and which it revoked, one JSON line each.

Law: it is only added to, and a line is on the disk before the certificate that it tells of leaves the
authority. A line that is not understood is an error, never skipped.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from edge.values.certificate import Certificate, Life, Standing
from edge.values.errors import StorageError
from edge.values.moment import NS_PER_S, rfc3339


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate of the index; `revoked_s` None while it was not revoked."""

    certificate: Certificate
    revoked_s: int | None = None

    def is_good(self, now_s: int) -> bool:
        """Whether a broker would still take it."""
        return self.revoked_s is None and self.certificate.life.standing(now_s) is not Standing.EXPIRED


class AuthorityIndex:
    """The index in one file, which is made if there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While entered no other process issues or revokes.

        Raises:
            StorageError: the file cannot be used.
        """
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as failure:
            raise self._trouble(failure) from failure
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def issued(self) -> tuple[Issued, ...]:
        """All certificates, in the order in which they were issued.

        Raises:
            StorageError: the file cannot be read, or a line of it is not understood.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except OSError as failure:
            raise self._trouble(failure) from failure
        found: dict[int, Issued] = {}
        for number, line in enumerate(lines, 1):
            try:
                _enter(found, json.loads(line))
            except (ValueError, KeyError, TypeError) as failure:
                raise StorageError(f"{self._path}:{number}: the index is damaged: {line[:60]!r}") from failure
        return tuple(found.values())

    def add_issued(self, certificate: Certificate, sha256: str, now_s: int) -> None:
        """Write down that a certificate is issued.

        Raises:
            StorageError: it cannot be written, so the certificate must not leave.
        """
        life = certificate.life
        self._append(
            {
                "act": "issued",
                "at": _text(now_s),
                "name": certificate.name,
                "serial": f"{certificate.serial:x}",
                "begins": _text(life.begins_s),
                "ends": _text(life.ends_s),
                "hosts": list(certificate.hosts),
                "events_key": certificate.events_key.hex(),
                "sha256": sha256,
            }
        )

    def add_revoked(self, certificate: Certificate, why: str, now_s: int) -> None:
        """Write down that a certificate is revoked.

        Raises:
            StorageError: it cannot be written.
        """
        serial = f"{certificate.serial:x}"
        self._append(
            {"act": "revoked", "at": _text(now_s), "name": certificate.name, "serial": serial, "why": why}
        )

    def _append(self, line: Mapping[str, object]) -> None:
        raw = json.dumps(line, ensure_ascii=False) + "\n"
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
        except OSError as failure:
            raise self._trouble(failure) from failure

    def _trouble(self, failure: OSError) -> StorageError:
        return StorageError(f"the index {self._path} cannot be used: {failure.strerror}")


def _enter(found: dict[int, Issued], line: Mapping[str, str]) -> None:
    serial = int(line["serial"], 16)
    if line["act"] == "revoked":
        found[serial] = replace(found[serial], revoked_s=_seconds(line["at"]))
        return
    if line["act"] != "issued" or serial in found:
        raise ValueError(line["act"])
    life = Life(_seconds(line["begins"]), _seconds(line["ends"]))
    key = bytes.fromhex(line.get("events_key", ""))
    found[serial] = Issued(Certificate(line["name"], serial, tuple(line["hosts"]), life, key))


def _text(seconds: int) -> str:
    return rfc3339(seconds * NS_PER_S)


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
