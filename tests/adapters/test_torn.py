"""Segments in pieces: what was whole when the writer died opens; what is cut otherwise does not."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path

import pytest

from edge.adapters import segment_file, segment_writer, torn
from edge.adapters.reconcile import Level, check, mend
from edge.adapters.sealing import CHUNK_BYTES, TAG_BYTES
from edge.adapters.segment_frames import LAYOUT, After, Frame
from edge.adapters.segment_header import read_header
from edge.values.discrepancy import Misfit
from edge.values.errors import FootageError, StorageError
from edge.values.segment import FootageClass, SegmentId
from tests.fakes.damage import damaged
from tests.fakes.format_one import put_old
from tests.fakes.vaults import VaultFolder, in_pieces, moment, stretch

PIECES = 4
VIDEO = b"".join(bytes([at]) * (CHUNK_BYTES + 1000) for at in range(PIECES))
SIZE = len(VIDEO) // PIECES


@pytest.fixture
def folder(tmp_path: Path) -> VaultFolder:
    return VaultFolder(tmp_path / "footage")


def begun(folder: VaultFolder, pieces: int) -> Path:
    """A segment of which so many pieces were put, and which nobody writes any more."""
    for piece in in_pieces(stretch(content=VIDEO), PIECES)[:pieces]:
        folder.vault.put(piece)
    folder.vault.close()
    (file,) = segment_file.files(folder.root)
    return file


def mended(folder: VaultFolder) -> list[Misfit]:
    found = mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
    assert list(check(folder.root, folder.catalogue, folder.ring, Level.HASHES)) == []
    return [each.misfit for each in found]


def only(folder: VaultFolder) -> SegmentId:
    (segment,) = folder.catalogue.segments()
    return segment.id


def test_a_segment_that_came_in_pieces_is_one_segment_as_any_other(folder: VaultFolder) -> None:
    for piece in in_pieces(stretch(content=VIDEO, footage_class=FootageClass.EVENT), PIECES):
        folder.vault.put(piece)
    (segment,) = folder.catalogue.segments()
    assert (segment.began_ns, segment.ended_ns) == (moment(0).utc_ns, moment(20).utc_ns)
    assert segment.footage_class is FootageClass.EVENT
    header = read_header(folder.path(segment.id))
    assert header.segment(*segment_file.fingerprint(folder.path(segment.id))) == segment
    assert not header.torn
    assert folder.opened(segment.id) == VIDEO
    assert mended(folder) == []


def test_what_is_being_written_fits_and_shows_nothing(folder: VaultFolder) -> None:
    for piece in in_pieces(stretch(content=VIDEO), PIECES)[:2]:
        folder.vault.put(piece)
    assert list(check(folder.root, folder.catalogue, folder.ring, Level.HASHES)) == []
    (file,) = segment_file.files(folder.root)
    assert file.suffix == segment_file.PART
    assert file.stat().st_size > 2 * SIZE, "every piece is on its way to the disk when its put returns"
    assert bytes(64) not in file.read_bytes()
    assert mend(folder.root, folder.catalogue, folder.ring, ["plaza"]) == [], "its recorder lives"
    folder.vault.close()
    assert [each.misfit for each in check(folder.root, folder.catalogue, folder.ring, Level.NAMES)] == [
        Misfit.UNFINISHED
    ]


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_what_was_whole_when_the_writer_died_is_taken_in_and_opens(folder: VaultFolder, pieces: int) -> None:
    begun(folder, pieces)
    assert mended(folder) == [Misfit.UNKNOWN]
    (segment,) = folder.catalogue.segments()
    assert segment.ended_ns == moment(5 * pieces).utc_ns
    assert read_header(folder.path(segment.id)).torn
    assert folder.opened(segment.id) == VIDEO[: pieces * SIZE]
    assert mended(folder) == []


@pytest.mark.parametrize("share", [0, 0.01, 0.2, 0.33, 0.34, 0.5, 0.65, 0.67, 0.7, 0.9, 0.99, 0.9999])
def test_a_file_that_ends_anywhere_is_cut_to_its_last_whole_piece(folder: VaultFolder, share: float) -> None:
    file = begun(folder, 3)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    sizes = [len(read_until(content, at)) for at in (1, 2, 3)]
    whole = sum(size <= len(content) * share for size in sizes)
    assert mended(folder) == [Misfit.UNKNOWN if whole else Misfit.UNFINISHED]
    assert [folder.opened(each.id) for each in folder.catalogue.segments()] == [VIDEO[: whole * SIZE]][:whole]


def read_until(content: bytes, pieces: int) -> bytes:
    """A sealed file up to the end of so many pieces of two chunks each."""
    start = 12 + int.from_bytes(content[8:12], "big")
    lengths = []
    while start < len(content):
        length, _, _ = LAYOUT.unpack(content[start : start + LAYOUT.size])
        lengths.append(LAYOUT.size + length)
        start += lengths[-1]
    ends = list(accumulate(lengths, initial=len(content) - sum(lengths)))
    return content[: ends[2 * pieces]]


@pytest.mark.parametrize("rest", [b"\0" * 100, b"\xff" * 100])
def test_what_a_power_cut_left_behind_the_last_piece_is_cut_off(folder: VaultFolder, rest: bytes) -> None:
    file = begun(folder, 2)
    file.write_bytes(file.read_bytes() + rest)
    assert mended(folder) == [Misfit.UNKNOWN]
    assert folder.opened(only(folder)) == VIDEO[: 2 * SIZE]


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_crash_while_mending_is_mended_by_the_next_start(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    begun(folder, 2)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(*((torn.os, step) if step == "fsync" else (Path, step)), dies)
        mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
    assert mended(folder) == [Misfit.UNKNOWN]
    assert folder.opened(only(folder)) == VIDEO[: 2 * SIZE]


def test_a_segment_sealed_to_its_end_is_whole_though_it_did_not_get_its_name(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(Path, "rename", dies)
        folder.vault.put(stretch(content=VIDEO))
    folder.vault.close()
    assert mended(folder) == [Misfit.UNKNOWN]
    assert not read_header(folder.path(only(folder))).torn
    assert folder.opened(only(folder)) == VIDEO


def test_without_its_key_nothing_of_it_stays(folder: VaultFolder) -> None:
    begun(folder, 2)
    folder.ring.shred(folder.ring.slots())
    assert mended(folder) == [Misfit.KEYLESS]
    assert list(segment_file.files(folder.root)) == []


def sealed(folder: VaultFolder) -> Path:
    for piece in in_pieces(stretch(content=VIDEO), PIECES):
        folder.vault.put(piece)
    return folder.path(only(folder))


def test_a_whole_segment_that_was_cut_off_does_not_open(folder: VaultFolder) -> None:
    file = sealed(folder)
    content = file.read_bytes()
    for end in (len(read_until(content, 3)), len(content) - 1, len(content) + 3):
        file.write_bytes(content[:end].ljust(end, b"\0"))
        with pytest.raises(FootageError, match=r"cut off|added behind"):
            folder.opened(only(folder))


def test_an_end_cannot_be_moved_to_an_earlier_piece(folder: VaultFolder) -> None:
    """Nor can its time or its class be changed: the last chunk is bound to what is said about it."""
    file = sealed(folder)
    content = file.read_bytes()
    earlier = bytearray(read_until(content, 3))
    last = len(earlier) - LAYOUT.size - 1000 - TAG_BYTES
    length, until_ns, _ = LAYOUT.unpack(earlier[last : last + LAYOUT.size])
    for said in (Frame(length, until_ns, After.END_ROUTINE), Frame(length, until_ns + 1, After.END_EVENT)):
        earlier[last : last + LAYOUT.size] = said.encoded()
        file.write_bytes(earlier)
        with pytest.raises(FootageError, match="does not open at chunk 5"):
            folder.opened(only(folder))


def test_a_whole_segment_made_to_look_torn_says_so(folder: VaultFolder) -> None:
    """Whoever may write to the disk can shorten; that it was shortened shows, and `check` tells its size."""
    file = sealed(folder)
    content = read_until(file.read_bytes(), 3)
    file.write_bytes(content + Frame(0, moment(15).utc_ns, After.TORN).encoded())
    assert read_header(file).torn
    assert folder.opened(only(folder)) == VIDEO[: 3 * SIZE]
    file.write_bytes(content + Frame(0, moment(16).utc_ns, After.TORN).encoded())
    with pytest.raises(FootageError, match="another time"):
        folder.opened(only(folder))
    told = check(folder.root, folder.catalogue, folder.ring, Level.SIZES)
    assert [each.misfit for each in told] == [Misfit.CHANGED]


def test_mutant_frames_that_no_chunk_is_bound_to_let_the_end_be_moved(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in (segment_writer.Sealer, segment_file.Opener):
        monkeypatch.setattr(kind, "chunk", _unbound(kind.chunk))
    file = sealed(folder)
    content = file.read_bytes()
    last = len(content) - LAYOUT.size - 1000 - TAG_BYTES
    length, until_ns, after = LAYOUT.unpack(content[last : last + LAYOUT.size])
    later = Frame(length, until_ns + 1, After(after)).encoded()
    file.write_bytes(content[:last] + later + content[last + LAYOUT.size :])
    assert folder.opened(only(folder)) == VIDEO
    assert read_header(file).ended_ns == until_ns + 1


def _unbound(real: Callable[..., bytes]) -> Callable[..., bytes]:
    return lambda this, content, _, last: real(this, content, b"", last)


def test_a_segment_whose_share_was_destroyed_meanwhile_is_given_up(folder: VaultFolder) -> None:
    pieces = in_pieces(stretch(content=VIDEO), PIECES)
    for piece in pieces[:2]:
        folder.vault.put(piece)
    folder.ring.shred(folder.ring.slots())
    folder.vault.put(pieces[2])
    with pytest.raises(StorageError, match="destroyed while it was recorded"):
        folder.vault.put(pieces[3])
    assert list(segment_file.files(folder.root)) == []
    assert folder.catalogue.segments() == []
    assert folder.ring.slots() == frozenset(), "no share was made for what nobody will open"


def test_the_rest_of_a_stretch_without_its_beginning_is_refused(folder: VaultFolder) -> None:
    with pytest.raises(StorageError, match="the beginning of this stretch was not kept"):
        folder.vault.put(in_pieces(stretch(), 2)[1])


def test_segments_of_the_old_format_open_fit_and_are_taken_in_beside_new_ones(folder: VaultFolder) -> None:
    old = put_old(folder, stretch(0, VIDEO), folder.policy)
    folder.vault.put(stretch(20, VIDEO))
    assert [each.id.sequence for each in folder.catalogue.segments()] == [0, 1]
    assert all(folder.opened(each.id) == VIDEO for each in folder.catalogue.segments())
    folder.catalogue.forget(old.id)
    assert mended(folder) == [Misfit.UNKNOWN]
    assert folder.catalogue.segments()[0] == old


def test_a_torn_file_of_the_old_format_is_removed_as_ever(folder: VaultFolder) -> None:
    old = put_old(folder, stretch(0, VIDEO), folder.policy)
    folder.catalogue.forget(old.id)
    folder.path(old.id).rename(folder.path(old.id).with_suffix(segment_file.PART))
    assert mended(folder) == [Misfit.UNFINISHED]
    assert list(segment_file.files(folder.root)) == []


RUNS = [range(40), pytest.param(range(40, 3000), marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]


@pytest.mark.parametrize("seeds", RUNS)
@pytest.mark.parametrize("is_old", [True, False])
def test_a_damaged_file_of_either_format_opens_to_what_was_sealed_or_not_at_all(
    folder: VaultFolder, is_old: bool, seeds: Sequence[int]
) -> None:
    """And the check names it, whatever the damage."""
    file = folder.path(put_old(folder, stretch(0, VIDEO), folder.policy).id) if is_old else sealed(folder)
    whole, key = file.read_bytes(), folder.key(file)
    for seed in seeds:
        changed = damaged(whole, random.Random(seed))
        file.write_bytes(changed)
        try:
            assert b"".join(segment_file.read(file, key)) == VIDEO, seed
            assert changed == whole, seed
        except FootageError:
            pass
        told = [each.misfit for each in check(folder.root, folder.catalogue, folder.ring, Level.HASHES)]
        assert told == ([] if changed == whole else [Misfit.CHANGED]), seed


@pytest.mark.parametrize("seeds", RUNS)
def test_a_damaged_rest_of_a_segment_is_taken_in_only_as_the_beginning_of_what_was_sealed(
    folder: VaultFolder, seeds: Sequence[int]
) -> None:
    """The box cannot prove what it takes in; whoever opens it gets a beginning of the truth, or a refusal."""
    file = begun(folder, 3)
    whole, opened = file.read_bytes(), 0
    mended(folder)
    name = only(folder)
    key = folder.key(folder.path(name))
    for seed in seeds:
        for path in (file, folder.path(name)):
            path.unlink(missing_ok=True)
        folder.catalogue.forget(name)
        file.write_bytes(damaged(whole, random.Random(seed)))
        mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
        if folder.path(name).exists():
            with suppress(FootageError):
                content = b"".join(segment_file.read(folder.path(name), key))
                assert VIDEO.startswith(content), seed
                opened += 1
    assert opened > len(seeds) // 10


def test_a_header_of_one_format_under_the_name_of_the_other_is_damaged(folder: VaultFolder) -> None:
    file = sealed(folder)
    file.write_bytes(file.read_bytes().replace(b"SCEDSEG2", b"SCEDSEG1", 1))
    with pytest.raises(FootageError, match="damaged"):
        read_header(file)
