"""A box whose policy ends while it runs: it stops looking, can be reached, and goes on under the next one."""

import asyncio
import errno
import threading
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from edge.config.load import load
from edge.run import box, verb_policy
from edge.run.last_day import until_over
from edge.run.planner import Planner
from edge.run.supervise import Plan
from edge.run.wiring import auditing, governing
from edge.values.errors import PolicyError, StorageError
from edge.values.moment import NS_PER_S, ClockTrust, Moment
from edge.values.policy_fault import PolicyFault
from edge.values.pulse import Pulse
from tests.fakes.governed import Governed, recording_box
from tests.fakes.planned import planning
from tests.fakes.policies import a_policy

END = datetime(2099, 1, 1, tzinfo=UTC)
"""Of the policy that offices write for tests."""
HOUR = 3600.0


class SetClock:
    """A clock that tests move; the two that it reads go apart when it is set."""

    def __init__(self, utc: datetime, trust: ClockTrust = ClockTrust.SYNCED) -> None:
        self.at = Moment(0, int(utc.timestamp()) * NS_PER_S, trust)

    def now(self) -> Moment:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at = self.at.plus(seconds)

    def is_set(self, seconds: float, trust: ClockTrust) -> None:
        self.at = Moment(self.at.mono_ns, self.at.utc_ns + round(seconds * NS_PER_S), trust)


