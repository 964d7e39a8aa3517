"""A thief with the whole disk gets no picture; the same attack gets some where the scheme is weakened."""

import shutil
from pathlib import Path

import pytest

from edge.adapters import slot_key
from edge.adapters.av_spec import SourceSpec
from edge.adapters.av_tape import AvTape
from edge.footage.cutter import CutSpec
from tests.fakes.clips import clip
from tests.fakes.clock import FakeClock
from tests.fakes.footage import HOLDERS
from tests.fakes.format_one import put_old
from tests.fakes.raw_disk import can_mount, ext4
from tests.fakes.thief import loot, pictures_in
from tests.fakes.vaults import VaultFolder, in_pieces, moment, stretch


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    return tmp_path / "disk"


def recorded(disk: Path, tmp_path: Path) -> VaultFolder:
    """A vault with two segments of real video, one of the old format, and one whose recorder died."""
    folder, clock = VaultFolder(disk / "footage"), FakeClock(moment(0))
    source = clip(tmp_path / "street.mp4", 50, options={"preset": "ultrafast", "x264-params": "keyint=25"})
    tape = AvTape(SourceSpec(url=str(source)), "plaza", clock, CutSpec(1.0), sleep=clock.pass_s)
    pieces = list(iter(tape.read, None))
    for piece in pieces:
        folder.vault.put(piece)
    content = b"".join(piece.container for piece in pieces[: len(pieces) // 2])
    put_old(folder, stretch(0, content, "gate"), folder.policy)
    for piece in in_pieces(stretch(0, content, "yard"), 3)[:2]:
        folder.vault.put(piece)
    return folder


def test_two_keyholders_get_what_the_thief_does_not(disk: Path, tmp_path: Path) -> None:
    """Without this the trials below would prove nothing."""
    folder = recorded(disk, tmp_path)
    assert len(folder.catalogue.segments()) == 3
    for segment in folder.catalogue.segments():
        assert pictures_in(folder.opened(segment.id)) > 10
    folder.close()


def test_the_raw_disk_of_a_running_box_holds_no_picture_either(tmp_path: Path) -> None:
    """Byte by byte, with what lies between the files; a picture in a file that was removed is found."""
    if reason := can_mount():
        pytest.skip(reason)
    with ext4(tmp_path, 12, journal_mib=4) as (mounted, raw):
        recorded(mounted, tmp_path).close()
        image = raw()
    (tmp_path / "image").mkdir()
    (tmp_path / "image" / "disk").write_bytes(image)
    assert loot(tmp_path / "image") == 0
    with ext4(tmp_path / "again", 12, journal_mib=4) as (mounted, raw):
        shutil.copy(tmp_path / "street.mp4", mounted / "for a moment")
        (mounted / "for a moment").unlink()
        (tmp_path / "image" / "disk").write_bytes(raw())
    assert loot(tmp_path / "image") > 0


def test_a_stolen_disk_holds_no_picture(disk: Path, tmp_path: Path) -> None:
    recorded(disk, tmp_path).close()
    assert loot(disk) == 0


def test_nor_does_one_taken_from_a_running_box(disk: Path, tmp_path: Path) -> None:
    running = recorded(disk, tmp_path)
    assert loot(disk) == 0
    running.close()


def test_nor_with_the_key_of_one_keyholder(disk: Path, tmp_path: Path) -> None:
    recorded(disk, tmp_path).close()
    for name, identity in HOLDERS.identities.items():
        (disk / "stolen.age").write_text(f"{identity}\n")
        assert loot(disk) == 0, name


def test_mutant_plaintext_on_the_disk_is_found(disk: Path, tmp_path: Path) -> None:
    recorded(disk, tmp_path).close()
    shutil.copy(tmp_path / "street.mp4", disk / "footage" / "left.part")
    assert loot(disk) > 0


def test_mutant_a_states_share_that_the_box_keeps_is_found(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keeps(share: bytearray, inner: str, outer: str) -> bytes:
        (disk / "footage" / "share").write_bytes(bytes(share))
        return nested(share, inner, outer)

    nested = slot_key._nested
    monkeypatch.setattr(slot_key, "_nested", keeps)
    recorded(disk, tmp_path).close()
    assert loot(disk) > 0


def test_mutant_a_share_sealed_to_one_person_is_found_with_their_key(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nested = slot_key._nested
    monkeypatch.setattr(slot_key, "_nested", lambda share, inner, _: nested(share, inner, inner))
    recorded(disk, tmp_path).close()
    (disk / "stolen.age").write_text(f"{HOLDERS.identities['state']}\n")
    assert loot(disk) > 0
