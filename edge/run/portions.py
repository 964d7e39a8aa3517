"""Which portion of the configuration each process reads; what is outside may change without its notice.

Law: a portion leaves out what its process is known not to need. So a key that is added later makes too many
processes start again, and not too few.
"""

from dataclasses import fields

from edge.config.spec import NodeSpec
from edge.run.assign import Group

_PEOPLES = frozenset({"cameras", "sha256", "site_name", "timezone", "workers", "metrics"})
"""What is for people, for the supervisor, or for each camera by itself; schedules hold their time zone."""
_SEEING = frozenset({"detector", "gate", "heartbeat_s", "rotation_s", "publish_boxes", "policy_sha256"}) | {
    "ordered_model"
}


def watched(node: NodeSpec) -> object:
    """What a worker reads before it looks at any camera; its cameras may change under it."""
    return _without(node, _PEOPLES | {"broker", "updates"})


def published(node: NodeSpec) -> object:
    """What the publisher reads; of the cameras it names those that a subscriber is to expect."""
    return (tuple(camera.id for camera in node.cameras), _without(node, _PEOPLES | _SEEING))


def recorded(node: NodeSpec, group: Group) -> object:
    """What a recorder reads of its cameras; rules and places may change without a gap in the footage."""
    streams = tuple((name, node.camera(name).record) for name in group)
    return ("record", node.footage, node.footage_policy, node.log, streams)


def kept(node: NodeSpec) -> object:
    """What the keeper reads: also which cameras there are, because an alarm may be about them."""
    return (
        tuple((camera.id, camera.record is not None) for camera in node.cameras),
        _without(node, _PEOPLES),
    )


def tailed(node: NodeSpec) -> object:
    """What the readable subscriber reads."""
    return (node.region, node.node, node.data_dir, node.broker, node.timezone)


def _without(node: NodeSpec, names: frozenset[str]) -> object:
    return tuple((one.name, getattr(node, one.name)) for one in fields(node) if one.name not in names)
