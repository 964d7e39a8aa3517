"""Who somebody is: a person of the policy, who proves it with a private key, and what they may do."""

import os
from pathlib import Path

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.config.spec import NodeSpec
from edge.governance.capability import Capability
from edge.governance.policy import Party, StatePolicy
from edge.governance.rights import Action
from edge.run.wiring import governing
from edge.run.wiring.auditing import journal, somebody
from edge.values.audit import Action as Done
from edge.values.errors import PolicyError, RefusedError
from edge.values.refusal import Refusal

NOBODY = "nobody"
"""Actor of a refusal where nobody in the policy has the key."""

STILL_GOOD = frozenset({Action.PLACE_HOLD})
"""What a policy that has expired still lets people do: keep what would be deleted."""


def person(node: NodeSpec, key: Path, action: Action) -> Party:
    """The person of the policy whose private key this is, if they may; the record tells if not.

    Raises:
        ConfigError: the key cannot be read.
        RefusedError: the policy does not hold here, the key is nobody's, or their role may not do that.
        StorageError: it was refused, and that cannot be entered.
    """
    who = NOBODY
    try:
        admitted(node, expired_too=action in STILL_GOOD)
        party = owner(node.policy, key)
        who = party.id
        check(node.policy, party, action)
    except RefusedError as refused:
        with journal(node, who) as pen:
            pen.note(Done.DENIED, action, refused.reason)
        raise
    return party


def allowed(node: NodeSpec, capability: Capability, instead: str) -> None:
    """Pass in silence if the policy holds here and lets the box do that; the record tells if not.

    Raises:
        RefusedError: it does not; `instead` tells what may be had.
        StorageError: it was refused, and that cannot be entered.
    """
    try:
        admitted(node)
        if not node.policy.may(capability):
            said = f"policy version {node.policy.version} does not allow {capability}: {instead}"
            raise RefusedError(said, Refusal.NO_CAPABILITY)
    except RefusedError as refused:
        with journal(node, somebody()) as pen:
            pen.note(Done.DENIED, capability, refused.reason)
        raise


def check(policy: StatePolicy, party: Party, action: Action) -> None:
    """Pass in silence if that party may do that.

    Raises:
        RefusedError: it may not.
    """
    if not policy.allows(party.role, action):
        raise RefusedError(
            f"{party.id} is {party.role}, and policy version {policy.version} lets nobody of that role "
            f"{action}",
            Refusal.NO_RIGHT,
        )


def admitted(node: NodeSpec, *, expired_too: bool = False) -> None:
    """Pass in silence if the configuration's policy holds here: who runs the box wrote it.

    Args:
        node: the box.
        expired_too: whether the policy that the box took while it held still counts after its last day.

    Raises:
        RefusedError: it does not.
    """
    try:
        governing.admit(node, expired_too=expired_too)
    except PolicyError as failure:
        raise RefusedError(str(failure), Refusal.POLICY) from failure


def owner(policy: StatePolicy, key: Path) -> Party:
    """The person of a policy whose private key this is.

    Raises:
        ConfigError: the key cannot be read.
        RefusedError: it is nobody's.
    """
    signer, asked = Ed25519Signer.read(key), os.urandom(32)
    proof = signer.sign(asked)
    for party in policy.parties:
        if party.key and Ed25519Verifier().verify(bytes.fromhex(party.key), asked, proof):
            return party
    raise RefusedError(f"{key}: nobody in policy version {policy.version} has this key", Refusal.STRANGER)
