"""The desk: a command is obeyed once, whatever box and clock do, and only of those whom the policy names."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.adapters.command_ledger import CommandLedger
from edge.adapters.end_box import EndBox
from edge.messages.answer import AnswerData, AnswerMessage
from edge.messages.command import CommandMessage, command_bytes, order_of
from edge.messages.parse import parse
from edge.privacy.spec import Origin
from edge.run import commands
from edge.run.commands import Desk, Effect
from edge.values.audit import Action, AuditEntry, Receipt
from edge.values.command import Doubt, End, Health, Loosened, Outcome, Verb
from edge.values.errors import StorageError
from edge.values.message import RedactedMessage
from edge.values.moment import ClockTrust, Moment
from tests.fakes.orders import details
from tests.fakes.outbox import BOOT
from tests.fakes.policies import FakeKeys, a_policy
from tests.fakes.subscriber import wait_until

ORIGIN = Origin("r", "n")
NOW_NS = 1_790_000_000_123_456_789
HEALTH = Health("1.0", 5, 6, 7, 0, 0, 0, 0, 0, ())


class Clock:
    def __init__(self, utc_ns: int = NOW_NS, trust: ClockTrust = ClockTrust.SYNCED) -> None:
        self.moment = Moment(10**9, utc_ns, trust)

    def now(self) -> Moment:
        return self.moment

    def goes(self, seconds: float) -> None:
        self.moment = self.moment.plus(seconds)

    def is_set(self, seconds: float) -> None:
        """UTC steps; monotonic time does not."""
        self.moment = replace(self.moment, utc_ns=self.moment.utc_ns + round(seconds * 1e9))


class Audit:
    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []
        self.full = False
        self.tried = 0

    def append(self, entry: AuditEntry) -> Receipt:
        self.tried += 1
        if self.full:
            raise StorageError("full")
        self.entries.append(entry)
        return Receipt(0, "0" * 64)


class Box:
    """One box with its disk; `boot` is another process on the same disk."""

    def __init__(self, folder: Path, origin: Origin = ORIGIN) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.origin = folder, origin
        self.clock, self.audit = Clock(), Audit()
        self.sent: list[RedactedMessage] = []
        self.obeyed: list[str] = []
        self.after: list[str] = []
        self.fails: dict[Verb, Doubt] = {}
        self.broken = self.passes_on = self.begins = False
        self.boot()

    def boot(self) -> None:
        number = iter(range(1, 1000))
        self.desk = Desk(
            self.origin,
            a_policy(),
            dict.fromkeys(Verb, self.carry),
            CommandLedger(self.folder / "commands.db"),
            self.audit,
            self,
            self.clock,
            FakeKeys(),
            lambda: f"{next(number):032x}",
            EndBox(self.folder / "ends"),
        )

    def put(self, messages: Any) -> None:
        if self.broken:
            raise StorageError("full")
        self.sent += messages

    def carry(self, message: CommandMessage) -> Effect:
        self.obeyed.append(message.data.nonce)
        health = HEALTH if message.data.verb is Verb.HEALTH else None
        doubt = self.fails.get(message.data.verb, Doubt.NONE)
        return Effect(
            doubt,
            Loosened.RETENTION if doubt is Doubt.QUORUM else None,
            health,
            lambda: self.after.append(message.data.nonce),
            self.passes_on,
            self.begins,
        )

    @property
    def answers(self) -> list[AnswerData]:
        found = [parse(each.topic, each.stamped(BOOT, n)) for n, each in enumerate(self.sent)]
        return [each.data for each in found if isinstance(each, AnswerMessage)]

    @property
    def last(self) -> tuple[Outcome, Doubt]:
        return self.answers[-1].outcome, self.answers[-1].reason


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "box")


def command(
    verb: Verb = Verb.RESTART,
    signer: str = "night-shift",
    at_ns: int = NOW_NS,
    to: Origin = ORIGIN,
    key: str = "",
    **more: Any,
) -> bytes:
    nonce = f"{at_ns & (1 << 64) - 1:032x}"
    data = order_of(to, verb, signer, nonce, at_ns, 60) | details(verb) | more
    return command_bytes(data, FakeKeys(key or signer))


def test_a_command_is_carried_out_recorded_and_answered(box: Box) -> None:
    box.desk.judge(command(Verb.HEALTH))
    (said,) = box.answers
    assert (said.outcome, said.reason, said.signer, said.verb) == ("done", "none", "night-shift", "health")
    assert said.health is not None
    assert said.health.up_s == 5
    (entry,) = box.audit.entries
    assert (entry.action, entry.actor, entry.words) == (Action.COMMAND_ACCEPTED, "night-shift", "health")
    assert entry.subject == said.nonce


WHO = {
    Verb.HEALTH: "auditor",
    Verb.RELOAD: "night-shift",
    Verb.RESTART: "night-shift",
    Verb.PANIC: "officer",
    Verb.HOLD: "officer",
    Verb.RELEASE: "guardian",
    Verb.POLICY: "auditor",
    Verb.MASK: "guardian",
    Verb.RETENTION: "officer",
    Verb.MODEL: "guardian",
    Verb.EXPORT: "auditor",
    Verb.UPDATE: "night-shift",
    Verb.AUDIT: "auditor",
}


@pytest.mark.parametrize("verb", Verb)
def test_no_command_is_obeyed_twice_whatever_happens_between(box: Box, tmp_path: Path, verb: Verb) -> None:
    captured = command(verb, signer=WHO[verb])
    box.desk.judge(captured)
    assert box.last == (Outcome.DONE, Doubt.NONE)
    box.desk.judge(captured)  # now
    assert box.last == (Outcome.REFUSED, Doubt.REPLAYED)
    box.boot()
    box.desk.resume()
    box.desk.judge(captured)  # after a restart
    assert box.last == (Outcome.REFUSED, Doubt.REPLAYED)
    for step_s in (3600, -7200, 3600):
        box.clock.is_set(step_s)
        box.desk.judge(captured)  # after steps of the clock, the last of which leads back
        assert box.last[0] is Outcome.REFUSED
    assert box.last == (Outcome.REFUSED, Doubt.REPLAYED)
    other = Box(tmp_path / "other", Origin("r", "n2"))
    other.desk.judge(captured)  # on another box
    assert other.sent == other.obeyed == []
    assert len(box.obeyed) == 1


def test_what_must_not_be_done_is_refused_by_the_rules_name_and_recorded(box: Box) -> None:
    box.fails[Verb.RETENTION] = Doubt.QUORUM
    box.desk.judge(command(Verb.RETENTION, signer="officer"))
    said = box.answers[-1]
    assert (said.outcome, said.reason, said.rule) == ("refused", "quorum", "retention")
    assert [each.action for each in box.audit.entries] == [Action.COMMAND_ACCEPTED, Action.COMMAND_REFUSED]
    assert box.audit.entries[-1].words == "retention: quorum retention"
    assert box.after == []


def test_what_is_passed_on_is_answered_by_who_carries_it_out(box: Box) -> None:
    box.passes_on = True
    box.desk.judge(command(Verb.HOLD, signer="officer"))
    assert box.answers == []
    assert len(box.obeyed) == 1
    box.boot()
    box.desk.resume()
    assert len(box.obeyed) == 1


def test_the_end_of_what_was_passed_on_is_answered_once_and_after_a_full_disk_again(box: Box) -> None:
    box.passes_on = True
    box.desk.judge(command(Verb.MODEL, signer="officer"))
    assert box.answers == []
    ends = EndBox(box.folder / "ends")
    ends.drop(End("5e" * 16, "officer", Verb.MODEL, Doubt.UNFIT))
    (box.folder / "ends" / "junk.end").write_bytes(b"{}")
    box.broken = True
    with pytest.raises(StorageError):
        box.desk.tell_ends()
    box.broken = False
    for _ in range(2):
        box.desk.tell_ends()
    (said,) = box.answers
    assert (said.nonce, said.outcome, said.reason) == ("5e" * 16, "failed", "unfit")
    assert list((box.folder / "ends").iterdir()) == []


def test_what_goes_on_for_minutes_is_answered_when_it_begins_and_when_it_ended(box: Box) -> None:
    box.begins = True
    box.desk.judge(command(Verb.UPDATE))
    assert box.last == (Outcome.BEGUN, Doubt.NONE)
    nonce = box.answers[0].nonce
    EndBox(box.folder / "ends").drop(End(nonce, "night-shift", Verb.UPDATE, Doubt.RELEASE))
    box.desk.tell_ends()
    assert [each.nonce for each in box.answers] == [nonce, nonce]
    assert box.last == (Outcome.REFUSED, Doubt.RELEASE)
    assert box.audit.entries[-1].words == "update: release"
    assert len(box.obeyed) == 1


def test_a_replay_now_is_refused(box: Box) -> None:
    box.desk.judge(command())
    box.desk.judge(command())
    assert len(box.obeyed) == 1
    assert box.last == (Outcome.REFUSED, Doubt.REPLAYED)
    assert box.audit.entries[-1].action is Action.COMMAND_REFUSED


def test_a_replay_after_a_restart_is_refused(box: Box) -> None:
    box.desk.judge(command())
    box.boot()
    box.desk.resume()
    box.desk.judge(command())
    assert len(box.obeyed) == 1
    assert box.last == (Outcome.REFUSED, Doubt.REPLAYED)


@pytest.mark.parametrize("step_s", [-3600, -10 * 365 * 86_400, 3600, 10 * 365 * 86_400])
def test_a_replay_after_a_step_of_the_clock_is_refused(box: Box, step_s: int) -> None:
    box.desk.judge(command())
    box.clock.goes(3600)
    box.desk.judge(command())
    assert box.last == (Outcome.REFUSED, Doubt.EXPIRED)
    box.clock.is_set(-3600)  # back to the very second at which it was good
    box.desk.judge(command())
    assert box.last == (Outcome.REFUSED, Doubt.REPLAYED)
    box.clock.is_set(step_s)
    box.desk.judge(command())
    assert box.last[0] is Outcome.REFUSED
    assert len(box.obeyed) == 1


def test_a_replay_on_another_box_is_refused(box: Box, tmp_path: Path) -> None:
    box.desk.judge(command())
    other = Box(tmp_path / "other", Origin("r", "n2"))
    other.desk.judge(command())  # on the other's own topic it belongs to nobody
    assert other.sent == []
    other.desk.judge(command(to=Origin("r", "n2")))
    assert len(other.obeyed) == 1


def test_an_older_command_is_refused_when_a_later_one_came_first(box: Box) -> None:
    box.desk.judge(command(at_ns=NOW_NS + 2_000))
    box.desk.judge(command(at_ns=NOW_NS))
    assert box.last == (Outcome.REFUSED, Doubt.REPLAYED)
    box.desk.judge(command(signer="officer", verb=Verb.PANIC))  # another signer counts for himself
    assert box.last == (Outcome.DONE, Doubt.NONE)


def test_who_is_not_in_the_policy_gets_no_answer_and_no_entry(box: Box) -> None:
    box.desk.judge(command(key="somebody"))
    box.desk.judge(command(signer="nobody"))
    box.desk.judge(b"junk")
    assert box.sent == box.audit.entries == box.obeyed == []


def test_a_refused_command_uses_nobodys_sequence_up(box: Box) -> None:
    box.desk.judge(command(signer="auditor", at_ns=NOW_NS))
    assert box.last == (Outcome.REFUSED, Doubt.NO_RIGHT)
    box.desk.judge(command(Verb.HEALTH, signer="auditor", at_ns=NOW_NS))
    assert box.last == (Outcome.DONE, Doubt.NONE)


def test_a_clock_that_is_unsure_asks_and_the_challenge_is_good_once(box: Box) -> None:
    box.clock.moment = Moment(10**9, 7, ClockTrust.UNSYNCED)
    box.desk.judge(command())
    (asked,) = box.answers
    assert (asked.outcome, asked.reason) == ("challenge", "clock-unsure")
    assert box.obeyed == []
    assert box.audit.entries == []
    box.desk.judge(command(challenge=asked.challenge))
    assert box.last == (Outcome.DONE, Doubt.NONE)
    box.desk.judge(command(challenge=asked.challenge, at_ns=NOW_NS + 5_000))
    assert box.last == (Outcome.REFUSED, Doubt.CHALLENGE_UNKNOWN)
    assert len(box.obeyed) == 1


@pytest.mark.parametrize("how", ["late", "restart", "made up", "other box"])
def test_a_challenge_is_good_for_two_minutes_of_this_process_alone(
    box: Box, tmp_path: Path, how: str
) -> None:
    box.clock.moment = Moment(10**9, 7, ClockTrust.UNSYNCED)
    box.desk.judge(command())
    challenge = box.answers[0].challenge
    if how == "late":
        box.clock.goes(commands.CHALLENGE_S)
    if how == "restart":
        box.boot()
    if how == "other box":
        box = Box(tmp_path / "other")
    box.desk.judge(command(challenge="ab" * 16 if how == "made up" else challenge))
    assert box.last == (Outcome.REFUSED, Doubt.CHALLENGE_UNKNOWN)
    assert box.obeyed == []


def test_what_cannot_be_done_is_told_and_nothing_follows(box: Box) -> None:
    box.fails[Verb.RESTART] = Doubt.NOT_HERE
    box.desk.judge(command())
    assert box.last == (Outcome.FAILED, Doubt.NOT_HERE)
    assert box.after == []


def test_what_follows_comes_after_the_answer_is_on_the_disk(box: Box) -> None:
    box.broken = True
    with pytest.raises(StorageError):
        box.desk.judge(command())
    assert box.after == []


def test_nothing_happens_without_its_entry_in_the_audit_log(box: Box) -> None:
    box.audit.full = True
    with pytest.raises(StorageError):
        box.desk.judge(command())
    assert box.obeyed == []


def test_what_was_taken_when_the_process_died_is_carried_out_by_the_next_and_once(box: Box) -> None:
    box.audit.full = True
    with pytest.raises(StorageError):
        box.desk.judge(command())
    box.audit.full = False
    box.boot()
    box.desk.resume()
    assert box.last == (Outcome.DONE, Doubt.NONE)
    box.boot()
    box.desk.resume()
    assert len(box.obeyed) == 1


def test_what_was_begun_and_not_answered_when_the_process_died_is_answered_by_the_next(box: Box) -> None:
    box.broken = True
    with pytest.raises(StorageError):
        box.desk.judge(command())
    box.broken = False
    box.boot()
    box.desk.resume()
    assert box.last == (Outcome.DONE, Doubt.NONE)


def test_a_flood_of_refusals_fills_neither_outbox_nor_log(box: Box) -> None:
    for number in range(50):
        box.desk.judge(command(signer="auditor", at_ns=NOW_NS + number * 1000))
    assert len(box.answers) == len(box.audit.entries) == commands.REFUSALS_PER_MINUTE
    box.clock.goes(61)
    box.desk.judge(command(signer="auditor", at_ns=NOW_NS + 61 * 10**9))
    assert len(box.answers) == commands.REFUSALS_PER_MINUTE + 1


def test_a_flood_of_one_persons_commands_keeps_nobody_else_from_an_answer(box: Box) -> None:
    for number in range(50):
        box.desk.judge(command(signer="auditor", at_ns=NOW_NS + number * 1000))
    box.desk.judge(command(signer="guardian"))
    assert len(box.answers) == commands.REFUSALS_PER_MINUTE + 1
    assert box.answers[-1].signer == "guardian"


def offered(box: Box, payload: bytes) -> bool:
    """Whether there was room at the desk."""
    before = box.desk.dropped
    box.desk.hear(payload)
    return box.desk.dropped == before


def test_the_thread_goes_on_after_a_full_disk_and_hears_no_more_than_it_can_hold(box: Box) -> None:
    stop = threading.Event()
    box.audit.full = True
    for _ in range(commands.MOST_WAITING + 5):
        box.desk.hear(b"junk")
    assert box.desk.dropped == 5
    box.desk.start(stop)
    try:
        assert wait_until(lambda: offered(box, command()))
        assert wait_until(lambda: box.audit.tried > 0)
        box.audit.full = False
        assert wait_until(lambda: offered(box, command(at_ns=NOW_NS + 1000)))
        assert wait_until(lambda: bool(box.sent))
    finally:
        stop.set()
