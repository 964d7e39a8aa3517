"""The policy of a box that was given none: watch and count, keep nothing, show nothing.

Law: unsigned, and therefore as strict as a box can be that is still of use: redacted events may leave to the
brokers of its own configuration, and that is all. No footage, no export, no background picture, no hold.
"""

from datetime import date

from edge.governance.capability import NEVER, Capability
from edge.governance.policy import StatePolicy
from edge.governance.rights import RIGHTS, Action

BUILT_IN = StatePolicy(
    version=1,
    country="ZZ",  # user-assigned in ISO 3166: no country
    issued=date(2026, 1, 1),
    expires=date(9999, 12, 31),
    controller="nobody: this box runs without a policy of the state",
    contact="none",
    parties=(),
    purposes=frozenset(),
    capabilities=frozenset({Capability.DETECT, Capability.COUNT, Capability.FOLLOW}),
    forbidden=NEVER,
    models=None,
    masks={},
    max_px_per_m=0,
    max_rotation_s=3600,
    publish_boxes=True,
    publish_labels=None,
    public_min_count=10,
    retention={},
    hold_review_days=1,
    hold_before_s=0,
    hold_after_s=0,
    access={action: RIGHTS[action] for action in (Action.SEE_HEALTH, Action.SEE_EVENTS, Action.OPERATE)},
    egress=None,
)
"""Its hash stands in the events of such a box."""
