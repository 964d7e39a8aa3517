"""Signed batches: what was committed together is signed together, and every message carries its own proof.

Law: a message's leaf is its bytes without the two attributes that are appended here, `batch` and `signature`,
so that nothing has to be written anew to check it. Ed25519 has no randomness (RFC 8032) and a batch is fixed
when it is committed, so the same message is the same bytes however often it is signed. A batch of one has no
`batch`. Nothing here knows keys, files or time.
"""

import base64
import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass

from edge.audit.merkle import Hash, Proof, implied_root, leaf_hash
from edge.ports import Signer, Verifier
from edge.values import base64_text

KEY_ID_BYTES = 4
MOST_REMEMBERED = 1024

BATCH = r"[0-9]{1,7}/[1-9][0-9]{0,6}/[A-Za-z0-9+/]*={0,2}"
SIGNATURE = r"[0-9a-f]{8}\.[A-Za-z0-9+/]{86}=="
"""How the attributes are written: index/size/proof in base64, and key id.signature in base64."""

_TAIL = re.compile(
    (
        rf'(?:,"batch":"(?P<batch>{BATCH})"(?:,"signature":"(?P<signature>{SIGNATURE})")?'
        rf'|,"signature":"(?P<alone>{SIGNATURE})")\}}\Z'
    ).encode()
)
_LONGEST_TAIL_BYTES = 2048
"""The proof of a batch of ten million, and the signature, are less than this."""


@dataclass(frozen=True, slots=True)
class Batched:
    """A message taken apart.

    Attributes:
        leaf: its bytes without the attributes.
        index, size: its place in its batch.
        root: of the batch, to which its proof leads.
        signature: key id and signature, b"" where it is not signed.
    """

    leaf: bytes
    index: int
    size: int
    root: Hash
    signature: bytes = b""

    @property
    def key_id(self) -> bytes:
        """Which key signed it."""
        return self.signature[:KEY_ID_BYTES]


def key_id(key: bytes) -> bytes:
    """How a signature names its key: the first bytes of the key's SHA-256."""
    return hashlib.sha256(key).digest()[:KEY_ID_BYTES]


def covered(origin: str, size: int, root: Hash) -> bytes:
    """What is signed; `origin` is `safecity/<region>/<node>`."""
    return f"safecity batch v1\n{origin}\n{size}\n{root.hex()}\n".encode()


def placed(payload: bytes, index: int, size: int, proof: Proof) -> bytes:
    """A message with its place among those that it was committed with, each a leaf as it is here."""
    return _with(payload, "batch", f"{index}/{size}/{base64.b64encode(b''.join(proof)).decode()}")


def read(payload: bytes) -> Batched:
    """The message with its place.

    Raises:
        ValueError: what is written of its place is no proof.
    """
    start = max(0, len(payload) - _LONGEST_TAIL_BYTES)
    found = _TAIL.search(payload, start)
    if found is None:
        return Batched(payload, 0, 1, leaf_hash(payload))
    leaf = payload[: found.start()] + b"}"
    index, size, proof = (found["batch"] or b"0/1/").split(b"/", 2)
    root = implied_root(leaf_hash(leaf), int(index), int(size), _hashes(proof))
    if root is None:
        raise ValueError("the proof in `batch` is none for its place")
    return Batched(leaf, int(index), int(size), root, _signature(found["signature"] or found["alone"]))


class BatchSigner:
    """Signs what one box sends; a batch costs one signature while its messages come one after another."""

    def __init__(self, signer: Signer, origin: str) -> None:
        self._signer = signer
        self._origin = origin
        self._id = key_id(signer.key).hex()
        self._last: tuple[int, Hash, str] | None = None

    def signed(self, payload: bytes) -> bytes:
        """The message with its signature; the same for the same message.

        Raises:
            ValueError: what is written of its place in its batch is no proof.
        """
        batched = read(payload)
        last = self._last
        if last is None or last[:2] != (batched.size, batched.root):
            made = self._signer.sign(covered(self._origin, batched.size, batched.root))
            last = batched.size, batched.root, f"{self._id}.{base64.b64encode(made).decode()}"
            self._last = last
        return _with(payload, "signature", last[2])


class BatchVerifier:
    """Checks signatures; of a batch that was found good only the place of each message."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self._good: OrderedDict[tuple[bytes, bytes, bytes], None] = OrderedDict()

    def is_good(self, batched: Batched, origin: str, key: bytes) -> bool:
        """Whether the owner of this public key signed the batch that the message belongs to."""
        text, signature = covered(origin, batched.size, batched.root), batched.signature[KEY_ID_BYTES:]
        wanted = key, text, signature
        if wanted in self._good:
            self._good.move_to_end(wanted)
            return True
        if batched.key_id != key_id(key) or not self._verifier.verify(key, text, signature):
            return False
        self._good[wanted] = None
        if len(self._good) > MOST_REMEMBERED:
            self._good.popitem(last=False)
        return True


def _with(payload: bytes, name: str, value: str) -> bytes:
    return payload[:-1] + f',"{name}":"{value}"}}'.encode()


def _hashes(proof: bytes) -> tuple[Hash, ...]:
    raw = _decoded(proof)
    if len(raw) % 32:
        raise ValueError("the proof in `batch` wants hashes of 32 bytes")
    return tuple(raw[at : at + 32] for at in range(0, len(raw), 32))


def _signature(text: bytes | None) -> bytes:
    if text is None:
        return b""
    identity, _, encoded = text.partition(b".")
    return bytes.fromhex(identity.decode()) + _decoded(encoded)


def _decoded(text: bytes) -> bytes:
    try:
        return base64_text.read(text)
    except ValueError:
        raise ValueError("`batch` and `signature` want base64") from None
