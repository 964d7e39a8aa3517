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
from tests.fakes.thief import loot
from tests.fakes.vaults import VaultFolder, moment


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    return tmp_path / "disk"


def recorded(disk: Path, tmp_path: Path) -> VaultFolder:
    """A vault with two segments of real video, closed as at the end of a day."""
    folder, clock = VaultFolder(disk / "footage"), FakeClock(moment(0))
    source = clip(tmp_path / "street.mp4", 50, options={"preset": "ultrafast", "x264-params": "keyint=25"})
    tape = AvTape(SourceSpec(url=str(source)), "plaza", clock, CutSpec(1.0), sleep=clock.pass_s)
    while (piece := tape.read()) is not None:
        folder.vault.put(piece)
    return folder


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
