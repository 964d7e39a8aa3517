"""The desk: a command is obeyed once, whatever box and clock do, and only of those whom the policy names."""

import threading
from pathlib import Path

import pytest

from edge.adapters.end_box import EndBox
from edge.run import commands
from edge.values.audit import Action
from edge.values.command import Doubt, End, Outcome, Verb
from edge.values.errors import StorageError
from tests.fakes.desk import NOW_NS, Box, command
from tests.fakes.subscriber import wait_until


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "box")


def test_a_command_is_carried_out_recorded_and_answered(box: Box) -> None:
    box.desk.judge(command(Verb.HEALTH))
    (said,) = box.answers
    assert (said.outcome, said.reason, said.signer, said.verb) == ("done", "none", "night-shift", "health")
    assert said.health is not None
    assert said.health.up_s == 5
    (entry,) = box.audit.entries
    assert (entry.action, entry.actor, entry.words) == (Action.COMMAND_ACCEPTED, "night-shift", "health")
    assert entry.subject == said.nonce


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


def test_who_is_not_in_the_policy_gets_no_answer_and_no_entry(box: Box) -> None:
    box.desk.judge(command(key="somebody"))
    box.desk.judge(command(signer="nobody"))
    box.desk.judge(b"junk")
    assert box.sent == box.audit.entries == box.obeyed == []


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
