"""A real disk that is full, again and again, and read-only: nothing promised goes, and no hold."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import ProgrammingError

import pytest

from edge.adapters.age_memory import AgeMemory
from edge.adapters.audit_log import AuditLog, read_head
from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.adapters.footage_room import FootageRoom
from edge.adapters.reconcile import Level, check, mend
from edge.adapters.undertaker import FileUndertaker
from edge.adapters.vault import Vault
from edge.audit.verify import Kept as KeptHead
from edge.audit.verify import verify
from edge.footage.trusted_time import TrustedTime
from edge.run.keep import Keeper
from edge.values.errors import StorageError
from edge.values.hold import Hold, HoldOrigin
from edge.values.moment import NS_PER_S
from edge.values.segment import SLOT_S, SegmentId
from tests.fakes.clock import FakeClock
from tests.fakes.footage import policy
from tests.fakes.format_one import put_old
from tests.fakes.raw_disk import can_mount, read_only, small
from tests.fakes.thief import carved
from tests.fakes.vaults import VaultFolder, moment, stretch

ORIGIN = "safecity/r/n"
KIB, RESERVE_KIB, SEGMENT_KIB = 56 << 10, 36 << 10, 1 << 10
"""Of the disk; the reserve has room for the ballast, which is taken only where there is twice as much."""


class Disk:
    """All that a box keeps of its footage, on one small disk."""

    def __init__(self, disk: Path) -> None:
        self.disk, self.clock = disk, FakeClock(moment(0))
        self.room = FootageRoom(disk / "footage")
        self.audit = AuditLog(disk / "audit", ORIGIN, self.clock.now)
        self.room.take_ballast()
        self.vault = Vault(self.room.root, self.room.catalogue, self.room.ring, policy())
        self.promised: dict[SegmentId, bytes] = {}
        self.turn = 0
        self.keeper = Keeper(
            self.room.holdings,
            FileUndertaker(self.room.root, self.room.holdings, self.room.ring),
            self.audit,
            policy(),
            self.clock,
            look=lambda now: (TrustedTime(now.utc_ns, now.mono_ns, "boot"), None),
            age=AgeMemory(self.room.root / "ages.json").look,
            disk=lambda: self.room.disk(1 << 40, RESERVE_KIB << 10),
            make_room=self.room.drop_ballast,
            serve_requests=lambda: None,
            tell=lambda *_: self.room.take_ballast(),
            on_pulse=lambda _: None,
        )

    def record_until(self, told: str) -> None:
        """Put footage, a few segments a slot, until the disk takes no more; which must be said by name."""
        while True:
            self.turn += 1
            second = self.turn * SLOT_S / 4
            content = self.turn.to_bytes(4, "big") * (SEGMENT_KIB << 8)
            before = set(self.room.catalogue.segments())
            try:
                self.vault.put(stretch(second, content))
            except StorageError as error:
                assert told in str(error)
                assert set(self.room.catalogue.segments()) == before
                return
            (new,) = set(self.room.catalogue.segments()) - before
            self.promised[new.id] = content

    def look_through(self) -> None:
        """Everything promised is there and opens, or has its certificate; files, rows and keys fit."""
        mend(self.room.root, self.room.catalogue, self.room.ring, ["plaza"])
        assert list(check(self.room.root, self.room.catalogue, self.room.ring, Level.HASHES)) == []
        here = {segment.id for segment in self.room.catalogue.segments()}
        gone = {each.slot for each in self.room.holdings.deletions()}
        assert {each.slot for each in self.promised.keys() - here} <= gone
        assert not here - set(self.promised)
        opener = VaultFolder(self.room.root)
        for segment in list(here)[:: max(1, len(here) // 5)]:
            assert opener.opened(segment) == self.promised[segment]
        opener.close()
        assert carved(self.disk) == 0
        self._judge_audit()

    def _judge_audit(self) -> None:
        folder = self.disk / "audit"
        head = read_head(folder)
        assert head is not None
        key = Ed25519Signer.read(folder / "key.pem").key
        with (folder / "log.jsonl").open("rb") as log:
            assert verify(log, [KeptHead(head, "the box")], key, ORIGIN, Ed25519Verifier()).misfit is None

    def hold_first(self) -> Hold:
        hold = Hold(
            "0123456789ab", HoldOrigin.AUTHORITY, "A-17", "City court", "2026-06-01", ("plaza",),
            moment(0).utc_ns, moment(0).utc_ns + SLOT_S * NS_PER_S, moment(0), "officer", None,
        )  # fmt: skip
        self.room.holdings.place(hold)
        return hold

    def close(self) -> None:
        self.vault.close()
        self.audit.close()
        self.room.close()


@pytest.fixture
def on_disk(tmp_path: Path):
    if reason := can_mount():
        pytest.skip(reason)
    with small(tmp_path / "disk", KIB) as mounted:
        box = Disk(mounted)
        yield box
        with suppress(OSError, ProgrammingError):  # a test closed it
            box.close()


@contextmanager
def to_the_brim(disk: Path) -> Iterator[None]:
    """Somebody else takes the last byte, so that not even a row can be written."""
    other = disk / "of somebody else"
    with suppress(OSError), other.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    try:
        yield
    finally:
        other.unlink()


def full(box: Disk, times: int) -> None:
    held = put_old(box.room, stretch(1, b"held"), policy())
    box.promised[held.id] = b"held"
    box.hold_first()
    for _ in range(times):
        box.record_until("No space left on device")
        box.look_through()
        with to_the_brim(box.disk):
            box.keeper.keep_house(box.clock.now())
        box.look_through()
        assert held.id in {each.id for each in box.room.catalogue.segments()}
        assert [each.id for each in box.room.holdings.holds()] == ["0123456789ab"]
    assert len(box.room.holdings.deletions()) >= times


def test_a_disk_that_is_full_three_times_loses_nothing_that_was_promised(on_disk: Disk) -> None:
    full(on_disk, 3)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_disk_that_is_full_fifty_times_loses_nothing_that_was_promised(on_disk: Disk) -> None:
    full(on_disk, 50)


def test_a_start_on_a_read_only_disk_is_refused_by_name_and_loses_nothing(on_disk: Disk) -> None:
    on_disk.vault.put(stretch(1, b"held"))
    (held,) = on_disk.room.catalogue.segments()
    on_disk.promised[held.id] = b"held"
    hold = on_disk.hold_first()
    on_disk.close()
    read_only(on_disk.disk, True)
    with pytest.raises(StorageError, match=r"[Rr]ead-?only"):
        Disk(on_disk.disk)
    read_only(on_disk.disk, False)
    again = Disk(on_disk.disk)
    again.promised = on_disk.promised
    again.look_through()
    assert again.room.holdings.holds() == [hold]
    again.record_until("No space left on device")
    again.look_through()
    again.close()
