"""Wiring of the key with which a box signs what it sends; made when it is first wanted, and never shown."""

from dataclasses import replace
from pathlib import Path

from edge.adapters.ed25519 import Ed25519Signer
from edge.audit.batch import BatchSigner
from edge.audit.head import origin_of
from edge.config.spec import NodeSpec
from edge.run.places import events_key_file
from edge.values.errors import StorageError
from edge.values.message import RedactedMessage


def signer_of(node: NodeSpec) -> BatchSigner:
    """Signs this box's messages.

    Raises:
        ConfigError: the key's file is none, or others can read it.
        StorageError: a new key cannot be written.
    """
    return signer_in(node.data_dir, node.region, node.node)


def signer_in(folder: Path, region: str, name: str) -> BatchSigner:
    """Signs messages of whoever has this data folder and this name.

    Raises:
        ConfigError: the key's file is none, or others can read it.
        StorageError: a new key cannot be written.
    """
    return BatchSigner(_kept(folder), origin_of(region, name))


def events_key(folder: Path) -> bytes:
    """The public half of the key in a data folder, for the certificate.

    Raises:
        ConfigError: the key's file is none, or others can read it.
        StorageError: a new key cannot be written.
    """
    return _kept(folder).key


def known_events_key(folder: Path) -> bytes | None:
    """The public half of the key in a data folder; None where none was made yet, and none is made.

    Raises:
        ConfigError: the key's file is none, or others can read it.
    """
    file = events_key_file(folder)
    return Ed25519Signer.read(file).key if file.exists() else None


def key_in(file: Path) -> Ed25519Signer:
    """The key in a file, which gets a new one if there is none.

    Raises:
        ConfigError: the key's file is none, or others can read it.
        StorageError: a new key cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as failure:
        raise StorageError(f"{file.parent} cannot be made: {failure.strerror}") from failure
    return Ed25519Signer.kept(file)


def signed(message: RedactedMessage, signer: BatchSigner) -> RedactedMessage:
    """A message that does not go through the outbox, signed alone."""
    return replace(message, body=signer.signed(message.body))


def _kept(folder: Path) -> Ed25519Signer:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as failure:
        raise StorageError(f"data_dir: {folder} cannot be made: {failure.strerror}") from failure
    return Ed25519Signer.kept(events_key_file(folder))
