"""How a box's policy changes: one signature makes it tighter, never looser, in whatever field."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from edge.governance import acceptance, plain
from edge.governance.acceptance import Remembered, accept
from edge.governance.capability import Capability
from edge.governance.order import NO_CONTENT, ORDER
from edge.governance.policy import AllowedModel, Purpose, Retention, StatePolicy
from edge.governance.rights import Action
from edge.values.errors import PolicyError
from edge.values.keyholders import Role
from edge.values.segment import FootageClass
from tests.fakes.policies import ROOTS, TODAY, FakeKeys, a_policy, signed_by
from tests.invariants.invariant import Invariant, Mutant

HELD = a_policy(
    access={Action.PRESS_PANIC: frozenset({Role.OPERATOR})},
    cameras={"north/a/plaza": frozenset({"safety"}), "north/a/gate": frozenset({"safety"})},
    publish_places_m=100,
)
LAST = Remembered.of(HELD)
CORNER = frozenset({((0, 0), (1000, 0), (1000, 1000))})

LOOSER: Mapping[str, Any] = {
    "country": "KZ",
    "expires": date(2027, 6, 1),
    "controller": "another city",
    "contact": "another door",
    "parties": HELD.parties[:4],
    "purposes": HELD.purposes | {Purpose("marketing", "none")},
    "capabilities": HELD.capabilities | {Capability.BACKGROUND},
    "forbidden": frozenset[Capability](),
    "models": HELD.models | {AllowedModel("c" * 64, "three")} if HELD.models else None,
    "masks": {},
    "max_px_per_m": 41,
    "max_rotation_s": 901,
    "publish_boxes": None,
    "publish_labels": None,
    "public_min_count": 9,
    "retention": {**HELD.retention, FootageClass.ROUTINE: Retention(73, "law 8")},
    "hold_review_days": 91,
    "hold_before_s": 601,
    "hold_after_s": 1801,
    "access": {Action.PRESS_PANIC: frozenset({Role.OPERATOR, Role.STATE_OFFICER})},
    "egress": None,
    "cameras": {**(HELD.cameras or {}), "north/a/door": frozenset({"safety"})},
    "publish_places_m": 99,
}
"""For every field a value that allows more than `HELD`, or something else."""

TIGHTER: Mapping[str, Any] = {
    "expires": date(2026, 12, 1),
    "purposes": frozenset({Purpose("safety", "law 1")}),
    "capabilities": HELD.capabilities - {Capability.EXPORT},
    "models": frozenset(list(HELD.models or ())[:1]),
    "masks": {**HELD.masks, "gate": CORNER},
    "max_px_per_m": 39,
    "max_rotation_s": 899,
    "publish_boxes": False,
    "publish_labels": frozenset({"person"}),
    "public_min_count": 11,
    "retention": {**HELD.retention, FootageClass.ROUTINE: Retention(71, "law 8")},
    "hold_review_days": 89,
    "hold_before_s": 599,
    "hold_after_s": 1799,
    "egress": frozenset({"mqtts://broker:8883"}),
    "cameras": {"north/a/plaza": frozenset({"safety"})},
    "publish_places_m": 101,
}
"""Where there is such a thing, a value that allows less."""


def taken(new: StatePolicy, held: StatePolicy, *names: str) -> bool:
    """Whether a box that holds the one policy takes the other with these signatures."""
    try:
        accept(
            new,
            signed_by(new, *names),
            Remembered.of(held),
            plain.roots_sha256(held),
            TODAY,
            FakeKeys(),
        )
    except PolicyError:
        return False
    return True


def only_tighter_without_quorum(_folder: Path) -> None:
    assert set(LOOSER) == set(ORDER), "a new field of a policy wants a looser value here"
    assert NO_CONTENT == {"version", "issued"}
    for name, value in LOOSER.items():
        held = replace(HELD, publish_boxes=False) if name == "publish_boxes" else HELD
        new = replace(held, version=4, **{name: True if name == "publish_boxes" else value})
        for root in ROOTS:
            if taken(new, held, root):
                pytest.fail(f"{root} alone loosened {name}")
        assert taken(new, held, "officer", "auditor"), name
    for name, value in TIGHTER.items():
        new = replace(HELD, version=4, **{name: value})
        assert taken(new, HELD, "guardian"), f"one signature cannot tighten {name}"
        assert not taken(new, HELD, "night-shift"), f"the operator tightened {name}"


ONLY_TIGHTER_WITHOUT_QUORUM = Invariant(
    "a policy only becomes tighter without two of three signatures",
    only_tighter_without_quorum,
    (
        Mutant("one signature is a quorum", acceptance, "QUORUM", 1),
        Mutant("nothing counts as loosening", acceptance, "loosened", lambda *_: ()),
        Mutant("signatures are not checked", acceptance, "signers", lambda *_: frozenset("ab")),
        *(Mutant(f"{name} may change as it likes", ORDER, name, lambda *_: True) for name in ORDER),
    ),
)
