"""The matrix of rights, whole: every role and every action."""

import pytest

from edge.governance.rights import OF_THE_STATE, RIGHTS, STATE_ROLES, Action
from edge.values.keyholders import Role
from tests.fakes.policies import a_policy

MATRIX = """
                 state-officer  data-protection-officer  auditor  operator  technician
see-health       yes            yes                      yes      yes       yes
see-events       yes            yes                      yes      yes       -
operate          -              -                        -        yes       yes
press-panic      yes            -                        -        yes       -
read-audit       yes            yes                      yes      -         -
request-export   yes            yes                      -        -         -
approve-export   yes            yes                      yes      -         -
release-share    yes            yes                      yes      -         -
sign-original    yes            yes                      -        -         -
place-hold       yes            yes                      -        -         -
lift-hold        yes            yes                      -        -         -
sign-policy      yes            yes                      yes      -         -
"""
HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]
CELLS = [(action, role, said == "yes") for action, *row in ROWS for role, said in zip(HEAD, row, strict=True)]


def test_the_table_has_every_role_and_every_action() -> None:
    assert {Role(role) for role in HEAD} == set(Role)
    assert [Action(row[0]) for row in ROWS] == list(Action)
    assert set(RIGHTS) == set(Action)


@pytest.mark.parametrize(("action", "role", "allowed"), CELLS, ids=[f"{a}:{r}" for a, r, _ in CELLS])
def test_a_role_may_do_what_the_table_says_and_nothing_else(action: str, role: str, allowed: bool) -> None:
    assert a_policy().allows(Role(role), Action(action)) is allowed


@pytest.mark.parametrize("role", sorted(set(Role) - STATE_ROLES))
@pytest.mark.parametrize("action", sorted(OF_THE_STATE))
def test_the_operator_can_do_nothing_of_the_state(role: Role, action: Action) -> None:
    assert role not in RIGHTS[action]
    with pytest.raises(ValueError, match="can never"):
        a_policy(access={action: RIGHTS[action] | {role}})
