"""What the vault owes at its edges: secrets are wiped, and steps come in their order."""

import os
from pathlib import Path
from typing import Any

import pytest

from edge.adapters import segment_file, segment_writer, torn, undertaker
from edge.adapters.reconcile import mend
from edge.adapters.slot_key import SlotKey
from edge.adapters.vault import FORGOTTEN_S
from edge.values.errors import StorageError
from edge.values.segment import SealedSlot, SlotId
from tests.fakes.vaults import EPOCH_S, VaultFolder, in_pieces, stretch

SLOT = SlotId("plaza", EPOCH_S)


@pytest.fixture
def folder(tmp_path: Path) -> VaultFolder:
    return VaultFolder(tmp_path / "footage")


def test_a_running_key_is_gone_two_minutes_after_its_slot_at_the_latest() -> None:
    """So is written in the decision, and on the page of what is not promised: 11.5 minutes in all."""
    assert FORGOTTEN_S <= 90


def test_whoever_closes_the_vault_wipes_its_keys(folder: VaultFolder) -> None:
    folder.vault.put(stretch())
    (running,) = folder.vault._running.values()
    folder.vault.close()
    assert running.key.forgotten


def test_the_states_share_is_wiped_once_a_key_is_made_of_it() -> None:
    share = bytearray(b"s" * 32)
    SlotKey(SealedSlot(SLOT, "part", "ab" * 32, ()), share, b"b" * 32)
    assert not any(share)


def test_the_key_of_a_segment_is_wiped_once_its_cipher_has_it(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[bytearray] = []
    derive = SlotKey.segment_key

    def kept(key: SlotKey, *named: Any) -> bytearray:
        given.append(derive(key, *named))
        return given[-1]

    monkeypatch.setattr(SlotKey, "segment_key", kept)
    folder.vault.put(stretch())
    (secret,) = given
    assert not any(secret)


def test_a_key_is_of_one_slot_one_part_and_one_policy_alone() -> None:
    sealed = [
        SealedSlot(slot, part, policy, ())
        for slot in (SLOT, SlotId("gate", EPOCH_S), SlotId("plaza", EPOCH_S + 600))
        for part in ("one", "two")
        for policy in ("ab" * 32, "cd" * 32)
    ]
    keys = {bytes(SlotKey(each, bytearray(32), bytes(32)).segment_key(0, b"")) for each in sealed}
    assert len(keys) == len(sealed)


def test_a_share_that_was_destroyed_and_made_anew_seals_nothing_that_was_begun_before(
    folder: VaultFolder,
) -> None:
    pieces = in_pieces(stretch(), 2)
    folder.vault.put(pieces[0])
    folder.ring.shred([SLOT])
    folder.ring.share(SLOT)
    with pytest.raises(StorageError, match="destroyed while it was recorded"):
        folder.vault.put(pieces[1])
    assert list(segment_file.files(folder.root)) == []


def test_a_segment_without_its_row_leaves_no_file(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise StorageError("catalogue: database or disk is full")

    monkeypatch.setattr(folder.catalogue, "add", full)
    with pytest.raises(StorageError, match="full"):
        folder.vault.put(stretch())
    assert list(segment_file.files(folder.root)) == []


def test_what_somebody_else_left_under_the_name_is_not_written_over(folder: VaultFolder) -> None:
    folder.vault.put(stretch())
    (segment,) = folder.catalogue.segments()
    left = folder.path(segment.id).with_name(f"{SLOT.stamp[9:15]}.0001{segment_file.PART}")
    left.write_bytes(b"of somebody else")
    with pytest.raises(StorageError, match="exists"):
        folder.vault.put(stretch(20))
    assert left.read_bytes() == b"of somebody else"
    folder.vault.put(stretch(40))
    assert [each.id.sequence for each in folder.catalogue.segments()] == [0, 2]


def steps(monkeypatch: pytest.MonkeyPatch, owner: Any) -> list[str]:
    """What is asked of the disk from now on, in order."""
    told: list[str] = []

    def noting(name: str, real: Any) -> Any:
        def call(*given: Any) -> Any:
            told.append(name)
            return real(*given)

        return call

    fsync, sync_folder = os.fsync, owner.sync_folder
    monkeypatch.setattr(os, "fsync", noting("file", fsync))
    monkeypatch.setattr(Path, "rename", noting("name", Path.rename))
    monkeypatch.setattr(owner, "sync_folder", lambda path: (told.append("folder"), None)[1])
    assert sync_folder is not owner.sync_folder
    return told


def test_a_segment_is_on_the_disk_before_it_has_its_name_and_that_before_it_has_a_row(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.vault.put(stretch())
    told = steps(monkeypatch, segment_writer)
    add = folder.catalogue.add
    monkeypatch.setattr(folder.catalogue, "add", lambda segment: (told.append("row"), add(segment))[1])
    folder.vault.put(stretch(20))
    assert told[:4] == ["file", "name", "folder", "row"]


def test_what_is_taken_in_is_on_the_disk_before_it_has_its_name_and_that_before_it_has_a_row(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for piece in in_pieces(stretch(content=b"video" * 1000), 3)[:2]:
        folder.vault.put(piece)
    folder.vault.close()
    told = steps(monkeypatch, torn)
    add = folder.catalogue.add_all
    monkeypatch.setattr(folder.catalogue, "add_all", lambda found: (told.append("row"), add(found))[1])
    mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
    assert told[:4] == ["file", "name", "folder", "row"]


def test_the_files_of_a_slot_are_gone_from_the_disk_before_its_certificate_says_so(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.vault.put(stretch())
    told = steps(monkeypatch, undertaker)
    unlink, shred = Path.unlink, folder.ring.shred
    monkeypatch.setattr(Path, "unlink", lambda path, **more: (told.append("gone"), unlink(path, **more))[1])
    monkeypatch.setattr(folder.ring, "shred", lambda slots: (told.append("key"), shred(slots))[1])
    monkeypatch.setattr(folder.holdings, "bury", lambda *_: told.append("certificate"))
    undertaker.FileUndertaker(folder.root, folder.holdings, folder.ring).bury(SLOT, None)  # type: ignore[arg-type]
    assert told == ["key", "file", "gone", "folder", "certificate"]
