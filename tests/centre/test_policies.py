"""How the policy of a box stands on a day, by what the box told last."""

from datetime import date

import pytest

from edge.centre.policies import on_day

TODAY = date(2027, 2, 1)


@pytest.mark.parametrize(
    ("told", "expires", "standing", "left"),
    [
        ("holds", "2027-03-04", "holds", 31),
        ("holds", "2027-03-03", "ends-soon", 30),
        ("ends-soon", "2027-02-02", "ends-soon", 1),
        ("holds", "2027-02-01", "over", 0),
        ("holds", "2026-12-01", "over", 0),
        ("over", "2027-02-02", "over", 0),
        ("ends-soon", "2027-03-30", "ends-soon", 57),
    ],
)
def test_the_day_decides_and_the_boxs_word_where_that_is_worse(
    told: str, expires: str, standing: str, left: int
) -> None:
    row = on_day({"policy_expires": expires, "policy_standing": told}, TODAY)
    assert (row["policy_standing"], row["policy_days_left"]) == (standing, left)


def test_of_a_box_without_a_policy_of_the_state_nothing_is_said() -> None:
    row = on_day({"policy_expires": None, "policy_standing": None}, TODAY)
    assert (row["policy_standing"], row["policy_days_left"]) == (None, None)
