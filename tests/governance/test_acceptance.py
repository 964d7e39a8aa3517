"""Which policies a box takes, and why it refuses the others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from edge.governance import acceptance, plain
from edge.governance.acceptance import Remembered, Signature, accept
from edge.governance.capability import Capability
from edge.governance.policy import Party, StatePolicy
from edge.values.errors import PolicyError
from edge.values.keyholders import Role
from tests.fakes.policies import TODAY, FakeKeys, a_policy, seal_of, signed_by

OLD = a_policy()
TIGHTER = a_policy(version=4, max_rotation_s=300)
LAST = Remembered.of(OLD)
PINNED = plain.roots_sha256(OLD)
LOOSER = a_policy(version=4, max_rotation_s=901)


def judge(
    policy: StatePolicy,
    signatures: Sequence[Signature],
    last: Remembered | None = LAST,
    pinned: str = PINNED,
    today: date = TODAY,
) -> None:
    accept(policy, signatures, last, pinned, today, FakeKeys())


@pytest.mark.parametrize("names", [("officer", "guardian"), ("officer", "auditor"), ("guardian", "auditor")])
def test_any_two_of_three_make_the_first_policy(names: tuple[str, str]) -> None:
    judge(OLD, signed_by(OLD, *names), last=None)


@pytest.mark.parametrize("names", [(), ("officer",), ("officer", "officer"), ("officer", "night-shift")])
def test_one_alone_makes_none_nor_does_the_operator_help(names: tuple[str, ...]) -> None:
    with pytest.raises(PolicyError, match="wanted 2 of the signatures of officer, guardian, auditor"):
        judge(OLD, signed_by(OLD, *names), last=None)


@pytest.mark.parametrize("name", ["officer", "guardian", "auditor"])
def test_one_can_tighten_but_not_loosen(name: str) -> None:
    judge(TIGHTER, signed_by(TIGHTER, name))
    with pytest.raises(PolicyError, match="because it loosens max_rotation_s; got " + name):
        judge(LOOSER, signed_by(LOOSER, name))
    judge(LOOSER, signed_by(LOOSER, name, next(n for n in ("guardian", "auditor") if n != name)))


def test_nobody_signed_and_the_operator_signed_are_alike() -> None:
    for names in ((), ("night-shift",)):
        with pytest.raises(PolicyError, match="got none that is valid"):
            judge(TIGHTER, signed_by(TIGHTER, *names))


def test_a_signature_on_another_text_is_worth_nothing() -> None:
    with pytest.raises(PolicyError, match="none that is valid"):
        judge(TIGHTER, signed_by(OLD, "officer", "guardian"))


def test_no_older_policy_comes_back_however_well_signed() -> None:
    older = a_policy(version=2, max_rotation_s=10)
    with pytest.raises(PolicyError, match="wanted 3 or newer, got 2"):
        judge(older, signed_by(older, "officer", "guardian", "auditor"))


def test_a_version_means_one_text() -> None:
    judge(OLD, signed_by(OLD, "officer"))
    other = a_policy(max_rotation_s=10)
    with pytest.raises(PolicyError, match="another policy of version 3"):
        judge(other, signed_by(other, "officer", "guardian"))


def test_dates_are_kept() -> None:
    for today, told in (
        (date(2025, 12, 31), "holds from 2026-01-01"),
        (date(2027, 1, 1), "expired on 2027-01-01"),
    ):
        with pytest.raises(PolicyError, match=told):
            judge(OLD, signed_by(OLD, "officer", "guardian"), today=today)
    judge(OLD, signed_by(OLD, "officer", "guardian"), today=date(2026, 12, 31))


def strangers() -> tuple[Party, ...]:
    return tuple(
        Party(
            f"new-{role}"[:40],
            role,
            f"new {role}",
            FakeKeys(f"new-{role}"[:40]).key.hex(),
            seal_of(role),
            root=True,
        )
        for role in (Role.STATE_OFFICER, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR)
    )


def test_new_roots_are_made_by_the_old_ones_never_by_themselves() -> None:
    taken = a_policy(version=4, parties=strangers())
    names = [party.id for party in strangers()]
    with pytest.raises(PolicyError, match="it loosens parties; got none"):
        judge(taken, signed_by(taken, *names))
    with pytest.raises(PolicyError, match="wanted the roots of fingerprint"):
        judge(taken, signed_by(taken, *names), last=None)
    judge(taken, signed_by(taken, "officer", "auditor"))


def test_a_policy_without_roots_signs_itself_in_no_way() -> None:
    rootless = a_policy(version=4, parties=tuple(replace(party, root=False) for party in OLD.parties))
    with pytest.raises(PolicyError, match="three parties with `root: true`"):
        judge(rootless, signed_by(rootless, "officer", "guardian"))


def test_where_the_last_policy_is_lost_the_quorum_decides() -> None:
    lost = Remembered(3, plain.sha256(OLD), plain.roots_sha256(OLD), None)
    judge(OLD, signed_by(OLD, "officer"), last=lost)
    with pytest.raises(PolicyError, match="the policy before it is lost"):
        judge(TIGHTER, signed_by(TIGHTER, "officer"), last=lost)
    judge(TIGHTER, signed_by(TIGHTER, "officer", "guardian"), last=lost)


def loosening_wants_the_quorum() -> None:
    """The invariant: nothing is loosened by one signature."""
    wider = a_policy(version=4, capabilities=OLD.capabilities | {Capability.BACKGROUND})
    with pytest.raises(PolicyError):
        judge(wider, signed_by(wider, "officer"))


def test_the_invariant_holds_and_its_mutants_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    loosening_wants_the_quorum()
    for name, mutant in (
        ("QUORUM", 1),
        ("loosened", lambda old, new: ()),
        ("signers", lambda *_: frozenset("ab")),
    ):
        with monkeypatch.context() as patched, pytest.raises(pytest.fail.Exception):
            patched.setattr(acceptance, name, mutant)
            loosening_wants_the_quorum()
