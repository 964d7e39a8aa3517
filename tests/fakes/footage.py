"""Footage values for tests: a policy with its three keyholders, and their private keys."""

from dataclasses import dataclass

from pyrage import x25519

from edge.values.keyholders import KeyHolder, KeyHolders, Role
from edge.values.retention import FootagePolicy, Keep
from edge.values.segment import FootageClass

DAY_S = 86_400
OFFICES = (
    ("state", Role.STATE_OFFICER, "Department of the Interior"),
    ("privacy", Role.DATA_PROTECTION_OFFICER, "Data protection authority"),
    ("audit", Role.AUDITOR, "Court of audit"),
)


@dataclass(frozen=True)
class Holders:
    """Three keyholders and their identities, by id."""

    public: KeyHolders
    identities: dict[str, x25519.Identity]


def holders() -> Holders:
    identities = {name: x25519.Identity.generate() for name, _, _ in OFFICES}
    public = tuple(
        KeyHolder(name, role, office, str(identities[name].to_public())) for name, role, office in OFFICES
    )
    return Holders(KeyHolders(public), identities)


HOLDERS = holders()


def policy(routine_s: int = 3 * DAY_S, event_s: int = 30 * DAY_S, of: Holders = HOLDERS) -> FootagePolicy:
    keeps = (
        Keep(FootageClass.ROUTINE, routine_s, "video surveillance act, article 4"),
        Keep(FootageClass.EVENT, event_s, "video surveillance act, article 5"),
    )
    return FootagePolicy("ab" * 32, of.public, keeps)
