"""A request for footage of one plaza, who signs it, and the box to which it is presented."""

from dataclasses import replace
from typing import Any

from edge.governance import plain
from edge.governance.acceptance import Signature
from edge.governance.policy import Party, StatePolicy
from edge.governance.release import Box
from edge.governance.request import ExportRequest
from edge.values.moment import NS_PER_S
from edge.values.segment import SLOT_S, SlotId
from tests.fakes.policies import FakeKeys, a_policy, seal_of

POLICY = a_policy()
SLOT = SlotId.parse("plaza.20260531T200000Z")
BEFORE = SlotId("plaza", SLOT.start_s - SLOT_S)
NEXT = SlotId("plaza", SLOT.start_s + SLOT_S)
NOW_S = SLOT.start_s + 16 * 3600
ASKED = ExportRequest(
    case="2026/17-A",
    node="north/a",
    camera="plaza",
    begin="2026-05-31T20:03:00Z",
    end="2026-05-31T20:10:00Z",
    purpose="safety",
    recipient=seal_of("court"),
    original=False,
    expires="2026-06-02T00:00:00Z",
    policy_sha256=plain.sha256(POLICY),
)


def a_box(policy: StatePolicy = POLICY, **changes: Any) -> Box:
    known = Box("north/a", policy, plain.sha256(policy), NOW_S * NS_PER_S, NOW_S * NS_PER_S)
    return replace(known, **changes)


def party(name: str, policy: StatePolicy = POLICY) -> Party:
    found = policy.party(name)
    assert found is not None
    return found


def signed(request: ExportRequest, *names: str) -> list[Signature]:
    return [Signature(name, FakeKeys(name).sign(request.to_sign())) for name in names]
