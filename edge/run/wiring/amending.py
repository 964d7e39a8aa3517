"""Wiring of changes of the policy that come as commands: judged as a file would be, kept, put in force."""

import logging
from collections.abc import Callable
from pathlib import Path

from edge.adapters.ordered_policies import OrderedPolicies
from edge.config import policy as files
from edge.config import policy_text
from edge.config.load import check_under, ordered_folder
from edge.config.spec import NodeSpec
from edge.governance import plain
from edge.governance.acceptance import QUORUM, Signature, signers
from edge.governance.order import loosened
from edge.governance.policy import StatePolicy
from edge.messages.command import CommandMessage
from edge.messages.orders import Amending
from edge.run.commands import Effect
from edge.run.wiring import governing
from edge.values.command import Doubt, Loosened
from edge.values.errors import ConfigError, PolicyError, StorageError

log = logging.getLogger("commands")


def amender(
    node: NodeSpec, config: Path, base: Path | None, reload: Callable[[], Effect]
) -> Callable[[CommandMessage], Effect]:
    """Carries out changes of this box's policy.

    Args:
        node: the box.
        config: that its processes read; it must go with the changed policy.
        base: folder from which paths in it count.
        reload: what puts the changed policy in force.
    """

    def amend(message: CommandMessage) -> Effect:
        order = message.data
        assert isinstance(order, Amending)
        if order.result == node.policy_sha256:  # it holds since the last time that this was carried out
            return Effect()
        if order.base != node.policy_sha256:
            return Effect(Doubt.OTHER_POLICY)
        try:
            return _put_in_force(order, node, config, base) or reload()
        except StorageError as error:
            log.error("the policy that was ordered cannot be kept: %s", error)
            return Effect(Doubt.DISK)

    return amend


def _put_in_force(order: Amending, node: NodeSpec, config: Path, base: Path | None) -> Effect | None:
    """Keep the policy that the order makes; why not, None where it was kept."""
    signatures = tuple(Signature(each.signer, bytes.fromhex(each.ed25519)) for each in order.approvals)
    try:
        made = policy_text.policy_of(order.changed(plain.plain(node.policy)))
        if plain.sha256(made) != order.result:
            raise PolicyError(f"wanted the policy of hash {order.result}, got {plain.sha256(made)}")
        if (loose := _too_loose(node.policy, made, signatures)) is not None:
            return Effect(Doubt.QUORUM, loose)
        governing.admit_next(node, made, signatures)
    except PolicyError as error:
        log.warning("the policy that was ordered: %s", error)
        return Effect(Doubt.POLICY)
    try:
        check_under(config, base, made)
    except ConfigError as error:
        log.warning("the policy that was ordered does not go with the configuration: %s", error)
        return Effect(Doubt.CONFIGURATION)
    text = policy_text.text(plain.plain(made))
    beside = files.signatures_text(order.result, signatures).encode()
    OrderedPolicies(ordered_folder(node.data_dir)).keep(made.version, text, beside)
    return None


def _too_loose(old: StatePolicy, new: StatePolicy, signatures: tuple[Signature, ...]) -> Loosened | None:
    """The first field that the new policy loosens where too few signed it."""
    loose = loosened(old, new)
    signed = signers(new, signatures, old.roots, governing.verifier())
    return Loosened(loose[0]) if loose and len(signed) < QUORUM else None
