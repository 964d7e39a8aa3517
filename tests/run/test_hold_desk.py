"""Holds that are ordered from afar: by whom, of what, once, and with the record before the deed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from edge.adapters.order_box import MOST_WAITING, OrderBox
from edge.governance.policy import Party
from edge.messages.answer import AnswerData, AnswerMessage
from edge.messages.command import command_bytes, order_of
from edge.messages.orders import ExportOrder
from edge.messages.parse import parse
from edge.privacy.spec import Origin
from edge.run.hold_desk import HoldDesk
from edge.values.audit import Action
from edge.values.command import Doubt, Outcome, Package, Verb
from edge.values.errors import FootageError, RefusedError, StorageError
from edge.values.hold import Hold
from edge.values.message import RedactedMessage
from edge.values.moment import ClockTrust, Moment
from edge.values.refusal import Refusal
from tests.fakes.audit import MemoryAudit
from tests.fakes.clock import FakeClock
from tests.fakes.orders import details
from tests.fakes.outbox import BOOT
from tests.fakes.policies import FakeKeys, a_policy

ORIGIN = Origin("r", "n")
NOW_NS = 1_790_000_000_000_000_000
"""2026-09-21; the policy wants a review within 90 days."""
NONCE = "5e" * 16
HOLD = NONCE[:12]


class Book:
    def __init__(self) -> None:
        self.entries: dict[str, Hold] = {}
        self.full = False

    def place(self, hold: Hold) -> None:
        if self.full:
            raise StorageError("No space left on device")
        self.entries[hold.id] = hold

    def holds(self) -> list[Hold]:
        return list(self.entries.values())


class Box:
    def __init__(self, folder: Path) -> None:
        self.book, self.audit = Book(), MemoryAudit()
        self.sent: list[RedactedMessage] = []
        self.orders = OrderBox(folder / "orders")
        self.forgotten: list[str] = []
        self.exported: list[tuple[str, str]] = []
        self.refuses: Exception | None = None
        self.desk = HoldDesk(
            ORIGIN, a_policy(), ["plaza", "gate"], self.book, lambda: self.forgotten, self.export,
            self.audit, self, FakeClock(Moment(1, NOW_NS, ClockTrust.SYNCED)), FakeKeys(),
        )  # fmt: skip

    def export(self, order: ExportOrder, party: Party) -> Package:
        self.exported.append((order.request.case, party.id))
        if self.refuses is not None:
            raise self.refuses
        return Package(f"{order.nonce[:12]}.share.age", "a" * 64)

    def put(self, messages: Sequence[RedactedMessage]) -> None:
        self.sent += messages

    def hears(self, *payloads: bytes) -> None:
        for number, payload in enumerate(payloads):
            self.orders.drop(number, f"{number}", payload)
        self.desk.serve(self.orders)

    @property
    def answers(self) -> list[AnswerData]:
        found = [parse(each.topic, each.stamped(BOOT, n)) for n, each in enumerate(self.sent)]
        return [each.data for each in found if isinstance(each, AnswerMessage)]

    @property
    def last(self) -> tuple[Outcome, Doubt, str | None]:
        said = self.answers[-1]
        return said.outcome, said.reason, said.hold


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def order(verb: Verb = Verb.HOLD, signer: str = "officer", key: str = "", **more: Any) -> bytes:
    data = order_of(ORIGIN, verb, signer, NONCE, NOW_NS, 60) | details(verb) | more
    return command_bytes(data, FakeKeys(key or signer))


def test_a_hold_keeps_the_footage_it_names_and_is_answered_by_its_name(box: Box) -> None:
    box.hears(order())
    (hold,) = box.book.holds()
    assert (hold.id, hold.case, hold.by, hold.cameras) == (HOLD, "17/2026", "officer", ("plaza",))
    assert hold.touches("plaza", 1_789_977_600 * 10**9, 1_789_977_700 * 10**9)  # 08:00:00 of that day
    assert not hold.touches("plaza", 1_789_981_200 * 10**9, 1_789_981_300 * 10**9)  # 09:00:00
    assert box.last == (Outcome.DONE, Doubt.NONE, HOLD)
    (entry,) = box.audit.entries
    assert (entry.action, entry.actor, entry.subject, entry.case) == (
        Action.HOLD_PLACED, "officer", HOLD, "17/2026",
    )  # fmt: skip
    assert list(box.orders.waiting()) == []


def test_an_export_is_answered_by_the_name_of_what_it_left_and_never_by_what_is_in_it(box: Box) -> None:
    box.hears(order(Verb.EXPORT, "auditor"))
    assert box.exported == [("17/2026", "auditor")]
    said = box.answers[-1]
    assert (said.outcome, said.reason) == (Outcome.DONE, Doubt.NONE)
    assert said.package is not None
    assert (said.package.name, said.package.sha256) == (f"{HOLD}.share.age", "a" * 64)


def test_an_export_that_is_not_agreed_is_refused_by_its_reason(box: Box) -> None:
    box.refuses = RefusedError("officer and captain are state-officer", Refusal.ONE_ROLE)
    box.hears(order(Verb.EXPORT, "auditor"))
    said = box.answers[-1]
    assert (said.outcome, said.reason, said.refusal) == (Outcome.REFUSED, Doubt.EXPORT, Refusal.ONE_ROLE)
    assert said.package is None
    assert box.audit.entries[-1].words == "export: export same-role"
    box.refuses = FootageError("share")
    box.hears(order(Verb.EXPORT, "auditor"))
    assert box.last[:2] == (Outcome.FAILED, Doubt.DISK)


@pytest.mark.parametrize("signer", ["night-shift", "field-service", "nobody"])
def test_nobody_of_the_operators_exports_even_past_the_publisher(box: Box, signer: str) -> None:
    box.hears(order(Verb.EXPORT, signer), order(Verb.EXPORT, "officer", "night-shift"))
    assert box.exported == box.answers == box.audit.entries == []


def test_no_camera_named_means_all_that_are_recorded(box: Box) -> None:
    box.hears(order(cameras=[]))
    assert box.book.holds()[0].cameras == ("plaza", "gate")


def test_a_hold_that_was_placed_before_a_crash_is_not_placed_again(box: Box) -> None:
    box.hears(order())
    box.hears(order(Verb.RELEASE, hold=HOLD))
    box.hears(order())
    assert box.last == (Outcome.DONE, Doubt.NONE, HOLD)
    assert box.book.entries[HOLD].released is not None


def test_a_release_ends_the_hold_once_and_says_so_again(box: Box) -> None:
    box.hears(order())
    for _ in range(2):
        box.hears(order(Verb.RELEASE, "guardian", hold=HOLD))
        assert box.last == (Outcome.DONE, Doubt.NONE, HOLD)
    released = [each for each in box.audit.entries if each.action is Action.HOLD_RELEASED]
    assert [(each.actor, each.subject, each.case) for each in released] == [("guardian", HOLD, "17/2026")]
    box.hears(order(Verb.RELEASE, hold=HOLD, reason="another reason"))
    assert box.last == (Outcome.FAILED, Doubt.NO_HOLD, None)


def test_a_hold_that_only_the_audit_log_knows_can_be_released(box: Box) -> None:
    box.hears(order(Verb.RELEASE))
    assert box.last == (Outcome.FAILED, Doubt.NO_HOLD, None)
    box.forgotten = ["5e5e5e5e5e5e"]
    box.hears(order(Verb.RELEASE))
    assert box.last == (Outcome.DONE, Doubt.NONE, "5e5e5e5e5e5e")


@pytest.mark.parametrize(
    ("signer", "key"),
    [("night-shift", ""), ("auditor", ""), ("officer", "night-shift"), ("nobody", ""), ("field-service", "")],
)
def test_whoever_took_over_the_process_that_speaks_with_the_network_holds_and_releases_nothing(
    box: Box, signer: str, key: str
) -> None:
    box.hears(order())
    box.hears(order(Verb.RELEASE, signer, key, hold=HOLD), order(Verb.HOLD, signer, key, nonce="77" * 16))
    assert [each.released for each in box.book.holds()] == [None]
    assert len(box.answers) == len(box.audit.entries) == 1


def test_another_boxs_order_another_verb_and_junk_do_nothing(box: Box) -> None:
    box.hears(order(node="n2"), order(Verb.RESTART, "night-shift"), b"junk")
    assert box.book.holds() == []
    assert [each.reason for each in box.answers] == [Doubt.NOT_HERE]
    assert list(box.orders.waiting()) == []


@pytest.mark.parametrize(
    ("review", "may"),
    [("2026-09-21", False), ("2026-09-22", True), ("2026-12-20", True), ("2026-12-21", False)],
)
def test_a_review_comes_as_soon_as_the_policy_wants(box: Box, review: str, may: bool) -> None:
    box.hears(order(review=review))
    assert bool(box.book.holds()) is may
    assert box.answers[-1].reason is (Doubt.NONE if may else Doubt.REVIEW)
    assert box.audit.entries[-1].action is (Action.HOLD_PLACED if may else Action.COMMAND_REFUSED)


def test_a_camera_that_is_not_recorded_cannot_be_held(box: Box) -> None:
    box.hears(order(cameras=["plaza", "street"]))
    assert box.last == (Outcome.FAILED, Doubt.NO_CAMERA, None)
    assert box.book.holds() == []


def test_a_full_disk_puts_it_off_and_the_record_comes_first(box: Box) -> None:
    box.book.full = True
    box.hears(order())
    assert box.answers == []
    assert [each.action for each in box.audit.entries] == [Action.HOLD_PLACED]
    box.book.full = False
    box.desk.serve(box.orders)
    assert box.last == (Outcome.DONE, Doubt.NONE, HOLD)


def test_the_folder_of_orders_is_bounded(box: Box) -> None:
    for number in range(MOST_WAITING):
        box.orders.drop(number, "ab", b"x")
    with pytest.raises(StorageError, match="wait already"):
        box.orders.drop(MOST_WAITING, "ab", b"x")
