"""The promises of sealed footage, each tried, and each trial proven by breaks of the program that it notices.

A mutant replaces one function. It must make its invariant fail: a trial that passes with its mutants proves
nothing.
"""

from pathlib import Path

import pytest

from tests.fakes.raw_disk import can_mount
from tests.invariants import access, disk, pixels, policy, recognition
from tests.invariants.invariant import Invariant, Mutant

INVARIANTS: tuple[Invariant, ...] = (
    pixels.NO_PIXEL_LEAVES,
    disk.EXPIRED_IS_GONE,
    recognition.NOBODY_IS_IDENTIFIED,
    access.NO_KEY_WITHOUT_ENTRY,
    disk.HELD_IS_NEVER_DELETED,
    access.OPERATOR_HAS_NOTHING_OF_THE_STATE,
    policy.ONLY_TIGHTER_WITHOUT_QUORUM,
)
CASES = [
    pytest.param(each, mutant, id=f"{each.sentence}: {mutant.title}")
    for each in INVARIANTS
    for mutant in each.mutants
]
AUDITOR = Path(__file__).parents[2] / "docs" / "monitoring-centre" / "auditor.md"


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda each: each.sentence)
def test_it_holds(invariant: Invariant, tmp_path: Path) -> None:
    invariant.holds(tmp_path)


@pytest.mark.parametrize(("invariant", "mutant"), CASES)
def test_a_break_is_noticed(
    invariant: Invariant, mutant: Mutant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mutant.wants_image and (reason := can_mount()):
        pytest.skip(reason)
    if isinstance(mutant.owner, dict):
        monkeypatch.setitem(mutant.owner, mutant.name, mutant.instead)
    else:
        monkeypatch.setattr(mutant.owner, mutant.name, mutant.instead)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        invariant.holds(tmp_path)


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda each: each.sentence)
def test_the_auditor_is_told_how_many_breaks_were_tried(invariant: Invariant) -> None:
    said = f"| {invariant.sentence} | {len(invariant.mutants)} |"
    assert said in AUDITOR.read_text(), f"docs/monitoring-centre/auditor.md wants the line {said}"
