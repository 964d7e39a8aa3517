"""A box gives out its share of a key only for what two people of different roles agreed to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.governance import plain
from edge.governance import release as releases
from edge.governance import request as requests
from edge.governance.acceptance import Signature
from edge.governance.capability import Capability
from edge.governance.policy import Party, StatePolicy
from edge.governance.release import Box, covered, grant
from edge.governance.request import ExportRequest
from edge.governance.rights import RIGHTS, Action
from edge.values.errors import RefusedError
from edge.values.keyholders import Role
from edge.values.moment import NS_PER_S, rfc3339
from edge.values.refusal import Refusal
from edge.values.segment import SLOT_S, SlotId
from tests.fakes.exports import ASKED, NEXT, NOW_S, POLICY, SLOT, a_box, party, signed
from tests.fakes.policies import FakeKeys, a_policy, parties, seal_of

HOUR_S = 3600


def given_out(
    request: ExportRequest = ASKED,
    signatures: Sequence[Signature] | None = None,
    slots: Sequence[SlotId] = (SLOT,),
    presenter: str = "auditor",
    at: Box | None = None,
) -> tuple[SlotId, ...]:
    signatures = signed(request, "officer", "guardian") if signatures is None else signatures
    at = a_box() if at is None else at
    who = party(presenter, at.policy)
    return grant(request, signatures, slots, who, at, FakeKeys()).slots


def refused(reason: Refusal, *arguments: Any, **named: Any) -> None:
    with pytest.raises(RefusedError) as failure:
        given_out(*arguments, **named)
    assert failure.value.reason is reason, failure.value


def under(policy: StatePolicy) -> tuple[ExportRequest, Box]:
    """The same request, asked and presented under another policy."""
    return replace(ASKED, policy_sha256=plain.sha256(policy)), a_box(policy)


def narrowed(action: Action, *roles: Role) -> StatePolicy:
    return a_policy(access={**RIGHTS, action: frozenset(roles)})


def test_what_two_agreed_to_is_given_out_and_tells_who_agreed() -> None:
    granted = grant(
        ASKED, signed(ASKED, "officer", "guardian"), (SLOT,), party("auditor"), a_box(), FakeKeys()
    )
    assert (granted.asked.id, granted.approved.id, granted.slots) == ("officer", "guardian", (SLOT,))
    assert granted.request is ASKED


@pytest.mark.parametrize("presenter", ["officer", "guardian", "auditor"])
def test_each_of_the_state_may_present_it(presenter: str) -> None:
    assert given_out(presenter=presenter) == (SLOT,)


@pytest.mark.parametrize("presenter", ["night-shift", "field-service"])
def test_the_operator_gets_nothing_even_with_an_approved_request(presenter: str) -> None:
    refused(Refusal.NO_RIGHT, presenter=presenter)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ((), Refusal.NOT_TWO),
        (("officer",), Refusal.NOT_TWO),
        (("officer", "stranger"), Refusal.NOT_TWO),
        (("officer", "field-service"), Refusal.NOT_TWO),
        (("officer", "officer"), Refusal.ONE_PERSON),
        (("officer", "officer", "guardian"), Refusal.ONE_PERSON),
        (("auditor", "officer"), Refusal.NO_RIGHT),
        (("officer", "night-shift"), Refusal.NO_RIGHT),
        (("night-shift", "officer"), Refusal.NO_RIGHT),
    ],
)
def test_one_alone_or_the_wrong_two_get_nothing(names: tuple[str, ...], reason: Refusal) -> None:
    refused(reason, ASKED, signed(ASKED, *names))


def test_two_people_of_one_role_are_one_too_few() -> None:
    deputy = Party("deputy", Role.STATE_OFFICER, "the same office", FakeKeys("deputy").key.hex())
    asked, at = under(a_policy(parties=(*parties(), deputy)))
    refused(Refusal.ONE_ROLE, asked, signed(asked, "officer", "deputy"), at=at)


@pytest.mark.parametrize(
    "changed",
    [
        {"case": "2026/18"},
        {"begin": "2026-05-31T19:00:00Z"},
        {"end": "2026-05-31T23:00:00Z"},
        {"purpose": "traffic"},
        {"recipient": seal_of("thief")},
        {"original": True},
        {"expires": "2026-07-02T00:00:00Z"},
        {"camera": "gate"},
        {"node": "north/b"},
    ],
)
def test_a_request_that_was_changed_is_signed_by_nobody(changed: dict[str, Any]) -> None:
    refused(Refusal.NOT_TWO, replace(ASKED, **changed), signed(ASKED, "officer", "guardian"))


def test_it_is_good_for_its_own_box_camera_and_hours() -> None:
    elsewhere = replace(ASKED, node="north/b")
    refused(Refusal.OTHER_BOX, elsewhere)
    refused(Refusal.OTHER_CAMERA, slots=(SlotId("gate", SLOT.start_s),))
    refused(Refusal.OTHER_TIME, slots=(NEXT,))
    refused(Refusal.OTHER_TIME, slots=(SLOT, NEXT))
    refused(Refusal.OTHER_TIME, slots=(SlotId("plaza", SLOT.start_s - SLOT_S),))


def test_a_cameras_footage_leaves_for_none_but_its_own_purposes() -> None:
    for purposes in ({"safety"}, {"traffic", "safety"}):
        request, box = under(a_policy(cameras={"north/a/plaza": frozenset(purposes)}))
        assert given_out(request, at=box) == (SLOT,)
    request, box = under(a_policy(cameras={"north/a/plaza": frozenset({"traffic"})}))
    refused(Refusal.OTHER_PURPOSE, request, at=box)
    for named in ({}, {"north/a/gate": frozenset({"safety"})}, {"north/b/plaza": frozenset({"safety"})}):
        request, box = under(a_policy(cameras=named))
        refused(Refusal.OTHER_CAMERA, request, at=box)


def test_it_ends_by_the_later_of_both_clocks() -> None:
    end_ns = (NOW_S + 12 * HOUR_S) * NS_PER_S  # 2026-06-02T00:00:00Z
    assert given_out(at=a_box(utc_ns=end_ns - 1)) == (SLOT,)
    refused(Refusal.EXPIRED, at=a_box(utc_ns=end_ns))
    refused(Refusal.EXPIRED, at=a_box(utc_ns=end_ns - NS_PER_S, trusted_ns=end_ns))


def test_a_clock_that_was_set_back_judges_nothing() -> None:
    late_ns = (NOW_S + 40 * HOUR_S) * NS_PER_S
    refused(Refusal.CLOCK, at=a_box(trusted_ns=late_ns))
    refused(Refusal.CLOCK, at=a_box(trusted_ns=(NOW_S + 61) * NS_PER_S))
    assert given_out(at=a_box(trusted_ns=(NOW_S + 59) * NS_PER_S)) == (SLOT,)


def test_the_policy_that_holds_now_has_the_last_word() -> None:
    refused(Refusal.OTHER_POLICY, at=a_box(a_policy(contact="another")))
    for action, presenter in (
        (Action.REQUEST_EXPORT, "auditor"),
        (Action.APPROVE_EXPORT, "auditor"),
        (Action.RELEASE_SHARE, "auditor"),
    ):
        asked, at = under(narrowed(action))
        refused(Refusal.NO_RIGHT, asked, at=at, presenter=presenter)
    asked, at = under(a_policy(capabilities=POLICY.capabilities - {Capability.EXPORT}))
    refused(Refusal.NO_EXPORT, asked, at=at)
    refused(Refusal.OTHER_PURPOSE, replace(ASKED, purpose="curiosity"))


def test_originals_want_two_who_may_agree_to_them() -> None:
    original = replace(ASKED, original=True)
    assert given_out(original) == (SLOT,)
    refused(Refusal.NO_ORIGINALS, original, signed(original, "officer", "auditor"))


DAY = [SlotId(camera, SLOT.start_s + SLOT_S * n) for camera in ("plaza", "gate") for n in range(-9, 9)]


@given(st.integers(-80, 80), st.integers(1, 60))
def test_covered_are_exactly_the_slots_that_can_be_given_out(began: int, minutes: int) -> None:
    """And they hold every minute that was asked for."""
    at_s = SLOT.start_s + 60 * began
    asked = replace(ASKED, begin=_utc(at_s), end=_utc(at_s + 60 * minutes))
    found = covered(asked, DAY)
    for slot in DAY:
        if slot in found:
            assert given_out(asked, slots=(slot,)) == (slot,)
        else:
            with pytest.raises(RefusedError):
                given_out(asked, slots=(slot,))
    known = range(DAY[0].start_s, DAY[0].start_s + 18 * SLOT_S, 60)
    wanted = {SlotId.of("plaza", s * NS_PER_S) for s in range(at_s, at_s + 60 * minutes, 60) if s in known}
    assert set(found) == wanted


def _utc(second: int) -> str:
    return rfc3339(second * NS_PER_S)


@pytest.mark.parametrize(
    ("name", "value"), [("begin", "2026-13-01T00:00:00Z"), ("expires", "2026-02-30T00:00:00Z")]
)
def test_a_time_that_there_is_not_makes_no_request(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} wants a time that there is"):
        replace(ASKED, **{name: value})


def nobody_alone_gets_a_share() -> None:
    """The invariant, whose mutants follow."""
    refused(Refusal.NO_RIGHT, presenter="night-shift")
    for names in (("officer",), ("officer", "officer"), ("officer", "night-shift"), ("auditor", "officer")):
        with pytest.raises(RefusedError):
            given_out(ASKED, signed(ASKED, *names))
    forged = [*signed(ASKED, "officer"), Signature("guardian", bytes(64))]
    refused(Refusal.NOT_TWO, ASKED, forged)
    refused(Refusal.OTHER_TIME, slots=(NEXT,))


SWAPPED = {**RIGHTS, Action.RELEASE_SHARE: frozenset({Role.OPERATOR})}
MUTANTS = {
    "the approval is not checked": (releases, "judge", lambda *_: (party("officer"), party("guardian"))),
    "nobody asks who may sign": (requests, "may_sign", lambda *_: None),
    "any signature is taken": (requests, "_signer", lambda _, s, p, __: p.party(s.signer)),
    "any slot is taken": (releases, "check_slot", lambda *_: None),
    "roles are swapped": (StatePolicy, "allows", lambda _, role, action: role in SWAPPED[action]),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_invariant_holds_and_every_mutant_is_seen(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody_alone_gets_a_share()
    where, name, instead = MUTANTS[mutant]
    monkeypatch.setattr(where, name, instead)
    with pytest.raises((pytest.fail.Exception, AssertionError)):
        nobody_alone_gets_a_share()
