"""The key ring: shares last until they are destroyed, and then no byte of them is left in the file."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from edge.adapters.key_ring import GROWS_BY, PLACE_BYTES, KeyRing
from edge.values.errors import FootageError, StorageError
from edge.values.segment import SLOT_S, SlotId

SLOTS = [SlotId(camera, SLOT_S * at) for camera in ("a", "plaza-north") for at in range(3)]


def test_a_share_lasts_over_a_restart_and_is_one_slots_alone(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keyring")
    shares = {slot: ring.share(slot) for slot in SLOTS}
    assert len(set(shares.values())) == len(SLOTS)
    ring.close()
    again = KeyRing(tmp_path / "keyring")
    assert {slot: again.find(slot) for slot in SLOTS} == shares
    assert again.slots() == set(SLOTS)


def test_what_was_shredded_is_nowhere_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keyring"
    ring = KeyRing(path)
    shares = {slot: ring.share(slot) for slot in SLOTS}
    ring.shred(SLOTS[:2])
    raw = path.read_bytes()
    assert [raw.count(shares[slot]) for slot in SLOTS] == [0, 0, 1, 1, 1, 1]
    assert ring.find(SLOTS[0]) is None
    assert ring.share(SLOTS[0]) != shares[SLOTS[0]]


def test_shredding_keeps_the_file_and_its_blocks(tmp_path: Path) -> None:
    """Overwritten in place: the same inode, the same size, so the same sectors."""
    path = tmp_path / "keyring"
    ring = KeyRing(path)
    ring.share(SLOTS[0])
    before = path.stat()
    ring.shred(SLOTS[:1])
    after = path.stat()
    assert (before.st_ino, before.st_size, before.st_blocks) == (after.st_ino, after.st_size, after.st_blocks)
    assert before.st_size == GROWS_BY * PLACE_BYTES
    assert before.st_blocks * 512 >= before.st_size


def test_the_overwriting_is_on_the_disk_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring, done = KeyRing(tmp_path / "keyring"), []
    ring.share(SLOTS[0])
    monkeypatch.setattr(os, "fsync", lambda handle: done.append(os.pread(handle, PLACE_BYTES, 0)))
    ring.shred(SLOTS[:1])
    assert done == [bytes(PLACE_BYTES)]


def test_a_damaged_place_is_told_and_never_used(tmp_path: Path) -> None:
    path = tmp_path / "keyring"
    KeyRing(path).share(SLOTS[0])
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)
    ring = KeyRing(path)
    with pytest.raises(FootageError, match="place 0"):
        ring.find(SLOTS[0])
    assert ring.damaged() == (0,)
    ring.share(SLOTS[1])
    assert ring.slots() == {SLOTS[1]}


def test_a_full_disk_is_a_named_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = KeyRing(tmp_path / "keyring")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(StorageError, match="No space left"):
        ring.share(SLOTS[0])


def test_two_processes_never_give_one_slot_two_shares(tmp_path: Path) -> None:
    one, other = KeyRing(tmp_path / "keyring"), KeyRing(tmp_path / "keyring")
    assert [one.share(slot) for slot in SLOTS] == [other.share(slot) for slot in SLOTS]


class RingMachine(RuleBasedStateMachine):
    """Against a dictionary, on a real file."""

    def __init__(self) -> None:
        super().__init__()
        self.path = Path(os.environ.get("PYTEST_TMP", "/dev/shm")) / f"ring-{os.getpid()}-{id(self)}"
        self.ring = KeyRing(self.path)
        self.model: dict[SlotId, bytes] = {}
        self.gone: set[bytes] = set()

    @rule(slot=st.sampled_from(SLOTS))
    def share(self, slot: SlotId) -> None:
        assert self.ring.share(slot) == self.model.setdefault(slot, self.ring.share(slot))

    @rule(slots=st.lists(st.sampled_from(SLOTS)))
    def shred(self, slots: list[SlotId]) -> None:
        self.ring.shred(slots)
        self.gone |= {self.model.pop(slot) for slot in set(slots) & self.model.keys()}

    @rule()
    def restart(self) -> None:
        self.ring.close()
        self.ring = KeyRing(self.path)

    @invariant()
    def it_holds_what_it_should_and_nothing_else(self) -> None:
        assert self.ring.slots() == self.model.keys()
        raw = self.path.read_bytes()
        assert not any(share in raw for share in self.gone)

    def teardown(self) -> None:
        self.ring.close()
        self.path.unlink()


TestRing = RingMachine.TestCase
TestRing.settings = settings(max_examples=25, stateful_step_count=15)
