"""A policy from its plain data and back: the same hash, or an error of one sort."""

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.config import policy as files
from edge.config.policy_text import policy_of, text
from edge.governance import plain
from edge.governance.policy import StatePolicy
from edge.governance.rights import Action
from edge.values.errors import PolicyError
from tests.fakes.policies import Office, a_policy

SIDES = st.integers(0, 10_000)
NAMED = {"north/a/plaza": frozenset({"safety"}), "north/a/gate": frozenset({"safety", "traffic"})}
POLYGONS = st.frozensets(
    st.lists(st.tuples(SIDES, SIDES), min_size=3, max_size=6).map(tuple), min_size=1, max_size=4
)


@given(st.dictionaries(st.sampled_from(["plaza", "gate"]), POLYGONS), st.booleans(), st.booleans())
def test_every_policy_survives_being_written_and_read(masks: Any, anything: bool, closed: bool) -> None:
    open_ = {"models": None, "publish_labels": None, "egress": None} if anything else {"cameras": NAMED}
    access = {**a_policy().access, **({Action.PRESS_PANIC: frozenset()} if closed else {})}
    policy = a_policy(masks=masks, access=access, **open_)
    assert policy_of(plain.plain(policy)) == policy


def test_a_policy_file_survives_too(tmp_path: Path) -> None:
    policy = files.load(Office(tmp_path).write(tmp_path / "policy.yaml")).policy
    said = plain.plain(policy)
    assert policy_of(said) == policy
    assert files.parse(text(said), "again") == policy


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([each.name for each in fields(StatePolicy)]), JSON)
def test_any_value_in_any_field_makes_that_policy_or_an_error(field: str, value: Any) -> None:
    said = plain.plain(a_policy()) | {field: value}
    try:
        assert plain.plain(policy_of(said)) == said
    except PolicyError:
        return


@pytest.mark.parametrize("field", [each.name for each in fields(StatePolicy)])
def test_no_field_may_be_missing(field: str) -> None:
    said = plain.plain(a_policy(issued=date(2026, 1, 1)))
    del said[field]
    with pytest.raises(PolicyError):
        policy_of(said)
