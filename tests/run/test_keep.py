"""The keeper on a real vault: the expired is gone for ever, the held stays, and no clock tricks it."""

from dataclasses import replace
from pathlib import Path

import pytest

from edge.adapters import segment_file, undertaker
from edge.adapters.age_memory import AgeMemory
from edge.adapters.undertaker import FileUndertaker
from edge.footage.retention import Disk
from edge.footage.trusted_time import Step, TrustedTime
from edge.run.keep import Keeper
from edge.values.audit import Action
from edge.values.errors import StorageError
from edge.values.footage_state import FootageState, Keeping
from edge.values.hold import Hold, HoldOrigin, Release
from edge.values.moment import NS_PER_S, Moment
from edge.values.pulse import Pulse
from edge.values.retention import Doom, Rule
from edge.values.segment import SLOT_S, FootageClass, SlotId
from tests.fakes.audit import MemoryAudit
from tests.fakes.clock import FakeClock
from tests.fakes.footage import DAY_S
from tests.fakes.vaults import VaultFolder, misdated, moment, stretch

ROOMY = Disk(1 << 40, 0, 1 << 40)
EXPIRY_S = 3 * DAY_S + SLOT_S


class House:
    """A keeper and all that it keeps."""

    def __init__(self, root: Path) -> None:
        self.folder = VaultFolder(root / "footage")
        self.audit = MemoryAudit()
        self.disk = ROOMY
        self.told: list[Keeping] = []
        self.pulses: list[Pulse] = []
        self.ballast = 0
        self.trusted: Moment | None = None
        self.undertaker = FileUndertaker(self.folder.root, self.folder.holdings, self.folder.ring)
        self.keeper = Keeper(
            self.folder.holdings,
            self.undertaker,
            self.audit,
            self.folder.policy,
            FakeClock(moment(0)),
            look=lambda now: (TrustedTime((self.trusted or now).utc_ns, now.mono_ns, "boot"), None),
            age=AgeMemory(self.folder.root / "ages.json").look,
            disk=lambda: self.disk,
            make_room=self.drop,
            serve_requests=lambda: None,
            tell=lambda keeping, _: self.told.append(keeping),
            on_pulse=self.pulses.append,
        )

    def drop(self) -> bool:
        self.ballast, dropped = 0, self.ballast
        return bool(dropped)

    def record(self, *seconds: float, **more: object) -> None:
        for second in seconds:
            self.folder.vault.put(stretch(second, **more))  # type: ignore[arg-type]

    def left(self) -> list[float]:
        """Beginnings of the segments whose file, row and key are there."""
        found = []
        for segment in self.folder.catalogue.segments():
            assert self.folder.opened(segment.id)
            found.append((segment.began_ns - moment(0).utc_ns) / NS_PER_S)
        assert len(found) == len(list(segment_file.files(self.folder.root)))
        return found

    def hold(self, began: float, ended: float, released: Release | None = None) -> Hold:
        hold = Hold(
            "0123456789ab", HoldOrigin.AUTHORITY, "A-17/2026", "City court", "2026-06-01", ("plaza",),
            moment(began).utc_ns, moment(ended).utc_ns, moment(0), "officer", released,
        )  # fmt: skip
        self.folder.holdings.place(hold)
        return hold


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_what_expired_is_gone_and_leaves_a_certificate(house: House) -> None:
    house.record(0, 20, SLOT_S)
    house.keeper.keep_house(moment(EXPIRY_S))
    assert house.left() == [SLOT_S]
    (deletion,) = house.folder.holdings.deletions()
    assert (deletion.slot, deletion.segments, deletion.rule) == (
        SlotId.of("plaza", moment(0).utc_ns),
        2,
        Rule.EXPIRED,
    )
    assert "72 h: video surveillance act, article 4" in deletion.basis
    assert house.audit.entries[deletion.receipt.index].action is Action.FOOTAGE_DELETED


def test_expired_footage_cannot_be_recovered_from_the_raw_files(house: House) -> None:
    house.record(0)
    (segment,) = house.folder.catalogue.segments()
    share = house.folder.ring.find(segment.id.slot)
    stolen = house.folder.path(segment.id).read_bytes()
    house.keeper.keep_house(moment(EXPIRY_S))
    everything = b"".join(file.read_bytes() for file in house.folder.root.rglob("*") if file.is_file())
    assert share is not None
    assert share not in everything  # even with the sealed file and all keyholders its key cannot be made
    assert stolen not in everything


