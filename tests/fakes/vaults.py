"""A vault in a folder, stretches to put into it, and what two keyholders can open of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyrage import x25519

from edge.adapters import segment_file
from edge.adapters.catalogue import Catalogue
from edge.adapters.holdings import Holdings
from edge.adapters.key_ring import KeyRing
from edge.adapters.segment_header import read_header
from edge.adapters.slot_key import SlotKey, released_share
from edge.adapters.vault import Vault
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from edge.values.recorded import Recorded
from edge.values.retention import FootagePolicy
from edge.values.segment import FootageClass, SegmentId
from tests.fakes.footage import HOLDERS, policy

EPOCH_S = 1_700_000_400  # a slot begins here
PAIR = ("state", "privacy")


@dataclass
class VaultFolder:
    """A vault and all that belongs to it."""

    root: Path

    def __post_init__(self) -> None:
        self.ring = KeyRing(self.root / "keyring")
        self.catalogue = Catalogue(self.root / "catalogue.db")
        self.holdings = Holdings(self.catalogue.store)
        self.policy = policy()
        self.vault = Vault(self.root, self.catalogue, self.ring, self.policy)

    def use(self, policy: FootagePolicy) -> None:
        """Seal by this policy from now on."""
        self.policy = policy
        self.vault = Vault(self.root, self.catalogue, self.ring, policy)

    def path(self, segment: SegmentId) -> Path:
        return segment_file.path_of(self.root, segment)

    def key(self, file: Path, identities: Mapping[str, x25519.Identity] | None = None) -> SlotKey:
        """The key of a sealed file, as two keyholders and this box's key ring make it together."""
        header = read_header(file)
        share_b = self.ring.find(header.id.slot)
        assert share_b is not None
        chosen = {name: HOLDERS.identities[name] for name in PAIR} if identities is None else identities
        return SlotKey(header.slot, released_share(header.slot, chosen), share_b)

    def opened(self, segment: SegmentId) -> bytes:
        file = self.path(segment)
        return b"".join(segment_file.read(file, self.key(file)))

    def close(self) -> None:
        self.vault.close()
        self.catalogue.close()
        self.ring.close()


def moment(second: float) -> Moment:
    """So many seconds after the beginning of a slot."""
    return Moment(
        round((second + 1000) * NS_PER_S), EPOCH_S * NS_PER_S + round(second * NS_PER_S), ClockTrust.SYNCED
    )


def misdated(what: Recorded, off_s: float) -> Recorded:
    """The same, recorded while the clock was so far ahead."""
    began, ended = (
        replace(each, utc_ns=each.utc_ns + round(off_s * NS_PER_S)) for each in (what.began, what.ended)
    )
    return replace(what, began=began, ended=ended)


def in_pieces(whole: Recorded, pieces: int) -> list[Recorded]:
    """A stretch as it comes from a tape."""
    size, lasts_s = -(-len(whole.container) // pieces), whole.ended.seconds_since(whole.began)
    return [
        replace(
            whole,
            container=whole.container[at * size : (at + 1) * size],
            ended=whole.began.plus(lasts_s * (at + 1) / pieces),
            opens=at == 0,
            closes=at == pieces - 1,
        )
        for at in range(pieces)
    ]


def stretch(
    second: float = 0.0,
    content: bytes = b"video",
    camera: str = "plaza",
    lasts_s: float = 20.0,
    footage_class: FootageClass = FootageClass.ROUTINE,
) -> Recorded:
    return Recorded(
        camera, moment(second), moment(second + lasts_s), "h264", memoryview(content), footage_class
    )
