"""A policy that contradicts itself is none."""

from dataclasses import replace
from datetime import date

import pytest

from edge.governance import canonical, plain
from edge.governance.built_in import BUILT_IN
from edge.governance.capability import NEVER, Capability
from edge.governance.policy import Party, Retention
from edge.governance.rights import OF_THE_STATE, Action
from edge.values.keyholders import Role
from edge.values.segment import FootageClass
from tests.fakes.policies import a_policy, parties, seal_of

AUDITOR, OPERATOR = parties()[2:4]
CORE = frozenset({Capability.RECORD})


def test_what_nobody_can_allow_is_these_six() -> None:
    assert {each.value for each in NEVER} == {
        "identification",
        "re-identification",
        "biometric-categorisation",
        "emotion-recognition",
        "number-plates",
        "audio",
    }


@pytest.mark.parametrize("capability", sorted(NEVER))
def test_identification_and_its_like_cannot_be_allowed_by_anybody(capability: Capability) -> None:
    with pytest.raises(ValueError, match=f"{capability} cannot be allowed"):
        a_policy(capabilities=frozenset({capability}), forbidden=frozenset(), retention={})


CONTRADICTIONS: list[tuple[dict[str, object], str]] = [
    ({"country": "Uz"}, "country"),
    ({"version": 0}, "version"),
    ({"expires": date(2026, 1, 1)}, "expires"),
    ({"capabilities": CORE | {Capability.AUDIO}, "forbidden": frozenset()}, "cannot be allowed"),
    ({"capabilities": CORE, "forbidden": CORE, "retention": {}}, "both allowed and forbidden"),
    ({"capabilities": frozenset({Capability.COUNT})}, "record-footage among the capabilities"),
    ({"capabilities": frozenset({Capability.EXPORT}), "retention": {}}, "wants record-footage too"),
    ({"retention": {}}, "one retention for each"),
    ({"retention": {FootageClass.ROUTINE: Retention(1, "x")}}, "one retention for each"),
    ({"parties": parties()[1:]}, "three roots of three different roles"),
    ({"parties": (*parties()[:2], replace(AUDITOR, role=Role.STATE_OFFICER))}, "three different roles"),
    ({"parties": (*parties(), parties()[0])}, "officer twice"),
    ({"parties": (*parties(), Party("x", Role.OPERATOR, "o", OPERATOR.key))}, "twice"),
    ({"parties": tuple(replace(party, seal="") for party in parties())}, "keyholders"),
    ({"parties": tuple(replace(party, office="one") for party in parties())}, "different values of office"),
    ({"masks": {"square": frozenset()}}, "at least one polygon"),
    ({"masks": {"square": frozenset({((0, 0), (10_001, 0), (0, 1))})}}, "corner"),
    ({"max_rotation_s": 9}, "max_rotation_s"),
    ({"public_min_count": 0}, "public_min_count"),
    ({"hold_review_days": 0}, "hold_review_days"),
    ({"publish_places_m": 49}, "publish_places_m wants 50"),
    ({"cameras": {"plaza": frozenset({"safety"})}}, "a camera wants"),
    ({"cameras": {"north/a/plaza": frozenset()}}, "north/a/plaza wants at least one purpose"),
    ({"cameras": {"north/a/plaza": frozenset({"marketing"})}}, "purposes safety, traffic, got marketing"),
]


@pytest.mark.parametrize(("changes", "told"), CONTRADICTIONS)
def test_a_contradiction_is_refused_and_named(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        a_policy(**changes)


def test_the_operators_people_can_hold_no_key_of_the_state() -> None:
    for change in ({"root": True}, {"seal": seal_of("x")}):
        with pytest.raises(ValueError, match="night-shift is operator"):
            replace(OPERATOR, **change)
    with pytest.raises(ValueError, match="wants a key"):
        Party("x", Role.AUDITOR, "o", root=True)


def test_without_a_policy_a_box_keeps_and_shows_nothing() -> None:
    assert BUILT_IN.footage("0" * 64) is None
    assert not any(map(BUILT_IN.may, (Capability.RECORD, Capability.EXPORT, Capability.BACKGROUND, *NEVER)))
    assert not any(
        BUILT_IN.allows(role, action) for role in Role for action in OF_THE_STATE | {Action.PRESS_PANIC}
    )
    assert BUILT_IN.max_px_per_m == 0
    assert BUILT_IN.roots == ()


def test_footage_follows_the_policy() -> None:
    footage = a_policy().footage("d" * 64)
    assert footage is not None
    assert footage.keep(FootageClass.EVENT).keep_s == 720 * 3600
    assert {holder.id for holder in footage.holders.holders} == {"officer", "guardian", "auditor"}


def test_a_policy_has_one_writing_that_no_order_of_keys_changes() -> None:
    one, two = a_policy(), a_policy(masks=dict(reversed(a_policy().masks.items())))
    assert plain.sha256(one) == plain.sha256(two)
    assert plain.to_sign(one).startswith(b'safecity policy v1\n{"access":{"approve-export":["auditor"')
    assert plain.sha256(one) != plain.sha256(a_policy(contact="another door"))


def test_a_policy_from_before_cameras_were_named_keeps_its_hash_and_its_signatures() -> None:
    """The hash is that of the release before; the last of these fields came later."""
    assert plain.sha256(BUILT_IN) == "0951630f7df719c493db78cd99585f7db93445181f5af4a2ac965e178cd9dff8"
    assert not plain.LATER & plain.signed(BUILT_IN).keys()
    assert plain.sha256(a_policy(cameras={})) != plain.sha256(a_policy()), "no camera is not any camera"


def test_a_camera_looks_for_what_the_policy_says_it_does() -> None:
    named = a_policy(cameras={"north/a/plaza": frozenset({"traffic"})})
    assert named.looks_for("north/a", "plaza") == {"traffic"}
    for box, camera in (("north/a", "gate"), ("north/b", "plaza"), ("south/a", "plaza")):
        assert not named.looks_for(box, camera)
    assert a_policy().looks_for("north/b", "gate") == {"safety", "traffic"}


@pytest.mark.parametrize("value", [{"a": 1.5}, {"é": 1}, {"a": None}, {1: "a"}, {"a": ("x",)}])
def test_what_has_no_one_writing_cannot_be_signed(value: object) -> None:
    with pytest.raises(ValueError, match="canonical JSON wants"):
        canonical.encode(value)  # type: ignore[arg-type]