class Running:
    """A box under a policy, by a clock of its own."""

    def __init__(self, folder: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
        self.box, self.state = recording_box(folder)
        self.clock, self.plans, self.again = clock, [], 0  # type: tuple[SetClock, list[Plan], int]
        monkeypatch.setattr(governing, "SystemClock", lambda: clock)
        monkeypatch.setattr(auditing, "SystemClock", lambda: clock)

    def started(self) -> AbstractContextManager[Planner]:
        return planning(self.box.config, self.clock.now)

    def looks(self, planner: Planner) -> Plan | None:
        """The plan that it changes to; None where it goes on."""
        before = len(self.plans)
        planner.look(self.plans.append, self._reads_again)
        return self.plans[-1] if len(self.plans) > before else None

    def _reads_again(self) -> None:
        self.again += 1

    @property
    def record(self) -> list[str]:
        entries = auditing.entries(auditing.folder_of(load(self.box.config)))
        return [each.entry.action for each in entries if each.entry.action.startswith("policy-")]


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    return Running(tmp_path, SetClock(END - timedelta(hours=1)), monkeypatch)


def sees(plan: Plan | None) -> bool:
    assert plan is not None
    verbs = {command.arguments[0] for command in plan.fixed}
    told = any("--policy-over" in command.arguments for command in plan.fixed)
    assert {"publish", "keep"} <= verbs, "it can be reached, and footage is deleted in time"
    assert ("record" in verbs) is bool(plan.cameras) is not told
    return bool(plan.cameras)


def renewed(state: Governed) -> None:
    text = state.file.read_text().replace("version: 1 ", "version: 2 ").replace("2099-01-01", "2100-01-01")
    state.file.write_text(text)
    for name in ("officer", "guardian"):
        verb_policy.sign(state.file, state.office.key_file(name))


def test_it_stops_looking_when_the_day_comes_and_goes_on_under_the_next_policy(running: Running) -> None:
    with running.started() as planner:
        assert sees(planner.plan())
        running.clock.passes(HOUR - 1)
        assert running.looks(planner) is None
        running.clock.passes(1)
        assert not sees(running.looks(planner))
        assert running.looks(planner) is None, "once is enough"
        held = planner.policy()
        assert held is not None
        assert (held.over, held.days_left, held.expires) == (True, 0, "2099-01-01")
        assert not sees(planner.plan()), "reading the same again changes nothing"
        renewed(running.state)
        assert sees(planner.plan())
        assert running.looks(planner) is None
    assert running.record == ["policy-accepted", "policy-expired", "policy-accepted"]


def test_a_broken_configuration_does_not_keep_it_looking(running: Running) -> None:
    with running.started() as planner:
        planner.plan()
        running.box.config.write_text("cameras: [")
        running.clock.passes(HOUR)
        assert not sees(running.looks(planner))


def test_a_start_obeys_the_same_rule(running: Running) -> None:
    with running.started() as planner:
        planner.plan()
    running.clock.passes(HOUR)
    with running.started() as planner:
        assert not sees(planner.plan())
    assert running.record == ["policy-accepted", "policy-expired"]


def test_a_policy_that_was_over_before_the_box_knew_it_is_refused(running: Running) -> None:
    running.clock.passes(HOUR)
    with running.started() as planner, pytest.raises(PolicyError) as refused:
        planner.plan()
    assert refused.value.fault is PolicyFault.EXPIRED


@pytest.mark.parametrize("trust", [ClockTrust.UNSYNCED, ClockTrust.SYNCED])
def test_a_clock_that_jumps_ahead_does_not_blind_it(running: Running, trust: ClockTrust) -> None:
    with running.started() as planner:
        planner.plan()
        running.clock.passes(5)
        running.clock.is_set(10 * HOUR, trust)
        assert running.looks(planner) is None


def test_a_clock_that_is_set_back_lengthens_nothing(running: Running) -> None:
    with running.started() as planner:
        planner.plan()
        running.clock.passes(HOUR / 2)
        running.clock.is_set(-10 * HOUR, ClockTrust.UNSYNCED)
        assert running.looks(planner) is None
        running.clock.passes(HOUR / 2 + 1)
        assert not sees(running.looks(planner))
    with running.started() as planner:
        assert not sees(planner.plan()), "nor does it after a restart"


def test_a_clock_that_was_wrong_and_is_right_again_gives_it_back(running: Running) -> None:
    with running.started() as planner:
        planner.plan()
    running.clock.is_set(24 * HOUR, ClockTrust.UNSYNCED)
    with running.started() as planner:
        assert not sees(planner.plan()), "it believes its clock at the start"
        running.clock.is_set(-24 * HOUR, ClockTrust.SYNCED)
        running.looks(planner)
        assert running.again == 0, "a step is believed when it was seen twice"
        running.clock.passes(601)
        running.looks(planner)
        assert running.again == 1
        assert sees(planner.plan())
    assert running.record == ["policy-accepted", "policy-expired", "policy-accepted"]


def test_a_record_that_cannot_be_written_does_not_keep_it_looking(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    with running.started() as planner:
        planner.plan()
        monkeypatch.setattr(type(planner.journal), "note", full)
        running.clock.passes(HOUR)
        assert not sees(running.looks(planner))


def test_a_disk_that_takes_nothing_does_not_keep_it_looking(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with running.started() as planner:
        planner.plan()
        for wrote in ("write_text", "write_bytes", "open", "unlink", "replace", "mkdir"):
            monkeypatch.setattr(Path, wrote, full)
        monkeypatch.setattr(type(planner.journal), "note", full_record)
        running.clock.passes(HOUR)
        plan = running.looks(planner)
        monkeypatch.undo()
    assert not sees(plan)


def test_a_look_that_fails_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Exception] = [StorageError("the record cannot be read"), OSError(errno.EIO, "I/O error")]

    def look(*_: object) -> None:
        if looks:
            raise looks.pop()
        raise asyncio.CancelledError

    monkeypatch.setattr(box, "LOOK_S", 0.0)
    asked = SimpleNamespace(look=look, impose=None, reload=None)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(box._watched(asked, asked))
    assert not looks


def full_record(*_: object) -> None:
    raise StorageError("the disk is full")


def test_it_warns_once_a_day_in_the_last_month(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    running.clock.is_set(-40 * 24 * HOUR, ClockTrust.SYNCED)
    with running.started() as planner:
        planner.plan()
        told = []
        for _ in range(41):
            for _ in range(2):
                running.looks(planner)
            running.clock.passes(24 * HOUR)
            told = [each.getMessage() for each in caplog.records if "expires on" in each.getMessage()]
    assert len(told) == 30
    assert "in 30 days" in told[0]
    assert "in 1 day" in told[-1]


def test_a_process_that_was_started_by_hand_is_asked_to_stop_and_says_why() -> None:
    clock, told = SetClock(END - timedelta(hours=1)), list[Pulse]()
    lifeline: Any = SimpleNamespace(stop=threading.Event(), tell=told.append)
    policy = a_policy(expires=END.date())
    with (
        pytest.raises(PolicyError, match="version 3, expired on 2099-01-01: nothing is looked at") as caught,
        until_over(policy, clock, lifeline) as pulse,
    ):
        pulse(Pulse("record", clock.now(), "all well", {}))
        assert not lifeline.stop.is_set()
        clock.passes(HOUR)
        pulse(Pulse("record", clock.now(), "all well", {}))
        assert lifeline.stop.is_set()
        clock.is_set(-HOUR, ClockTrust.UNSYNCED)
        pulse(Pulse("record", clock.now(), "all well", {}))
    assert caught.value.fault is PolicyFault.EXPIRED
    assert len(told) == 3


def test_a_process_whose_policy_holds_or_is_judged_by_others_ends_in_silence() -> None:
    clock = SetClock(END)
    lifeline: Any = SimpleNamespace(stop=threading.Event(), tell=lambda _: None)
    for policy in (None, a_policy(expires=date(2100, 1, 1))):
        with until_over(policy, clock, lifeline) as pulse:
            pulse(Pulse("record", clock.now(), "all well", {}))
    assert not lifeline.stop.is_set()
