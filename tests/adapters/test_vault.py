"""The vault: footage comes out for two keyholders and nobody else, and the box forgets its own keys."""

import gc
from pathlib import Path

import pytest
from pyrage import decrypt, encrypt, x25519

from edge.adapters import segment_file, slot_key
from edge.adapters.segment_header import read_header
from edge.adapters.slot_key import SlotKey, released_share
from edge.adapters.vault import FORGOTTEN_S
from edge.values.errors import FootageError, StorageError
from edge.values.segment import SLOT_S, SegmentId
from edge.values.unrecorded import Unrecorded, UnrecordedCause
from tests.fakes.footage import HOLDERS, holders
from tests.fakes.vaults import VaultFolder, misdated, moment, stretch

SECRET = b"a frame of the square " * 10_000


@pytest.fixture
def folder(tmp_path: Path) -> VaultFolder:
    return VaultFolder(tmp_path / "footage")


def only(folder: VaultFolder) -> SegmentId:
    (segment,) = folder.catalogue.segments()
    return segment.id


@pytest.mark.parametrize("pair", [("state", "privacy"), ("privacy", "audit"), ("audit", "state")])
def test_any_two_keyholders_open_what_was_put_in(folder: VaultFolder, pair: tuple[str, str]) -> None:
    folder.vault.put(stretch(content=SECRET))
    file = folder.path(only(folder))
    key = folder.key(file, {name: HOLDERS.identities[name] for name in pair})
    assert b"".join(segment_file.read(file, key)) == SECRET


@pytest.mark.parametrize("alone", ["state", "privacy", "audit"])
def test_no_keyholder_opens_it_alone(folder: VaultFolder, alone: str) -> None:
    folder.vault.put(stretch())
    header = read_header(folder.path(only(folder)))
    with pytest.raises(FootageError, match="two keyholders"):
        released_share(header.slot, {alone: HOLDERS.identities[alone]})
    for share in header.slot.shares:  # nor by peeling what it can
        if share.outer == alone:
            twice = {share.outer: HOLDERS.identities[alone], share.inner: HOLDERS.identities[alone]}
            with pytest.raises(FootageError, match="other keys"):
                released_share(header.slot, twice)


def test_other_peoples_keys_open_nothing(folder: VaultFolder) -> None:
    folder.vault.put(stretch())
    with pytest.raises(FootageError, match="other keys"):
        folder.key(folder.path(only(folder)), holders().identities)


def test_both_shares_are_needed(folder: VaultFolder) -> None:
    folder.vault.put(stretch())
    file = folder.path(only(folder))
    header = read_header(file)
    share_s = released_share(header.slot, HOLDERS.identities)
    wrong = SlotKey(header.slot, share_s, bytes(32))
    with pytest.raises(FootageError, match="does not open"):
        list(segment_file.read(file, wrong))


def test_no_plaintext_and_no_key_is_in_any_file(folder: VaultFolder) -> None:
    for second in range(0, 1300, 20):
        folder.vault.put(stretch(second, content=SECRET))
    shares = [folder.ring.find(slot) for slot in folder.ring.slots()]
    folder.close()
    files = [file for file in folder.root.rglob("*") if file.is_file()]
    everything = b"".join(file.read_bytes() for file in files)
    assert SECRET[:22] not in everything
    others = b"".join(file.read_bytes() for file in files if file.name != "keyring")
    assert all(share is not None and share not in others for share in shares)


def test_when_a_slot_is_over_the_box_forgets_its_key(folder: VaultFolder) -> None:
    folder.vault.put(stretch())
    (running,) = folder.vault._running.values()
    key = running.key
    folder.vault.tend(moment(SLOT_S + FORGOTTEN_S - 1))
    assert not key.forgotten
    folder.vault.tend(moment(SLOT_S + FORGOTTEN_S + 1))
    assert key.forgotten
    with pytest.raises(FootageError, match="forgotten"):
        key.segment_key(0, bytes(16))
    gc.collect()
    mine = [each for each in gc.get_objects() if isinstance(each, SlotKey) and each.sealed == key.sealed]
    assert all(each.forgotten for each in mine)