def test_an_event_is_kept_as_long_as_its_class(house: House) -> None:
    house.record(0)
    house.record(20, footage_class=FootageClass.EVENT)
    house.keeper.keep_house(moment(EXPIRY_S))
    assert house.left() == [0, 20]
    house.keeper.keep_house(moment(30 * DAY_S + SLOT_S))
    assert house.left() == []


def test_a_hold_beats_time_and_disk_until_it_is_released(house: House) -> None:
    house.record(0, SLOT_S, 2 * SLOT_S)
    hold = house.hold(SLOT_S + 5, SLOT_S + 6)
    house.disk = Disk(0, 1 << 30, 0)
    house.keeper.keep_house(moment(40 * DAY_S))
    assert house.left() == [SLOT_S]
    assert house.told[-1].held_slots == 1
    assert house.told[-1].short_bytes > 0
    assert house.told[-1].state is FootageState.CROWDED
    house.folder.holdings.place(replace(hold, released=Release(moment(0), "officer", "case closed")))
    house.keeper.keep_house(moment(40 * DAY_S))
    assert house.left() == []


def test_a_hold_that_comes_while_a_plan_is_carried_out_wins_or_is_too_late(house: House) -> None:
    house.record(0)
    (kept,) = house.folder.holdings.kept()
    house.hold(0, 10)
    assert not house.undertaker.doom(Doom(kept, Rule.EXPIRED))
    assert house.folder.holdings.doomed() == []


def test_while_a_holds_row_is_damaged_nothing_is_deleted(house: House) -> None:
    house.record(0)
    house.hold(0, 10)
    house.folder.catalogue.store.write(
        lambda db: db.execute("UPDATE holds SET body = replace(body, 'plaza', 'other')")
    )
    with pytest.raises(StorageError, match="nothing is deleted"):
        house.keeper.keep_house(moment(EXPIRY_S))
    assert house.left() == [0]


def test_a_clock_years_ahead_deletes_nothing(house: House) -> None:
    house.record(0)
    house.trusted = moment(100)
    house.keeper.keep_house(moment(10 * 365 * DAY_S))
    assert house.left() == [0]


YEARS_S = 3652 * DAY_S


def keeps_at(house: House, trusted: Moment, off_s: float) -> None:
    """One plan, while the clock is so far ahead of trusted time."""
    house.trusted = trusted
    house.keeper.keep_house(replace(trusted, utc_ns=trusted.utc_ns + round(off_s * NS_PER_S)))


@pytest.mark.parametrize("off_s", [-YEARS_S, -80 * 3_600, 3_600, YEARS_S])
def test_what_is_recorded_while_the_clock_is_wrong_is_kept_its_time_and_no_longer(
    house: House, off_s: float
) -> None:
    for second in (20, 40, 60):
        house.folder.vault.put(misdated(stretch(second), off_s))
        keeps_at(house, moment(second + 20), off_s)
    house.record(80)
    keeps_at(house, moment(100), 0)
    again = House(house.folder.root.parent)
    keeps_at(again, moment(79 + 3 * DAY_S), 0)
    assert len(again.left()) == 4
    keeps_at(again, moment(80 + 3 * DAY_S), 0)
    assert again.left() == [80]
    (deletion,) = again.folder.holdings.deletions()
    assert deletion.rule is Rule.EXPIRED
    keeps_at(again, moment(100 + 3 * DAY_S), 0)
    assert again.left() == []
    keeps_at(again, moment(101 + 3 * DAY_S), 0)
    assert (again.folder.root / "ages.json").read_text() == "{}"


def test_what_was_recorded_just_before_the_clock_was_set_right_is_kept_its_time(house: House) -> None:
    keeps_at(house, moment(0), -YEARS_S)
    house.folder.vault.put(misdated(stretch(0), -YEARS_S))
    keeps_at(house, moment(20), 0)
    assert house.left() == [-YEARS_S]
    keeps_at(house, moment(20 + 3 * DAY_S), 0)
    assert house.left() == []


@pytest.mark.parametrize("off_s", [-YEARS_S, YEARS_S])
def test_on_a_full_disk_what_is_recorded_by_a_wrong_clock_is_the_newest(house: House, off_s: float) -> None:
    house.record(0)
    house.folder.vault.put(misdated(stretch(SLOT_S), off_s))
    house.disk = Disk(0, 1 << 30, 1 << 40)
    keeps_at(house, moment(SLOT_S + 20), off_s)
    assert house.left() == [SLOT_S + off_s]
    house.record(2 * SLOT_S)
    keeps_at(house, moment(2 * SLOT_S + 20), 0)
    assert house.left() == [2 * SLOT_S]


