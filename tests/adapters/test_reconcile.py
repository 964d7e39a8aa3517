"""Catalogue, files and keys: every kind of damage is told by name, and what a crash left is taken in."""

import os
from pathlib import Path
from typing import Any

import pytest

from edge.adapters import reconcile, segment_file
from edge.adapters.reconcile import Level, check, mend
from edge.values.discrepancy import Misfit
from edge.values.segment import SLOT_S
from tests.fakes.vaults import VaultFolder, moment, stretch


@pytest.fixture
def folder(tmp_path: Path) -> VaultFolder:
    made = VaultFolder(tmp_path / "footage")
    for second in (0, 20, SLOT_S):
        made.vault.put(stretch(second, content=b"video" * 100))
    return made


def misfits(folder: VaultFolder, level: Level = Level.HASHES) -> list[tuple[Misfit, str]]:
    found = check(folder.root, folder.catalogue, folder.ring, level)
    return [(each.misfit, each.subject) for each in found]


def file(folder: VaultFolder, at: int) -> Path:
    return folder.path(folder.catalogue.segments()[at].id)


def name(folder: VaultFolder, at: int) -> str:
    return str(folder.catalogue.segments()[at].id)


@pytest.mark.parametrize("level", Level)
def test_an_undamaged_vault_fits(folder: VaultFolder, level: Level) -> None:
    assert misfits(folder, level) == []


@pytest.mark.parametrize("level", Level)
def test_a_lost_file_is_told(folder: VaultFolder, level: Level) -> None:
    file(folder, 1).unlink()
    assert misfits(folder, level) == [(Misfit.LOST, name(folder, 1))]


def test_a_torn_file_is_told_by_its_size(folder: VaultFolder) -> None:
    os.truncate(file(folder, 0), 100)
    assert misfits(folder, Level.NAMES) == []
    assert misfits(folder, Level.SIZES) == [(Misfit.CHANGED, name(folder, 0))]


def test_one_flipped_bit_is_told_by_its_hash(folder: VaultFolder) -> None:
    content = bytearray(file(folder, 2).read_bytes())
    content[-1] ^= 1
    file(folder, 2).write_bytes(content)
    assert misfits(folder, Level.SIZES) == []
    assert misfits(folder, Level.HASHES) == [(Misfit.CHANGED, name(folder, 2))]


def test_an_altered_row_and_an_altered_key_are_told(folder: VaultFolder) -> None:
    folder.catalogue.store.write(
        lambda db: db.execute("UPDATE segments SET ended_ns = ended_ns + 1 WHERE sequence = 1")
    )
    ring = bytearray((folder.root / "keyring").read_bytes())
    ring[50] ^= 1
    (folder.root / "keyring").write_bytes(ring)
    told = [misfit for misfit, _ in misfits(folder)]
    assert {Misfit.ROW, Misfit.KEY, Misfit.KEYLESS, Misfit.UNKNOWN} == set(told)


def test_footage_without_a_key_is_told(folder: VaultFolder) -> None:
    folder.ring.shred([folder.catalogue.segments()[0].id.slot])
    assert [misfit for misfit, _ in misfits(folder)] == [Misfit.KEYLESS]


def test_a_segment_sealed_just_before_a_crash_is_taken_in(folder: VaultFolder) -> None:
    segment = folder.catalogue.segments()[1]
    folder.catalogue.forget(segment.id)
    assert [misfit for misfit, _ in misfits(folder)] == [Misfit.UNKNOWN]
    (found,) = mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
    assert found.misfit is Misfit.UNKNOWN
    assert folder.catalogue.segments()[1] == segment
    assert misfits(folder) == []


def test_what_was_being_written_is_removed(folder: VaultFolder) -> None:
    torn = file(folder, 2).with_suffix(segment_file.PART)
    torn.write_bytes(b"SCED")
    assert [misfit for misfit, _ in misfits(folder)] == [Misfit.UNFINISHED]
    mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
    assert misfits(folder) == []


