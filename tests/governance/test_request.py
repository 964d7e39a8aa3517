"""Footage leaves only if two people of different roles agree, to exactly this."""

from collections.abc import Sequence
from dataclasses import fields, replace

import pytest

from edge.governance import plain
from edge.governance import request as requests
from edge.governance.acceptance import Signature
from edge.governance.capability import Capability
from edge.governance.policy import StatePolicy
from edge.governance.request import ExportRequest, judge
from edge.governance.rights import RIGHTS, Action
from edge.values.errors import PolicyError
from tests.fakes.policies import FakeKeys, a_policy, seal_of

POLICY = a_policy()
NOW = "2026-06-01T12:00:00Z"
ASKED = ExportRequest(
    case="2026/17-A",
    node="north/a",
    camera="plaza",
    begin="2026-05-31T20:00:00Z",
    end="2026-05-31T20:10:00Z",
    purpose="safety",
    recipient=seal_of("court"),
    original=False,
    expires="2026-06-02T00:00:00Z",
    policy_sha256=plain.sha256(POLICY),
)
ORIGINAL = replace(ASKED, original=True)


def signed(request: ExportRequest, *names: str) -> list[Signature]:
    return [Signature(name, FakeKeys(name).sign(request.to_sign())) for name in names]


def agreed(
    request: ExportRequest, signatures: Sequence[Signature], policy: StatePolicy = POLICY, now: str = NOW
) -> tuple[str, str]:
    one, other = judge(request, signatures, policy, plain.sha256(policy), now, FakeKeys())
    return one.id, other.id


@pytest.mark.parametrize(
    "names",
    [("officer", "guardian"), ("guardian", "officer"), ("officer", "auditor"), ("guardian", "auditor")],
)
def test_two_of_different_roles_agree(names: tuple[str, str]) -> None:
    assert agreed(ASKED, signed(ASKED, *names)) == names


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ((), "got none that is valid"),
        (("officer",), "got officer"),
        (("officer", "officer"), "officer and officer are state-officer"),
        (("officer", "night-shift"), "night-shift is operator, who may not approve-export"),
        (("night-shift", "officer"), "night-shift is operator, who may not request-export"),
        (("auditor", "officer"), "auditor is auditor, who may not request-export"),
        (("officer", "field-service"), "got officer"),
        (("officer", "stranger"), "got officer"),
    ],
)
def test_nobody_else_can(names: tuple[str, ...], told: str) -> None:
    with pytest.raises(PolicyError, match=told):
        agreed(ASKED, signed(ASKED, *names))


def test_originals_leave_only_if_both_may_agree_to_that() -> None:
    assert agreed(ORIGINAL, signed(ORIGINAL, "officer", "guardian")) == ("officer", "guardian")
    with pytest.raises(PolicyError, match="auditor, who may not agree to original pictures"):
        agreed(ORIGINAL, signed(ORIGINAL, "officer", "auditor"))


OTHER = {
    "case": "2026/18",
    "node": "north/b",
    "camera": "gate",
    "begin": "2026-05-31T19:00:00Z",
    "end": "2026-05-31T23:00:00Z",
    "purpose": "traffic",
    "recipient": seal_of("thief"),
    "original": True,
    "expires": "2026-07-02T00:00:00Z",
    "policy_sha256": "0" * 64,
}


@pytest.mark.parametrize("name", [field.name for field in fields(ExportRequest)])
def test_a_signature_is_worth_nothing_for_anything_else(name: str) -> None:
    """Every field is signed: one that is added and not tried here is a KeyError."""
    other = replace(ASKED, **{name: OTHER[name]})
    with pytest.raises(PolicyError):
        agreed(other, signed(ASKED, "officer", "guardian"))


def test_a_request_ends_and_belongs_to_its_policy() -> None:
    signatures = signed(ASKED, "officer", "guardian")
    with pytest.raises(PolicyError, match="expired at 2026-06-02"):
        agreed(ASKED, signatures, now="2026-06-02T00:00:00Z")
    with pytest.raises(PolicyError, match="ask again"):
        agreed(ASKED, signatures, a_policy(contact="another"))
    closed = a_policy(capabilities=POLICY.capabilities - {Capability.EXPORT})
    with pytest.raises(PolicyError, match="does not allow export-footage"):
        agreed(replace(ASKED, policy_sha256=plain.sha256(closed)), [], closed)
    narrow = a_policy(access={**RIGHTS, Action.APPROVE_EXPORT: frozenset()})
    asked = replace(ASKED, policy_sha256=plain.sha256(narrow))
    with pytest.raises(PolicyError, match="guardian is data-protection-officer, who may not approve-export"):
        agreed(asked, signed(asked, "officer", "guardian"), narrow)
    with pytest.raises(PolicyError, match="plaza looks for safety, traffic"):
        agreed(replace(ASKED, purpose="curiosity"), signatures)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("case", ""),
        ("case", "a\nb"),
        ("node", "a"),
        ("begin", "yesterday"),
        ("end", ASKED.begin),
        ("recipient", "me"),
    ],
)
def test_a_request_is_valid_from_birth(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} wants"):
        replace(ASKED, **{name: value})


def one_alone_gets_nothing() -> None:
    """The invariant, whose mutants follow."""
    for names in (("officer",), ("officer", "officer"), ("officer", "night-shift")):
        with pytest.raises(PolicyError):
            agreed(ASKED, signed(ASKED, *names))


def test_the_invariant_holds_and_a_mutant_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    one_alone_gets_nothing()
    monkeypatch.setattr(requests, "may_sign", lambda *_: None)
    with pytest.raises(pytest.fail.Exception):
        one_alone_gets_nothing()
