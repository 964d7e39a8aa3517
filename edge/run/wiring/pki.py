"""Wiring of the certificate authority: the folder of a city's own, and files for boxes and brokers."""

import time
from pathlib import Path

from edge.adapters import certificates, private_file
from edge.adapters.authority import Authority
from edge.adapters.authority_index import Issued
from edge.adapters.certificates import Subject
from edge.values.certificate import Certificate

__all__ = ["Authority", "Certificate", "Issued"]


def now_s() -> int:
    """Seconds of UTC by this machine's clock."""
    return int(time.time())


def authority(folder: Path) -> Authority:
    """The authority of a folder.

    Raises:
        ConfigError: there is none.
    """
    return Authority(folder)


def read(path: Path) -> Certificate:
    """What a certificate says.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    return certificates.read(path)


def request(name: str, folder: Path, events_key: bytes) -> tuple[Path, Path]:
    """Make a key and a request for its certificate in a folder; where both are.

    The request names `events_key` as the one with which its owner signs what it sends; b"" names none.

    Raises:
        ConfigError: a file is there already.
        StorageError: they cannot be written.
    """
    private_file.make_folder(folder)
    key = certificates.fresh_key()
    paths = folder / f"{name}.key", folder / f"{name}.csr"
    private_file.write_new(paths[0], certificates.key_pem(key, None))
    private_file.write_new(
        paths[1], certificates.request(key, Subject(name, (), events_key)), private_file.PUBLIC
    )
    return paths


def put(folder: Path, name: str, certificate: bytes, key: bytes | None, over: bool) -> Path:
    """Write a certificate, and its key if it was made here; where the certificate is.

    Raises:
        ConfigError: a file is there already, and `over` is not.
        StorageError: they cannot be written.
    """
    private_file.make_folder(folder)
    write = private_file.replace if over else private_file.write_new
    if key is not None:
        write(folder / f"{name}.key", key, private_file.PRIVATE)
    path = folder / f"{name}.pem"
    write(path, certificate, private_file.PUBLIC)
    return path


def make_folder(folder: Path) -> None:
    """Make a folder that everybody may read, if there is none: a broker reads it as a user of its own.

    Raises:
        StorageError: it cannot be made.
    """
    private_file.make_folder(folder, private_file.PUBLIC_FOLDER)


def renew(path: Path, text: str) -> None:
    """Put a text in place of what stands in a file, if anything does; everybody may read it.

    Raises:
        StorageError: it cannot be written.
    """
    private_file.replace(path, text.encode(), private_file.PUBLIC)