def test_mending_leaves_other_cameras_alone(folder: VaultFolder) -> None:
    torn = file(folder, 2).with_suffix(segment_file.PART)
    torn.write_bytes(b"")
    assert mend(folder.root, folder.catalogue, folder.ring, ["gate"]) == []
    assert torn.exists()


def test_what_is_no_segment_of_ours_is_left_as_it_is(folder: VaultFolder) -> None:
    strange = file(folder, 2).with_name("001000.0009.sealed")
    strange.write_bytes(file(folder, 2).read_bytes())
    (found,) = mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
    assert strange.exists() or found.misfit is Misfit.KEYLESS


@pytest.mark.parametrize("size", range(0, 900, 37))
def test_a_file_torn_anywhere_is_never_taken_for_whole(folder: VaultFolder, size: int) -> None:
    victim = file(folder, 0)
    content = victim.read_bytes()
    victim.write_bytes(content[: len(content) * size // 900])
    assert misfits(folder, Level.SIZES) == [(Misfit.CHANGED, name(folder, 0))]


def test_the_next_number_is_free_even_when_the_catalogue_lost_its_rows(folder: VaultFolder) -> None:
    for segment in folder.catalogue.segments():
        folder.catalogue.forget(segment.id)
    again = VaultFolder(folder.root)
    again.vault.put(stretch(40))
    assert [str(segment.id)[-4:] for segment in again.catalogue.segments()] == ["0002"]
    assert again.catalogue.segments()[0].began_ns == moment(40).utc_ns


def test_a_lost_catalogue_is_made_again_from_the_headers_of_the_files(folder: VaultFolder) -> None:
    """All that a row says stands in its file, or is its file's size and hash; holds and marks do not."""
    before = folder.catalogue.segments()
    assert len(before) > 2
    folder.catalogue.store.write(lambda db: db.execute("DELETE FROM segments"))
    cameras = {segment.id.slot.camera for segment in before}
    found = mend(folder.root, folder.catalogue, folder.ring, cameras)
    assert {each.misfit for each in found} == {Misfit.UNKNOWN}
    assert folder.catalogue.segments() == before
    assert misfits(folder) == []


def test_a_lost_catalogue_of_many_segments_is_made_again_in_few_writes(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each write waits for the disk, and nobody records until the last."""
    for second in range(30, 130, 10):
        folder.vault.put(stretch(second, content=b"video"))
    before = folder.catalogue.segments()
    folder.catalogue.store.write(lambda db: db.execute("DELETE FROM segments"))
    writes, write = [], folder.catalogue.store.write
    monkeypatch.setattr(reconcile, "AT_ONCE", 10)
    monkeypatch.setattr(folder.catalogue.store, "write", lambda work: writes.append(work) or write(work))
    mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
    assert folder.catalogue.segments() == before
    assert len(writes) == 2


@pytest.mark.parametrize("suffix", [segment_file.SUFFIX, segment_file.PART])
def test_a_file_that_cannot_be_read_is_told_and_hinders_no_other(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """A bad sector of one segment, and a recorder that did not start for it, would cost all of a camera."""
    bad, good = (file(folder, at) for at in (0, 2))
    before = folder.catalogue.segments()
    for segment in before:
        folder.catalogue.forget(segment.id)
    bad = bad.rename(bad.with_suffix(suffix))
    real = Path.open

    def opened(path: Path, *given: Any, **named: Any) -> Any:
        if path == bad:
            raise OSError(5, "Input/output error")
        return real(path, *given, **named)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", opened)
        told = mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
    assert [each.misfit for each in told] == [Misfit.UNKNOWN] * 3
    assert sum("left as it is" in each.words and "Input/output error" in each.words for each in told) == 1
    assert folder.catalogue.segments() == before[1:]
    assert bad.exists()
    assert good.exists()


def test_the_rest_of_a_segment_that_is_there_already_is_left_as_it_is(folder: VaultFolder) -> None:
    whole = file(folder, 0)
    rest = whole.with_suffix(segment_file.PART)
    rest.write_bytes(whole.read_bytes())
    (told,) = mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
    assert "left as it is" in told.words
    assert "never replaced" in told.words
    assert rest.exists()
