"""Whether a box may, and can, show a console the streets of its cameras."""

from collections.abc import Iterator

from edge.config.spec import NodeSpec
from edge.governance.capability import Capability
from edge.run.console_picture import room_for
from edge.suitability.verdict import Aspect, Verdict

PART = "console"
LEAST_ROOM_BYTES = 8 << 10
"""Less leaves of a street a few hundred pixels."""


def standing(node: NodeSpec) -> Iterator[Aspect]:
    """One line where nothing is allowed or all is well, else one for each camera that lacks something."""
    policy = node.policy
    if not policy.may(Capability.BACKGROUND):
        yield Aspect(PART, "the policy allows no pictures of streets without people", Verdict.GOOD)
        return
    bare = [camera.id for camera in node.cameras if camera.ground is None]
    for name in bare:
        found = f"{name} has no measured ground, so nobody can say how fine its picture is"
        yield Aspect(PART, found, Verdict.DOUBTFUL, "calibrate it, or nothing of it is shown to a console")
    room = room_for(node.message_bytes)
    if room < LEAST_ROOM_BYTES:
        found = (
            f"a message takes {node.message_bytes >> 10} KiB, which leaves {max(0, room)} bytes for a picture"
        )
        yield Aspect(PART, found, Verdict.DOUBTFUL, "raise outbox.max_message_kib to 16 or more")
    able = len(node.cameras) - len(bare)
    if able:
        told = f"streets of {able} of {len(node.cameras)} cameras, at most {policy.max_px_per_m} px/m"
        yield Aspect(PART, told, Verdict.GOOD)
