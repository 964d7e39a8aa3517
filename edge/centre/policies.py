"""How the policies of boxes stand on a day, by what each box told last.

Law: a box that is away, or was connected for months, cannot tell that its policy ends; so the day decides,
and the box's own word where that is worse.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from edge.governance.term import SOON_DAYS
from edge.values.policy_term import PolicyStanding


def on_day(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """A box of `nodes`, with `policy_standing` and `policy_days_left` as of today (UTC).

    Both are None for a box that told of no policy of the state.
    """
    if row["policy_expires"] is None:
        return {**row, "policy_standing": None, "policy_days_left": None}
    left = max(0, (date.fromisoformat(row["policy_expires"]) - today).days)
    told = PolicyStanding(row["policy_standing"])
    if told is PolicyStanding.OVER or left == 0:
        return {**row, "policy_standing": PolicyStanding.OVER.value, "policy_days_left": 0}
    soon = told is PolicyStanding.ENDS_SOON or left <= SOON_DAYS
    standing = PolicyStanding.ENDS_SOON if soon else PolicyStanding.HOLDS
    return {**row, "policy_standing": standing.value, "policy_days_left": left}
