"""The grounds on which a box records: its section `footage`, and the policy that allows it."""

from edge.config.spec import FootageSpec, NodeSpec
from edge.values.errors import ConfigError
from edge.values.retention import FootagePolicy


def grounds(node: NodeSpec) -> tuple[FootageSpec, FootagePolicy]:
    """How footage is recorded, and the policy under which it may be.

    Raises:
        ConfigError: nothing is recorded on this box.
    """
    policy = node.footage_policy
    if node.footage is None or policy is None:
        raise ConfigError(
            "nothing is recorded on this box: its configuration has no section footage (with the key policy)"
        )
    return node.footage, policy
