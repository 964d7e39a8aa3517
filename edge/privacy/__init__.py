"""Events become messages that may leave: allow-list redaction, pseudonyms that rotate, solid fill.

Law: nothing leaves but what `allowed.ALLOWED` names; when in doubt, `RedactionError` and nothing leaves.
No clock, no randomness, no file in here.
"""

from edge.privacy.allowed import check
from edge.privacy.pseudonyms import Pseudonyms
from edge.privacy.redactor import Redactor, interrupted
from edge.privacy.reports import (
    AuditHead,
    Counts,
    Decoding,
    NodeState,
    audit_head,
    camera_state,
    gap,
    status,
)
from edge.privacy.spec import ModelRef, Origin, Policy, PrivacySpec

__all__ = [
    "AuditHead",
    "Counts",
    "Decoding",
    "ModelRef",
    "NodeState",
    "Origin",
    "Policy",
    "PrivacySpec",
    "Pseudonyms",
    "Redactor",
    "audit_head",
    "camera_state",
    "check",
    "gap",
    "interrupted",
    "status",
]