def test_a_clock_that_is_not_believed_is_told_once_and_in_every_pulse(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    for off_s in (0, 3_600, 3_601, -YEARS_S, 0):
        keeps_at(house, moment(0), off_s)
        house.keeper._planned, house.keeper._pulsed = moment(0), None
        house.keeper._turn()
    assert [pulse.counts["clock_off_s"] for pulse in house.pulses] == [0, 3_600, 3_601, -YEARS_S, 0]
    assert [pulse.state for pulse in house.pulses] == [
        "keeping",
        *["keeping; the clock is 1.0 h ahead of trusted time, which retention goes by"] * 2,
        "keeping; the clock is 87,648.0 h behind trusted time, which retention goes by",
        "keeping",
    ]
    assert [record.message for record in caplog.records] == [
        "the clock is 1.0 h ahead of trusted time, which retention goes by",
        "the clock is 87,648.0 h behind trusted time, which retention goes by",
        "the clock agrees with trusted time again",
    ]


def test_footage_that_is_simply_old_is_not_young_because_the_clock_is_set_back_to_it(house: House) -> None:
    house.record(0, SLOT_S)
    keeps_at(house, moment(DAY_S), 0)
    keeps_at(house, moment(2 * DAY_S), -2 * DAY_S)
    keeps_at(house, moment(EXPIRY_S), 0)
    assert house.left() == [SLOT_S]


def test_ages_follow_a_step_that_trusted_time_made(house: House) -> None:
    house.folder.vault.put(misdated(stretch(0), YEARS_S))
    keeps_at(house, moment(20), YEARS_S)
    (kept,) = house.folder.holdings.kept()
    memory = AgeMemory(house.folder.root / "ages.json")
    assert memory.peek([kept])[0].off_ns == YEARS_S * NS_PER_S
    now = replace(moment(30), utc_ns=moment(YEARS_S + 30).utc_ns)
    step = Step(moment(30).utc_ns, now.utc_ns)
    (found,) = memory.look([kept], TrustedTime(now.utc_ns, now.mono_ns, "boot"), now, step)
    assert found.off_ns == 0


def test_no_entry_no_deletion(house: House) -> None:
    house.record(0)
    house.audit.refusals = 1
    with pytest.raises(StorageError, match="audit"):
        house.keeper.keep_house(moment(EXPIRY_S))
    assert house.left() == [0]
    house.keeper.keep_house(moment(EXPIRY_S))  # it was marked; the next round finishes it
    assert house.left() == []
    assert len(house.folder.holdings.deletions()) == 1


def test_on_a_full_disk_the_ballast_makes_room_for_the_entry(house: House) -> None:
    house.record(0)
    house.audit.refusals, house.ballast = 1, 1
    house.keeper.keep_house(moment(EXPIRY_S))
    assert house.left() == []
    assert house.ballast == 0


CRASHES = ("shred", "_unlink", "bury")


@pytest.mark.parametrize("at", CRASHES)
def test_a_deletion_that_was_cut_short_is_finished_at_the_next_start(
    house: House, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.record(0, 20, SLOT_S)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    owner = {"shred": house.folder.ring, "_unlink": house.undertaker, "bury": house.folder.holdings}[at]
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(owner, at, dies)
        house.keeper.keep_house(moment(EXPIRY_S))
    again = House(house.folder.root.parent)
    again.keeper.keep_house(moment(0))  # however early: what was begun is finished
    assert again.left() == [SLOT_S]
    (deletion,) = again.folder.holdings.deletions()
    assert (deletion.segments, deletion.size_bytes > 0) == (2, True)


def test_a_doomed_slot_cannot_be_held_any_more_and_a_held_one_not_doomed(house: House) -> None:
    house.record(0, SLOT_S)
    first, second = house.folder.holdings.kept()
    assert house.undertaker.doom(Doom(first, Rule.EXPIRED))
    house.hold(0, 2 * SLOT_S)
    assert not house.undertaker.doom(Doom(second, Rule.EXPIRED))
    assert [kept.held for kept in house.folder.holdings.kept()] == [("0123456789ab",)]


def test_mutant_unlinking_before_shredding_leaves_a_key_behind_a_crash(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the order is for: the other way round, a crash leaves the key of a file that a thief may find."""

    def wrong(self: FileUndertaker, slot: SlotId, _: object) -> None:
        self._unlink(slot)
        raise KeyboardInterrupt

    house.record(0)
    (segment,) = house.folder.catalogue.segments()
    monkeypatch.setattr(undertaker.FileUndertaker, "bury", wrong)
    with pytest.raises(KeyboardInterrupt):
        house.keeper.keep_house(moment(EXPIRY_S))
    assert house.folder.ring.find(segment.id.slot) is not None
