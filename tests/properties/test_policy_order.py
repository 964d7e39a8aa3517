"""The order of policies is a partial order over every field; what it calls tighter allows nothing more."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.governance.capability import NEVER, Capability
from edge.governance.order import NO_CONTENT, ORDER, RETENTION, changes, loosened, tighter_or_equal
from edge.governance.policy import AllowedModel, Purpose, Retention, StatePolicy
from edge.governance.rights import RIGHTS, Action
from edge.privacy import map_place
from edge.values.keyholders import Role
from edge.values.segment import FootageClass
from tests.fakes.policies import a_policy, parties

A, B = AllowedModel("a" * 64, "one"), AllowedModel("b" * 64, "two")
M, N = ((0, 0), (9, 0), (9, 9)), ((1, 1), (8, 1), (8, 8))
CORE = frozenset({Capability.RECORD})
NIGHT = parties()[:3]


def some(*items: Any) -> st.SearchStrategy[frozenset[Any]]:
    return st.sets(st.sampled_from(items)).map(frozenset)


def kept() -> st.SearchStrategy[dict[FootageClass, Retention]]:
    one = st.builds(Retention, st.sampled_from([1, 2, 3]), st.sampled_from(["law 1", "law 2"]))
    return st.fixed_dictionaries(dict.fromkeys(FootageClass, one))


def access() -> st.SearchStrategy[dict[Action, frozenset[Role]]]:
    chosen = (Action.PRESS_PANIC, Action.READ_AUDIT)
    return st.fixed_dictionaries({}, optional={action: some(*RIGHTS[action]) for action in chosen})


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "country": st.sampled_from(["UZ", "KZ"]),
    "expires": st.sampled_from([date(2027, 1, 1), date(2028, 1, 1), date(2029, 1, 1)]),
    "controller": st.sampled_from(["one", "two"]),
    "contact": st.sampled_from(["one", "two"]),
    "parties": st.sampled_from([parties(), NIGHT]),
    "purposes": some(Purpose("a", "law 1"), Purpose("b", "law 2")),
    "capabilities": some(Capability.COUNT, Capability.EXPORT).map(CORE.union),
    "forbidden": some(*NEVER, Capability.BACKGROUND),
    "models": st.none() | some(A, B),
    "masks": st.dictionaries(st.sampled_from(["x", "y"]), some(M, N).filter(bool)),
    "max_px_per_m": st.integers(0, 2),
    "max_rotation_s": st.integers(10, 12),
    "publish_boxes": st.booleans(),
    "publish_labels": st.none() | some("person", "car"),
    "public_min_count": st.integers(1, 3),
    "retention": kept(),
    "hold_review_days": st.integers(1, 3),
    "hold_before_s": st.integers(0, 2),
    "hold_after_s": st.integers(0, 2),
    "access": access(),
    "egress": st.none() | some("mqtt://a:1", "mqtt://b:1"),
    "cameras": st.none() | st.dictionaries(st.sampled_from(["a/b/x", "a/b/y"]), some("a", "b").filter(bool)),
    "publish_places_m": st.sampled_from([0, 50, 100, 500]),
}
"""For every field, values that often compare and often do not."""

A_AND_B = frozenset({Purpose("a", "law 1"), Purpose("b", "law 2")})
BASE = a_policy(purposes=A_AND_B)


@st.composite
def policies(draw: st.DrawFn, most: int = 3) -> StatePolicy:
    """A policy that differs from the base in a few fields, so that chains are found."""
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True, max_size=most))
    drawn = {name: draw(VALUES[name]) for name in names}
    if drawn.get("cameras"):
        drawn["purposes"] = A_AND_B  # a camera looks for none that is not there
    return replace(BASE, **drawn)


def test_every_field_of_a_policy_has_an_order_and_is_tried_here() -> None:
    named = {field.name for field in fields(StatePolicy)}
    assert set(ORDER) | NO_CONTENT == named, "a new field wants a line in edge.governance.order.ORDER"
    assert not set(ORDER) & NO_CONTENT
    assert set(VALUES) == set(ORDER), "a new field wants values in this test"
    assert set(RETENTION) == {field.name for field in fields(Retention)}


@given(policies())
def test_it_is_reflexive(policy: StatePolicy) -> None:
    assert tighter_or_equal(policy, policy)
    assert changes(policy, policy) == ()


@pytest.mark.parametrize("name", sorted(VALUES))
def test_each_field_alone_is_a_partial_order(name: str) -> None:
    @given(st.tuples(VALUES[name], VALUES[name], VALUES[name]))
    @settings(max_examples=60, deadline=None, database=None)
    def holds(values: tuple[Any, Any, Any]) -> None:
        a, b, c = values
        order = ORDER[name]
        assert order(a, a)
        if order(a, b) and order(b, c):
            assert order(a, c), "transitive"
        if order(a, b) and order(b, a):
            assert a == b, "antisymmetric"

    holds()


@pytest.mark.parametrize("name", sorted(VALUES))
def test_no_field_lets_every_change_pass_as_tighter(name: str) -> None:
    """The mutant that this turns red: a line of ORDER that says yes to everything."""

    @given(st.tuples(VALUES[name], VALUES[name]).filter(lambda pair: pair[0] != pair[1]))
    @settings(max_examples=60, deadline=None, database=None)
    def holds(pair: tuple[Any, Any]) -> None:
        a, b = pair
        assert not (ORDER[name](a, b) and ORDER[name](b, a))

    holds()


@given(policies(), policies(), policies())
def test_it_is_transitive(a: StatePolicy, b: StatePolicy, c: StatePolicy) -> None:
    if tighter_or_equal(a, b) and tighter_or_equal(b, c):
        assert tighter_or_equal(a, c)


@given(policies(), policies())
def test_two_policies_that_are_each_tighter_are_one(a: StatePolicy, b: StatePolicy) -> None:
    if tighter_or_equal(a, b) and tighter_or_equal(b, a):
        assert a == b


@given(policies(most=8), policies(most=8))
def test_what_is_tighter_allows_nothing_more(old: StatePolicy, new: StatePolicy) -> None:
    """Said once more in other words, by what a box would do."""
    if not tighter_or_equal(old, new):
        assert loosened(old, new)
        return
    assert all(old.may(capability) for capability in Capability if new.may(capability))
    assert all(old.allows(r, a) for r in Role for a in Action if new.allows(r, a))
    assert all(kept.hours <= old.retention[name].hours for name, kept in new.retention.items())
    assert all(masks <= new.masks[camera] for camera, masks in old.masks.items())
    for node, camera in (("a/b", "x"), ("a/b", "y"), ("a/b", "z")):
        assert new.looks_for(node, camera) <= old.looks_for(node, camera)
    for mine, theirs in (
        (old.models, new.models),
        (old.publish_labels, new.publish_labels),
        (old.egress, new.egress),
    ):
        assert mine is None or (theirs is not None and set(theirs) <= set(mine))
    assert new.expires <= old.expires
    for spot in ((39.6542, 66.9758), (-33.86, 151.2)):
        was, now = (map_place.told(spot, each.publish_places_m) for each in (old, new))
        assert not now or (was and now["grid_m"] >= was["grid_m"])
    assert new.parties == old.parties
    assert new.publish_boxes <= old.publish_boxes
