"""A box passes its trial when it is as well as before for long enough, and fails when time runs out."""

from dataclasses import replace

import pytest

from edge.run.probation import Probation, Verdict, Wanted
from edge.run.status import BoxStatus, CameraStatus, OutboxStatus, ProcessStatus

CAMERA = CameraStatus("gate", "ok", 5.0, 0.0, 40, 0, "watch[gate]")
DEAD = replace(CAMERA, camera="yard", state="dead (unreachable)")
PROCESS = ProcessStatus("watch[gate]", "all cameras ok", True, 0)
OUTBOX = OutboxStatus("connected to mqtts://b", True, 0, 0, 1.0, 0, 0)
WELL = BoxStatus("a", "b", "2", "boot", 9, 900, 2000, None, "synced", "", (CAMERA, DEAD), (PROCESS,), OUTBOX)
BEFORE = replace(WELL, version="1")


def verdicts(*looks: BoxStatus | None, before: BoxStatus | None = BEFORE) -> tuple[list[Verdict], str]:
    trial = Probation(Wanted.of("2", before), well_s=2.0, most_s=6.0)
    found = [trial.look(float(at), told) for at, told in enumerate(looks)]
    return found, trial.why


def test_it_passes_once_it_was_well_for_long_enough() -> None:
    found, _ = verdicts(None, WELL, WELL, WELL)
    assert found == [Verdict.OPEN, Verdict.OPEN, Verdict.OPEN, Verdict.PASSED]


def test_a_break_begins_the_time_anew() -> None:
    found, _ = verdicts(WELL, WELL, None, WELL, WELL, WELL)
    assert found[-2:] == [Verdict.OPEN, Verdict.PASSED]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (None, "says nothing"),
        (BEFORE, "it is 1, not 2"),
        (replace(WELL, cameras=(replace(CAMERA, state="black (dark-picture)"), DEAD)), "camera gate"),
        (replace(WELL, cameras=()), "camera gate"),
        (replace(WELL, outbox=None), "no broker"),
        (replace(WELL, outbox=replace(OUTBOX, connected=False)), "no broker"),
        (replace(WELL, processes=(replace(PROCESS, lives=False),)), "does not live"),
    ],
)
def test_it_fails_when_it_is_not_as_well_as_before(told: BoxStatus | None, why: str) -> None:
    found, said = verdicts(*[told] * 7)
    assert found == [*[Verdict.OPEN] * 6, Verdict.FAILED]
    assert why in said


def test_processes_that_die_again_and_again_are_not_well_however_they_look_in_between() -> None:
    dying = [replace(WELL, processes=(replace(PROCESS, deaths=n),)) for n in range(7)]
    assert verdicts(*dying)[0][-1] is Verdict.FAILED
    starting_over = [replace(WELL, boot=str(n)) for n in range(7)]
    assert verdicts(*starting_over)[0][-1] is Verdict.FAILED


def test_what_was_not_well_before_is_not_asked_for() -> None:
    worse = replace(BEFORE, cameras=(DEAD,), outbox=replace(OUTBOX, connected=False))
    assert Wanted.of("2", worse) == Wanted("2", frozenset(), broker=False)
    blind = replace(WELL, cameras=(DEAD,), outbox=None)
    assert verdicts(blind, blind, blind, before=worse)[0][-1] is Verdict.PASSED
    assert verdicts(blind, blind, blind, before=None)[0][-1] is Verdict.PASSED
