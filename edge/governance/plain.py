"""A policy as plain data: what is hashed and signed, and what one policy says otherwise than another.

Law: a field that came later is not signed while it has the value of policies from before it, so that they
keep their hash and their signatures.
"""

from dataclasses import asdict, fields
from datetime import date
from enum import StrEnum

from edge.governance import canonical
from edge.governance.canonical import Plain
from edge.governance.policy import Party, StatePolicy

DOMAIN = "safecity policy v1"
"""First line of what a signature on a policy covers."""

ANY = "any"
"""How an open list (None) is written."""

LATER = frozenset({"cameras", "publish_places_m"})
"""Fields that came after the first policies were signed."""


def plain(policy: StatePolicy) -> dict[str, Plain]:
    """Every field, sets sorted, days in ISO 8601; different policies give different data."""
    return {each.name: _plain(getattr(policy, each.name)) for each in fields(policy)}


def signed(policy: StatePolicy) -> dict[str, Plain]:
    """The fields that are hashed and signed."""
    unsaid = {each.name for each in fields(policy) if getattr(policy, each.name) == each.default}
    return {name: value for name, value in plain(policy).items() if name not in LATER & unsaid}


def sha256(policy: StatePolicy) -> str:
    """The policy's hash, as it stands in events and in the audit log."""
    return canonical.sha256(signed(policy))


def to_sign(policy: StatePolicy) -> bytes:
    """What a signature on the policy covers."""
    return canonical.to_sign(DOMAIN, signed(policy))


def roots_sha256(policy: StatePolicy) -> str:
    """Fingerprint of the three who sign: what a box is told at its commissioning."""
    return canonical.sha256([_plain(asdict(root)) for root in sorted(policy.roots, key=_id)])


def _id(party: Party) -> str:
    return party.id


def _plain(value: object) -> Plain:  # noqa: PLR0911 (one return a sort of value)
    if value is None:
        return ANY
    if isinstance(value, bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):  # also every StrEnum
        return value.value if isinstance(value, StrEnum) else value
    if isinstance(value, frozenset):
        return sorted((_plain(item) for item in value), key=canonical.encode)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}  # type: ignore[arg-type]
