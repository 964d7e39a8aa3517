"""Who somebody is: a person of the policy, who proves it with a private key, and what they may do."""

import os
from pathlib import Path

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.config.spec import NodeSpec
from edge.governance.policy import Party
from edge.governance.rights import Action
from edge.values.errors import ConfigError


def person(node: NodeSpec, key: Path, action: Action) -> Party:
    """The person of the policy whose private key this is, if they may do that.

    Raises:
        ConfigError: the key cannot be read, is nobody's, or their role may not do that.
    """
    signer, asked = Ed25519Signer.read(key), os.urandom(32)
    proof = signer.sign(asked)
    for party in node.policy.parties:
        if party.key and Ed25519Verifier().verify(bytes.fromhex(party.key), asked, proof):
            if node.policy.allows(party.role, action):
                return party
            raise ConfigError(
                f"{party.id} is {party.role}, and policy version {node.policy.version} lets nobody "
                f"of that role {action}"
            )
    raise ConfigError(f"{key}: nobody in policy version {node.policy.version} has this key")
