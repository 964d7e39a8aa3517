"""A command is obeyed once: not again, nor after a restart or a step of the clock, nor on another box."""

from pathlib import Path

import pytest

from edge.privacy.spec import Origin
from edge.run import commands
from edge.values.audit import Action
from edge.values.command import Doubt, Outcome, Verb
from edge.values.moment import ClockTrust, Moment
from tests.fakes.desk import NOW_NS, Box, command


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "box")


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
