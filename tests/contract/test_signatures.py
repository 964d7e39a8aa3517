"""The contract of who signs and who verifies, on the fake and on Ed25519."""

from pathlib import Path

import pytest

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.ports import Signer, Verifier
from edge.values.errors import ConfigError
from tests.fakes.policies import FakeKeys

PAIRS = [
    (FakeKeys("one"), FakeKeys("two"), FakeKeys()),
    (Ed25519Signer.fresh(), Ed25519Signer.fresh(), Ed25519Verifier()),
]


@pytest.mark.parametrize(("one", "two", "verifier"), PAIRS, ids=["fake", "ed25519"])
def test_a_signature_is_of_one_key_on_one_text(one: Signer, two: Signer, verifier: Verifier) -> None:
    signature = one.sign(b"text")
    assert (len(one.key), len(signature)) == (32, 64)
    assert verifier.verify(one.key, b"text", signature)
    assert not verifier.verify(two.key, b"text", signature)
    assert not verifier.verify(one.key, b"texts", signature)
    assert not verifier.verify(one.key, b"text", signature[:-1] + bytes([signature[-1] ^ 1]))


@pytest.mark.parametrize(("one", "two", "verifier"), PAIRS, ids=["fake", "ed25519"])
@pytest.mark.parametrize("signature", [b"", b"short", b"\0" * 64, b"\xff" * 64, b"x" * 65])
def test_what_is_no_signature_is_not_valid(
    one: Signer, two: Signer, verifier: Verifier, signature: bytes
) -> None:
    assert not verifier.verify(one.key, b"text", signature)
    assert not verifier.verify(b"no key", b"text", one.sign(b"text"))


def test_it_is_the_ed25519_of_rfc_8032() -> None:
    """Section 7.1, test 2."""
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert Ed25519Verifier().verify(key, b"\x72", signature)


def test_a_private_key_is_written_once_for_its_owner_and_never_shown(tmp_path: Path) -> None:
    path, key = tmp_path / "a.key", Ed25519Signer.fresh()
    key.write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Ed25519Signer.read(path).key == key.key
    with pytest.raises(ConfigError, match="never overwritten"):
        Ed25519Signer.fresh().write(path)
    assert path.read_text().splitlines()[1] not in repr(key)
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        Ed25519Signer.read(path)


@pytest.mark.parametrize(
    "text", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_without_a_key_is_an_error_that_names_it(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "b.key"
    path.write_bytes(text)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=r"b\.key: wanted an Ed25519 private key"):
        Ed25519Signer.read(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        Ed25519Signer.read(tmp_path / "nowhere")
