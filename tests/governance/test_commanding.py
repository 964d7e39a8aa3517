"""Whom a box obeys, and when: the frame of a command against the policy, the box and its clock."""

from dataclasses import replace

import pytest

from edge.governance import commanding
from edge.governance.commanding import MOST_LIFE_S, SLACK_S, WANTS, Frame
from edge.governance.order import ORDER
from edge.governance.policy import Party
from edge.governance.rights import OF_THE_STATE, RIGHTS, Action
from edge.values.command import Doubt, Loosened, Verb
from edge.values.keyholders import Role
from edge.values.moment import ClockTrust, Moment
from tests.fakes.policies import FakeKeys, a_policy

NOW_S = 1_790_000_000
NOW = Moment(5, NOW_S * 10**9, ClockTrust.SYNCED)
POLICY = a_policy()
OPERATOR = FakeKeys("night-shift")
FRAME = Frame("r/n", Verb.RESTART, "night-shift", 1, NOW_S, NOW_S + 60, "", b"said", OPERATOR.sign(b"said"))


def party(name: str) -> Party:
    found = POLICY.party(name)
    assert found is not None
    return found


def doubt(
    now: Moment = NOW, challenged: bool = False, signer: str = "night-shift", **changes: object
) -> Doubt:
    frame = replace(FRAME, **changes)  # type: ignore[arg-type]
    return commanding.doubt(frame, party(signer), POLICY, "r/n", now, challenged)


def test_who_signed_is_found_by_the_key_in_the_policy() -> None:
    assert commanding.author(FRAME, POLICY, FakeKeys()) == party("night-shift")
    for stranger in (
        replace(FRAME, covered=b"said otherwise"),
        replace(FRAME, signer="officer"),
        replace(FRAME, signer="nobody"),
        replace(FRAME, signer="field-service"),  # in the policy, without a key
    ):
        assert commanding.author(stranger, POLICY, FakeKeys()) is None


def test_what_is_right_is_obeyed() -> None:
    assert doubt() is Doubt.NONE


@pytest.mark.parametrize("node", ["r/other", "other/n", "r/n2"])
def test_another_box_does_not_obey(node: str) -> None:
    assert doubt(node=node) is Doubt.OTHER_BOX


OWN_RIGHT = {
    "health": "see-health",
    "reload": "operate",
    "restart": "operate",
    "panic": "press-panic",
    "hold": "place-hold",
    "release": "lift-hold",
    "policy": "sign-policy",
    "mask": "sign-policy",
    "retention": "sign-policy",
    "model": "sign-policy",
    "update": "operate",
    "audit": "read-audit",
    "export": "release-share",
}
"""Which right each order wants: a policy that takes a right away takes these orders, and no others."""


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("right", Action)
def test_an_order_wants_its_own_right_and_no_other(verb: Verb, right: Action) -> None:
    narrowed = replace(POLICY, access={**RIGHTS, right: frozenset()})
    may = {
        commanding.doubt(replace(FRAME, verb=verb), party(who), narrowed, "r/n", NOW, False) is Doubt.NONE
        for who in ("officer", "guardian", "night-shift")
    }
    assert (True in may) is (OWN_RIGHT[verb] != right)


MATRIX = """
            state-officer  data-protection-officer  auditor  operator  technician
health            x                   x                x         x          x
reload            -                   -                -         x          x
restart           -                   -                -         x          x
panic             x                   -                -         x          -
hold              x                   x                -         -          -
release           x                   x                -         -          -
policy            x                   x                x         -          -
mask              x                   x                x         -          -
retention         x                   x                x         -          -
model             x                   x                x         -          -
audit             x                   x                x         -          -
update            -                   -                -         x          x
export            x                   x                x         -          -
"""
ROWS = [line.split() for line in MATRIX.strip().splitlines()]
CELLS = [
    (verb, role, cell == "x") for verb, *cells in ROWS[1:] for role, cell in zip(ROWS[0], cells, strict=True)
]


def test_the_matrix_has_every_command_and_every_role() -> None:
    assert {cell[:2] for cell in CELLS} == {(verb.value, role.value) for verb in Verb for role in Role}


@pytest.mark.parametrize(("verb", "role", "may"), CELLS)
def test_a_role_orders_what_the_matrix_lets_it(verb: str, role: str, may: bool) -> None:
    somebody = Party("somebody", Role(role), "an office", OPERATOR.key.hex())
    frame = replace(FRAME, verb=Verb(verb), signer="somebody")
    got = commanding.doubt(frame, somebody, POLICY, "r/n", NOW, False)
    assert got is (Doubt.NONE if may else Doubt.NO_RIGHT)


def test_what_a_command_can_be_refused_for_is_every_field_of_a_policy() -> None:
    assert [rule.value for rule in Loosened] == list(ORDER)


def test_a_policy_can_take_a_command_away() -> None:
    stricter = replace(POLICY, access={**POLICY.access, WANTS[Verb.RESTART]: frozenset({Role.TECHNICIAN})})
    assert commanding.doubt(FRAME, party("night-shift"), stricter, "r/n", NOW, False) is Doubt.NO_RIGHT


def test_nothing_of_the_states_alone_is_ordered_by_an_operator() -> None:
    operators = {verb for verb, right in WANTS.items() if Role.OPERATOR in RIGHTS[right]}
    assert not {WANTS[verb] for verb in operators} & OF_THE_STATE


@pytest.mark.parametrize(
    ("shift_s", "wanted"),
    [
        (60 + SLACK_S, Doubt.EXPIRED),
        (60 + SLACK_S - 1, Doubt.NONE),
        (-SLACK_S, Doubt.NONE),
        (-SLACK_S - 1, Doubt.EARLY),
        (-10 * 365 * 86_400, Doubt.EARLY),
        (10 * 365 * 86_400, Doubt.EXPIRED),
    ],
)
def test_times_are_judged_by_a_clock_that_is_right(shift_s: int, wanted: Doubt) -> None:
    now = replace(NOW, utc_ns=(NOW_S + shift_s) * 10**9)
    assert doubt(now) is wanted


@pytest.mark.parametrize("life_s", [MOST_LIFE_S + 1, 0, -5])
def test_a_command_lives_two_minutes_at_most(life_s: int) -> None:
    assert doubt(expires_s=NOW_S + life_s) is Doubt.TOO_LONG
    assert doubt(expires_s=NOW_S + life_s, challenged=True) is Doubt.TOO_LONG


@pytest.mark.parametrize("trust", [ClockTrust.UNSYNCED, ClockTrust.REPLAY])
def test_a_clock_that_is_unsure_asks_for_a_challenge_and_then_judges_no_time(trust: ClockTrust) -> None:
    unsure = Moment(5, 7, trust)
    assert doubt(unsure) is Doubt.CLOCK_UNSURE
    assert doubt(unsure, challenge="ab" * 16, challenged=True) is Doubt.NONE
    assert doubt(unsure, challenge="ab" * 16) is Doubt.CHALLENGE_UNKNOWN
    assert doubt(NOW, challenge="ab" * 16) is Doubt.CHALLENGE_UNKNOWN


def test_a_challenge_gives_no_right() -> None:
    assert doubt(challenged=True, signer="auditor") is Doubt.NO_RIGHT
    assert doubt(challenged=True, node="r/other") is Doubt.OTHER_BOX
