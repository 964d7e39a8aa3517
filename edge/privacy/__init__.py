"""Events become messages that may leave: allow-list redaction, pseudonyms that rotate, solid fill.

Law: nothing leaves but what `allowed.ALLOWED` names; when in doubt, `RedactionError` and nothing leaves.
No clock, no randomness, no file in here.
"""

from edge.privacy.allowed import check
from edge.privacy.pseudonyms import Pseudonyms
from edge.privacy.redactor import Redactor, interrupted
from edge.privacy.reports import (
    Counts,
    Decoding,
    Gap,
    GapReason,
    Loss,
    NodeState,
    camera_state,
    gap,
    status,
    what_of,
)
from edge.privacy.spec import ModelRef, Origin, Policy, PrivacySpec

__all__ = [
    "Counts",
    "Decoding",
    "Gap",
    "GapReason",
    "Loss",
    "ModelRef",
    "NodeState",
    "Origin",
    "Policy",
    "PrivacySpec",
    "Pseudonyms",
    "Redactor",
    "camera_state",
    "check",
    "gap",
    "interrupted",
    "status",
    "what_of",
]
