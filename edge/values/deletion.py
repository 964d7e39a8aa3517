"""The certificate of a deletion: which footage is gone for ever, by which rule, and when."""

from dataclasses import dataclass

from edge.values.audit import Receipt
from edge.values.moment import Moment
from edge.values.retention import Rule
from edge.values.segment import SlotId


@dataclass(frozen=True, slots=True)
class Deletion:
    """What stays of a slot.

    Attributes:
        slot: whose key was destroyed.
        segments: how many it had.
        size_bytes: how much that was.
        began_ns, ended_ns: UTC of its first picture and of the end of its last.
        rule: why.
        basis: the policy's words on it.
        policy_sha256: that policy.
        trusted_ns: trusted UTC by which it was judged, ns since the Unix epoch.
        moment: the box's clocks when it was done.
        receipt: of the entry in the audit log that came before.
    """

    slot: SlotId
    segments: int
    size_bytes: int
    began_ns: int
    ended_ns: int
    rule: Rule
    basis: str
    policy_sha256: str
    trusted_ns: int
    moment: Moment
    receipt: Receipt
