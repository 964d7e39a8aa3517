"""Faults of the disk at every step, crashes at named points, a lost memory of time: nothing promised goes."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.adapters import segment_file, segment_writer
from edge.adapters.footage_room import TimeMemory
from edge.adapters.reconcile import Level, check, mend
from edge.adapters.sealing import Sealer
from edge.values.errors import StorageError
from edge.values.moment import ClockTrust, Moment
from tests.fakes.vaults import VaultFolder, in_pieces, moment, stretch

FULL = OSError(28, "No space left on device")
READ_ONLY = OSError(30, "Read-only file system")
STEPS = ("open", "write", "fsync", "mkdir")


@pytest.fixture
def folder(tmp_path: Path) -> VaultFolder:
    return VaultFolder(tmp_path / "footage")


def fits(folder: VaultFolder) -> None:
    mend(folder.root, folder.catalogue, folder.ring, ["plaza"])
    assert list(check(folder.root, folder.catalogue, folder.ring, Level.HASHES)) == []
    for segment in folder.catalogue.segments():
        assert folder.opened(segment.id)


@pytest.mark.parametrize("fault", [FULL, READ_ONLY])
def test_fifty_faults_at_any_step_lose_nothing_that_was_put(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch, fault: OSError
) -> None:
    chance, put, refused = random.Random(str(fault)), 0, 0
    for second in range(0, 1200, 12):
        step = chance.choice(STEPS)
        with monkeypatch.context() as broken:
            if second % 24:
                broken.setattr(
                    segment_file.os, step, _failing(getattr(os, step), fault, chance.randint(0, 2))
                )
            try:
                for piece in in_pieces(stretch(second, content=b"video" * 40_000), 3):
                    folder.vault.put(piece)
                put += 1
            except StorageError as error:
                assert fault.strerror in str(error)
                refused += 1
    assert refused > 20
    assert len(folder.catalogue.segments()) == put >= 50
    fits(folder)


def _failing(real: Callable[..., object], fault: OSError, after: int) -> Callable[..., object]:
    """Works `after` times, then fails for ever."""
    calls = iter(range(10**9))

    def call(*given: object, **named: object) -> object:
        if next(calls) >= after:
            raise fault
        return real(*given, **named)

    return call


POINTS = ("first write", "second piece", "last piece", "fsync", "Path.rename", "sync_folder", "add")


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_any_point_of_sealing_leaves_what_the_next_start_understands(
    folder: VaultFolder, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    folder.vault.put(stretch(0))

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        match point:
            case "add":
                broken.setattr(folder.catalogue, "add", dies)
            case "Path.rename":
                broken.setattr(Path, "rename", dies)
            case "sync_folder":
                broken.setattr(segment_writer, "sync_folder", dies)
            case "fsync":
                broken.setattr(segment_writer.os, "fsync", dies)
            case "first write":
                broken.setattr(segment_writer.os, "write", dies)
            case _:
                pieces = iter(range(10))
                last = point == "last piece"
                broken.setattr(Sealer, "chunk", _dying(Sealer.chunk, 2 if last else 1, pieces))
        for piece in in_pieces(stretch(20, content=b"video" * 100), 3):
            folder.vault.put(piece)
    folder.close()
    again = VaultFolder(folder.root)
    fits(again)
    again.vault.put(stretch(40))
    fits(again)
    began = {segment.began_ns for segment in again.catalogue.segments()}
    assert {moment(0).utc_ns, moment(40).utc_ns} <= began
    assert (moment(20).utc_ns in began) == (point != "first write"), "what was whole is not lost"


def _dying(real: Callable[..., bytes], after: int, calls: Iterator[int]) -> Callable[..., bytes]:
    def chunk(*given: object) -> bytes:
        if next(calls) >= after:
            raise KeyboardInterrupt
        return real(*given)

    return chunk


def at(second: float, trust: ClockTrust = ClockTrust.SYNCED) -> Moment:
    now = moment(second)
    return Moment(now.mono_ns, now.utc_ns, trust)


YEARS_S = 10 * 365 * 86_400


def test_trusted_time_lasts_over_a_restart_of_the_process(tmp_path: Path) -> None:
    path = tmp_path / "time.json"
    TimeMemory(path, None, 600).look(at(0))
    ahead = Moment(at(60).mono_ns, at(YEARS_S).utc_ns, ClockTrust.SYNCED)
    trusted, step = TimeMemory(path, None, 600).look(ahead)
    assert (trusted.utc_ns, step) == (at(60).utc_ns, None)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\0" * 100, b'{"utc_ns": "x"}'])
def test_a_lost_memory_of_time_begins_at_the_newest_footage(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "time.json"
    if content is not None:
        path.write_bytes(content)
    memory = TimeMemory(path, at(0).utc_ns, 600)
    trusted, _ = memory.look(at(YEARS_S))
    assert trusted.utc_ns == at(0).utc_ns


def test_a_box_without_footage_believes_its_clock(tmp_path: Path) -> None:
    trusted, _ = TimeMemory(tmp_path / "time.json", None, 600).look(at(YEARS_S))
    assert trusted.utc_ns == at(YEARS_S).utc_ns
