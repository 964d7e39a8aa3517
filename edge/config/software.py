"""The files of an update: a release with its signatures, and the ring of keys that a machine believes."""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from edge import strictyaml
from edge.config.fields import Id, Strict
from edge.governance.acceptance import Signature
from edge.values.errors import ConfigError
from edge.values.software import Release

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Signed(Strict):
    """One signature."""

    signer: Id = Field(description="name in the ring of keys")
    signature: str = Field(pattern=r"^[0-9a-f]{128}$", description="Ed25519, hex")


class ReleaseFile(Strict):
    """A release."""

    version: str = Field(pattern=r"^[0-9A-Za-z.+-]{1,40}$")
    sequence: int = Field(ge=1, le=1_000_000_000)
    issued: date
    expires: date
    share: int = Field(ge=0, le=100)
    archive: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._+-]{0,120}$")
    size: int = Field(ge=1, le=4 << 30)
    sha256: Hash
    signatures: list[Signed] = Field(default_factory=list, max_length=9)


class Holder(Strict):
    """Somebody who signs releases."""

    id: Id
    key: Hash = Field(description="public key, Ed25519, hex")


class Ring(Strict):
    """Who signs releases; two of them must."""

    keys: list[Holder] = Field(min_length=2, max_length=9)


def load_release(path: Path) -> tuple[Release, list[Signature]]:
    """A release and its signatures, not yet judged.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    read = strictyaml.load(path, ReleaseFile, ConfigError)
    said = read.model_dump(exclude={"signatures"})
    try:
        release = Release(**said)
    except ValueError as wrong:
        raise ConfigError(f"{path}: {wrong}") from wrong
    return release, [Signature(each.signer, bytes.fromhex(each.signature)) for each in read.signatures]


def load_ring(path: Path) -> dict[str, bytes]:
    """The keys that count, by name.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    ring = strictyaml.load(path, Ring, ConfigError)
    return {each.id: bytes.fromhex(each.key) for each in ring.keys}