def test_a_clock_that_went_back_keeps_no_key(folder: VaultFolder) -> None:
    folder.vault.put(misdated(stretch(), 86_400))
    (running,) = folder.vault._running.values()
    folder.vault.tend(moment(SLOT_S + FORGOTTEN_S - 1))
    assert not running.key.forgotten
    folder.vault.tend(moment(SLOT_S + FORGOTTEN_S + 1))
    assert running.key.forgotten


def test_footage_of_a_clock_that_was_ahead_hides_no_gap(folder: VaultFolder) -> None:
    folder.vault.put(stretch(0))
    folder.vault.put(misdated(stretch(20), 86_400))
    folder.vault.put(stretch(40))
    assert folder.catalogue.last_ended_ns("plaza", moment(100).utc_ns) == moment(60).utc_ns
    assert folder.catalogue.last_ended_ns("plaza", moment(86_500).utc_ns) == moment(86_440).utc_ns


def test_the_next_slot_ends_the_last_ones_key(folder: VaultFolder) -> None:
    folder.vault.put(stretch())
    (running,) = folder.vault._running.values()
    folder.vault.put(stretch(SLOT_S))
    assert running.key.forgotten


def test_a_key_does_not_show_in_its_repr(folder: VaultFolder) -> None:
    folder.vault.put(stretch())
    (running,) = folder.vault._running.values()
    assert "bytearray" not in repr(running)


def test_a_restart_goes_on_counting_under_a_new_key(folder: VaultFolder) -> None:
    folder.vault.put(stretch(0))
    folder.close()
    again = VaultFolder(folder.root)
    again.vault.put(stretch(20))
    one, other = (segment.id for segment in again.catalogue.segments())
    assert (one.sequence, other.sequence) == (0, 1)
    assert read_header(again.path(one)).slot.part != read_header(again.path(other)).slot.part
    assert again.opened(one) == again.opened(other) == b"video"


def test_after_shredding_a_new_share_is_used_for_the_same_slot(folder: VaultFolder) -> None:
    folder.vault.put(stretch(0))
    slot = only(folder).slot
    folder.ring.shred([slot])
    folder.vault.put(stretch(20))
    one, other = (segment.id for segment in folder.catalogue.segments())
    assert folder.opened(other) == b"video"
    with pytest.raises(FootageError):
        folder.opened(one)


def test_a_segment_moved_to_another_name_is_noticed_by_its_header(folder: VaultFolder) -> None:
    folder.vault.put(stretch(0))
    folder.vault.put(stretch(20))
    one, other = (folder.path(segment.id) for segment in folder.catalogue.segments())
    body = other.read_bytes()
    other.write_bytes(one.read_bytes()[: len(read_header(one).encoded())] + body[-21:])
    with pytest.raises(FootageError):
        folder.opened(SegmentId.parse(str(folder.catalogue.segments()[1].id)))


def test_a_gap_is_written_down_and_grows(folder: VaultFolder) -> None:
    for until in (5, 10):
        folder.vault.put(Unrecorded("plaza", moment(0).utc_ns, moment(until).utc_ns, UnrecordedCause.CAMERA))
    assert [gap.ended_ns for gap in folder.catalogue.unrecorded()] == [moment(10).utc_ns]


def test_on_a_full_disk_nothing_is_left_and_the_next_one_goes_in(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(segment_file.os, "write", full)
        with pytest.raises(StorageError, match="No space left"):
            folder.vault.put(stretch(0))
    assert list(segment_file.files(folder.root)) == []
    folder.vault.put(stretch(20))
    assert folder.opened(only(folder)) == b"video"


def test_a_segment_is_never_replaced(folder: VaultFolder) -> None:
    folder.vault.put(stretch(0, content=b"first"))
    folder.vault._running["plaza"].sequence = 0
    with pytest.raises(StorageError, match="never replaced"):
        folder.vault.put(stretch(20, content=b"second"))
    assert folder.opened(only(folder)) == b"first"


def test_mutant_a_share_that_is_sealed_once_opens_for_one_keyholder(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the nesting is for: without it the tests above would let one person in."""
    monkeypatch.setattr(slot_key, "_nested", lambda share, inner, outer: _once(share, outer))
    folder.vault.put(stretch())
    share = read_header(folder.path(only(folder))).slot.shares[0]
    assert len(decrypt(share.sealed, [HOLDERS.identities[share.outer]])) == 32


def _once(share: bytearray, recipient: str) -> bytes:
    return encrypt(bytes(share), [x25519.Recipient.from_str(recipient)])
