"""Signed heads: how many entries there are and the root over them, in the words of C2SP tlog-checkpoint.

Law: a head is a signed note (c2sp.org/signed-note, c2sp.org/tlog-checkpoint): three lines of text, an empty
line, and one signature line. The key's name is the log's origin. Any tool for such notes can check it.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from edge.audit.merkle import Hash
from edge.ports import Signer, Verifier
from edge.values import base64_text

ED25519 = b"\x01"
"""Type of an Ed25519 signature in a note."""

ID_BYTES = 4

_NOTE = re.compile(
    rb"(?P<text>(?P<origin>[^\n +]+)\n(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)\n"
    rb"\xe2\x80\x94 (?P<name>[^\n +]+) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)

_BETWEEN = re.compile(rb"(?:(?:key [^\n]*)?\n)*")
"""What stands between notes that were written down one after another, as `audit head` prints them."""


@dataclass(frozen=True, slots=True)
class Head:
    """State of a log.

    Attributes:
        origin: which log, `safecity/<region>/<node>`.
        size: how many entries.
        root: over their leaves, 32 bytes.
    """

    origin: str
    size: int
    root: Hash

    def text(self) -> bytes:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with its signature and the name of its key."""

    head: Head
    key_id: bytes
    signature: bytes

    def note(self) -> bytes:
        """The whole note."""
        signed = base64.b64encode(self.key_id + self.signature).decode()
        return self.head.text() + f"\n\u2014 {self.head.origin} {signed}\n".encode()

    def is_signed_by(self, key: bytes, verifier: Verifier) -> bool:
        """Whether the owner of this public key signed it."""
        mine = key_id(self.head.origin, key) == self.key_id
        return mine and verifier.verify(key, self.head.text(), self.signature)


def origin_of(region: str, node: str) -> str:
    """Name of a node's log, and of its key."""
    return f"safecity/{region}/{node}"


def key_id(name: str, key: bytes) -> bytes:
    """First bytes of SHA-256 over name, line end, type and key, as signed-note wants it."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + key).digest()[:ID_BYTES]


def signed(head: Head, signer: Signer) -> SignedHead:
    """The head, signed."""
    return SignedHead(head, key_id(head.origin, signer.key), signer.sign(head.text()))


def verifier_key(name: str, key: bytes) -> str:
    """A public key as tools for notes want it: name+id+key."""
    return f"{name}+{key_id(name, key).hex()}+{base64.b64encode(ED25519 + key).decode()}"


def parse_key(text: str) -> tuple[str, bytes]:
    """Name and public key of a verifier key.

    Raises:
        ValueError: it is none.
    """
    name, _, rest = text.strip().partition("+")
    identity, _, encoded = rest.partition("+")
    try:
        raw = base64_text.read(encoded)
    except ValueError:
        raw = b""
    if raw[:1] != ED25519 or len(raw) != 33 or key_id(name, raw[1:]).hex() != identity:
        raise ValueError(f"a verifier key wants name+id+key as `audit head` prints it, got {text!r}")
    return name, raw[1:]


def parse(note: bytes) -> SignedHead:
    """The head in a note.

    Raises:
        ValueError: it is none.
    """
    match = _NOTE.fullmatch(note)
    if match is None:
        raise ValueError("a head wants three lines, an empty one and one signature (C2SP tlog-checkpoint)")
    return _head(match)


def parse_all(notes: bytes) -> tuple[SignedHead, ...]:
    """The heads of a file of notes, one after another; empty lines and lines of keys are passed over.

    Raises:
        ValueError: there is something else in it; the text says after how many heads.
    """
    found: list[SignedHead] = []
    at = 0
    while at < len(notes):
        match = _NOTE.match(notes, at)
        if match is None:
            raise ValueError(f"wanted a head after {len(found)} heads, got something else")
        found.append(_head(match))
        between = _BETWEEN.match(notes, match.end())
        assert between is not None
        at = between.end()
    return tuple(found)


def _head(match: re.Match[bytes]) -> SignedHead:
    if match["origin"] != match["name"]:
        raise ValueError("a head wants the log's own key, named like the log")
    try:
        origin = match["origin"].decode()
        root, signature = base64_text.read(match["root"]), base64_text.read(match["signature"])
    except ValueError:
        raise ValueError("a head wants base64, got something else") from None
    return SignedHead(Head(origin, int(match["size"]), root), signature[:ID_BYTES], signature[ID_BYTES:])
