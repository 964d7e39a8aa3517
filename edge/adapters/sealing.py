"""Sealing of one segment: AES-256-GCM in chunks, each in its place, the last one marked as the last.

Law: no cipher is written here; AES-GCM and HKDF are those of `cryptography`. The construction is STREAM
(Hoang, Reyhanitabar, Rogaway, Vizár 2015, section 7) with a key of its own for every segment, as in Tink's
AES-GCM-HKDF streaming: nonce = 7 random bytes ‖ counter (4) ‖ last (1). Every chunk is bound to the whole
header of its file, so that to camera, slot, sequence, beginning and policy, and to what is said about the
chunk in the clear beside it. Plaintext is in memory only.
"""

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from edge.values.errors import FootageError

CHUNK_BYTES = 64 << 10
TAG_BYTES = 16
KEY_BYTES = 32
SALT_BYTES = 16
PREFIX_BYTES = 7
MOST_CHUNKS = 1 << 32


def derived(secret: bytearray, salt: bytes, info: bytes) -> bytearray:
    """32 bytes of HKDF-SHA256 in memory that can be wiped."""
    key = bytearray(KEY_BYTES)
    HKDF(hashes.SHA256(), KEY_BYTES, salt=salt, info=info).derive_into(secret, key)
    return key


def wipe(secret: bytearray) -> None:
    """Overwrite a secret in memory; copies that a library made are out of reach."""
    secret[:] = bytes(len(secret))


class Sealer:
    """Seals the chunks of one segment, in order; no nonce is used twice, because its number only grows."""

    def __init__(self, key: bytearray, prefix: bytes, bound: bytes) -> None:
        """Begin.

        Args:
            key: of this segment and no other.
            prefix: random, `PREFIX_BYTES` long.
            bound: what every chunk is bound to.
        """
        self._cipher, self._prefix, self._bound = AESGCM(key), prefix, bound
        self._number, self._ended = 0, False

    def chunk(self, content: bytes | memoryview, said: bytes, last: bool) -> bytes:
        """The next chunk, sealed, and bound to what is said about it in the clear.

        Raises:
            ValueError: the last one was sealed already.
        """
        if self._ended:
            raise ValueError("after the last chunk of a segment none is sealed")
        nonce = _nonce(self._prefix, self._number, last)
        self._number, self._ended = self._number + 1, last
        return self._cipher.encrypt(nonce, content, self._bound + said)


class Opener:
    """Opens what a `Sealer` sealed, in the same order."""

    def __init__(self, key: bytearray, prefix: bytes, bound: bytes) -> None:
        """Begin; the arguments are those of the `Sealer`."""
        self._cipher, self._prefix, self._bound = AESGCM(key), prefix, bound
        self._number = 0

    def chunk(self, chunk: bytes | memoryview, said: bytes, last: bool) -> bytes:
        """The content of the next chunk.

        Raises:
            FootageError: the key is another, or a byte was changed, moved, added or cut off.
        """
        nonce = _nonce(self._prefix, self._number, last)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, chunk, self._bound + said)
        except (InvalidTag, ValueError):
            raise _closed(self._number - 1) from None


def opened(sealed_bytes: memoryview, key: bytearray, prefix: bytes, bound: bytes) -> Iterator[bytes]:
    """The plaintext of a segment of format 1, chunk by chunk: all chunks but the last are full.

    Raises:
        FootageError: the key is another, or a byte was changed, moved, added or cut off.
    """
    cipher = AESGCM(key)
    step = CHUNK_BYTES + TAG_BYTES
    count = max(1, -(-len(sealed_bytes) // step))
    for number in range(count):
        chunk = sealed_bytes[number * step : (number + 1) * step]
        try:
            yield cipher.decrypt(_nonce(prefix, number, number == count - 1), chunk, bound)
        except (InvalidTag, ValueError):
            raise _closed(number) from None


def _closed(number: int) -> FootageError:
    return FootageError(
        f"sealed footage does not open at chunk {number}: the keys are others, or its bytes were changed"
    )


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    if number >= MOST_CHUNKS:
        raise ValueError(f"a segment wants at most {MOST_CHUNKS} chunks")
    return prefix + number.to_bytes(4, "big") + bytes([last])
