"""Ed25519 keys and signatures (RFC 8032), by the library `cryptography`; no cipher of our own.

Law: a private key is written once, for its owner alone, in a file that nobody else can read, and is never
shown.
"""

import os
import threading
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge.adapters.durable import sync_folder
from edge.values.errors import ConfigError, StorageError

MAX_BYTES = 4096
OTHERS = 0o077


class Ed25519Verifier:
    """The `Verifier` port."""

    def verify(self, key: bytes, covered: bytes, signature: bytes) -> bool:
        """Whether the signature is valid."""
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, covered)
        except (InvalidSignature, ValueError):
            return False
        return True


class Ed25519Signer:
    """The `Signer` port: a private key in memory."""

    __slots__ = ("_private",)

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def fresh(cls) -> "Ed25519Signer":
        """A new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, path: Path) -> "Ed25519Signer":
        """The key in a file.

        Raises:
            ConfigError: the file cannot be read, others can read it, or it holds no such key.
        """
        try:
            with path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & OTHERS:
                    raise ConfigError(f"{path}: others can read this private key; chmod 600 {path}")
                raw = file.read(MAX_BYTES)
        except OSError as failure:
            raise ConfigError(f"{path}: the private key cannot be read: {failure.strerror}") from failure
        try:
            found = serialization.load_pem_private_key(raw, password=None)
        except (ValueError, TypeError):
            found = None
        if not isinstance(found, Ed25519PrivateKey):
            raise ConfigError(f"{path}: wanted an Ed25519 private key in PEM without passphrase (PKCS #8)")
        return cls(found)

    @classmethod
    def kept(cls, path: Path) -> "Ed25519Signer":
        """The key in a file, which gets a new one if there is none; of several who try, one makes it.

        Raises:
            ConfigError: the file cannot be read, others can read it, or it holds no such key.
            StorageError: it cannot be written.
        """
        if not path.exists():
            beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
            beside.unlink(missing_ok=True)  # of a process of that number that was killed here
            cls.fresh().write(beside)
            try:
                with suppress(FileExistsError):
                    os.link(beside, path)
                sync_folder(path.parent)
            except OSError as failure:
                raise StorageError(f"{path} cannot be written: {failure.strerror}") from failure
            finally:
                beside.unlink()
        return cls.read(path)

    def write(self, path: Path) -> None:
        """Put the key into a new file, readable for its owner alone; it is on the disk when this returns.

        Raises:
            ConfigError: there is a file of that name, which is never overwritten.
            StorageError: it cannot be written.
        """
        raw = self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError as failure:
            raise ConfigError(f"{path} is there already, and a private key is never overwritten") from failure
        except OSError as failure:
            raise StorageError(f"{path} cannot be written: {failure.strerror}") from failure
        try:
            os.write(file, raw)
            os.fsync(file)
        finally:
            os.close(file)

    @property
    def key(self) -> bytes:
        """The public half."""
        raw = serialization.Encoding.Raw
        return self._private.public_key().public_bytes(raw, serialization.PublicFormat.Raw)

    def sign(self, covered: bytes) -> bytes:
        """The signature on these bytes."""
        return self._private.sign(covered)

    def __repr__(self) -> str:
        return f"Ed25519Signer({self.key.hex()[:16]}…)"
