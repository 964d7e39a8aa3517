"""No share of a key leaves without its entry on the disk first, and no refusal without one of its own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from edge.config.request import SignedRequest
from edge.run.release import ReleaseDesk
from edge.values.audit import Action
from edge.values.errors import RefusedError, StorageError
from edge.values.refusal import Refusal
from edge.values.segment import SLOT_S, SlotId
from tests.fakes.audit import MemoryAudit
from tests.fakes.clock import FakeClock
from tests.fakes.exports import ASKED, BEFORE, NEXT, SLOT, a_box, party, signed
from tests.fakes.policies import FakeKeys

LATER = SlotId("plaza", NEXT.start_s + SLOT_S)
LONG = replace(ASKED, end="2026-05-31T20:25:00Z")


class Ring:
    """Shares by slot, and what the log had when each was read."""

    def __init__(self, audit: MemoryAudit, slots: Sequence[SlotId]) -> None:
        self.audit = audit
        self.shares = {slot: str(slot).encode() for slot in slots}
        self.read: list[tuple[SlotId, int]] = []

    def slots(self) -> frozenset[SlotId]:
        return frozenset(self.shares)

    def find(self, slot: SlotId) -> bytes | None:
        self.read.append((slot, len(self.audit.entries)))
        return self.shares.get(slot)


class Counter:
    """A desk with its log and its ring."""

    def __init__(self, *slots: SlotId) -> None:
        self.audit = MemoryAudit()
        self.ring = Ring(self.audit, slots or (BEFORE, SLOT, NEXT, LATER, SlotId("gate", SLOT.start_s)))
        self.desk = ReleaseDesk(self.audit, FakeKeys(), FakeClock(), self.ring.slots, self.ring.find)

    def ask(
        self, *wanted: SlotId, request: Any = ASKED, names: Sequence[str] = ("officer", "guardian")
    ) -> Any:
        asked = SignedRequest(request, tuple(signed(request, *names)))
        return self.desk.release(asked, wanted, party("auditor"), a_box())

    @property
    def told(self) -> list[tuple[str, str, str, str]]:
        return [(each.actor, each.action, each.subject, each.case) for each in self.audit.entries]


def test_all_that_the_request_covers_is_given_out_and_told_first() -> None:
    counter = Counter()
    assert counter.ask(request=LONG) == {slot: str(slot).encode() for slot in (SLOT, NEXT, LATER)}
    sha256, case = LONG.sha256(), LONG.case
    assert counter.told == [
        ("officer", "export-requested", sha256, case),
        ("guardian", "export-approved", sha256, case),
        *(("auditor", "key-released", str(slot), case) for slot in (SLOT, NEXT, LATER)),
    ]
    assert [at for _, at in counter.ring.read] == [5, 5, 5]
    last = counter.audit.entries[-1].words
    assert last == f"request {sha256}, asked by officer, approved by guardian, for safety"
    assert LONG.recipient in counter.audit.entries[1].words


def test_a_slot_of_it_can_be_asked_for_alone() -> None:
    counter = Counter()
    assert list(counter.ask(NEXT, request=LONG)) == [NEXT]
    assert [entry.subject for entry in counter.audit.entries[2:]] == [str(NEXT)]


@pytest.mark.parametrize(
    ("wanted", "names", "reason"),
    [
        ((BEFORE,), ("officer", "guardian"), Refusal.OTHER_TIME),
        ((SlotId("gate", SLOT.start_s),), ("officer", "guardian"), Refusal.OTHER_CAMERA),
        ((), ("officer",), Refusal.NOT_TWO),
        ((), ("officer", "night-shift"), Refusal.NO_RIGHT),
    ],
)
def test_every_refusal_is_one_entry_with_its_reason(
    wanted: tuple[SlotId, ...], names: tuple[str, ...], reason: Refusal
) -> None:
    counter = Counter()
    with pytest.raises(RefusedError):
        counter.ask(*wanted, names=names)
    assert counter.told == [("auditor", "denied", ASKED.sha256(), ASKED.case)]
    assert counter.audit.entries[0].words == reason
    assert counter.ring.read == []


@pytest.mark.parametrize("wanted", [(), (SLOT,)])
def test_what_is_not_kept_any_more_is_told(wanted: tuple[SlotId, ...]) -> None:
    counter = Counter(BEFORE)
    with pytest.raises(RefusedError, match=r"it was destroyed|key was destroyed"):
        counter.ask(*wanted)
    assert [entry.words for entry in counter.audit.entries] == [Refusal.NOTHING_KEPT]


def test_a_key_that_is_shredded_in_between_is_told_too() -> None:
    counter = Counter()
    counter.ring.find = lambda _: None  # type: ignore[method-assign]
    counter.desk = ReleaseDesk(counter.audit, FakeKeys(), FakeClock(), counter.ring.slots, counter.ring.find)
    with pytest.raises(RefusedError, match="just now"):
        counter.ask()
    assert counter.audit.entries[-1].words == Refusal.NOTHING_KEPT


def nothing_leaves_without_its_entry() -> None:
    """The invariant, whose mutants follow: whichever entry the disk does not take."""
    for entry in range(5):
        counter = Counter()
        taken = counter.audit.append

        def append(told: Any, counter: Counter = counter, entry: int = entry, taken: Any = taken) -> Any:
            if len(counter.audit.entries) == entry:
                raise StorageError("No space left on device")
            return taken(told)

        counter.audit.append = append  # type: ignore[method-assign]
        with pytest.raises(StorageError):
            counter.ask(request=LONG)
        assert counter.ring.read == []
    counter = Counter()
    counter.ask(request=LONG)
    released = [entry.subject for entry in counter.audit.entries if entry.action is Action.KEY_RELEASED]
    assert released == [str(slot) for slot, _ in counter.ring.read]
    assert {at for _, at in counter.ring.read} == {len(counter.audit.entries)}


def no_refusal_without_its_entry() -> None:
    counter = Counter()
    with pytest.raises(RefusedError):
        counter.ask(names=("officer",))
    assert [entry.action for entry in counter.audit.entries] == [Action.DENIED]
    counter.audit.full = True
    with pytest.raises(StorageError):
        counter.ask(names=("officer",))
    assert counter.ring.read == []


MUTANTS = {
    "the entries are left out": ("_tell", lambda *_: None, nothing_leaves_without_its_entry),
    "nothing is entered at all": ("_enter", lambda *_: None, nothing_leaves_without_its_entry),
    "refusals are not entered": ("_enter", lambda *_: None, no_refusal_without_its_entry),
    "shares are read first": (
        "_check_kept",
        lambda desk, granted: [desk._share(slot) for slot in granted.slots],
        nothing_leaves_without_its_entry,
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_invariants_hold_and_every_mutant_is_seen(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, instead, holds = MUTANTS[mutant]
    holds()
    monkeypatch.setattr(ReleaseDesk, name, instead)
    with pytest.raises((pytest.fail.Exception, AssertionError)):
        holds()
