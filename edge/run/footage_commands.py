"""The processes that record and keep footage, where a configuration wants any."""

from collections.abc import Callable, Iterator

from edge.config.spec import NodeSpec
from edge.run.assign import spread
from edge.run.child import Command
from edge.run.portions import kept, recorded

RECORDED_PER_WORKER = 8
"""Recording is network and disk: one process has room for many cameras, and takes few down when it dies."""
GIB = 1 << 30


def footage_commands(
    node: NodeSpec, arguments: Callable[..., tuple[str, ...]], *, recording: bool = True
) -> Iterator[Command]:
    """The keeper, and recorders; what they do not read may change without a gap in the footage.

    Args:
        node: the box.
        arguments: of a verb and its options, for this box.
        recording: False for the keeper alone, who goes on deleting.
    """
    if node.footage is None:
        return
    yield Command("keep", arguments("keep"), hang_s=60.0, part=kept(node))
    if not recording:
        return
    alone = frozenset(camera.id for camera in node.cameras if camera.isolate)
    recorders = max(1, -(-len(node.recorded) // RECORDED_PER_WORKER))
    for group in spread(node.recorded, alone, recorders):
        cameras = [word for camera in group for word in ("--camera", camera)]
        yield Command(f"record[{','.join(group)}]", arguments("record", *cameras), part=recorded(node, group))


def in_words(node: NodeSpec) -> str:
    """What is recorded, and where it goes."""
    if node.footage is None:
        return "not recorded: no section footage"
    quota_gib = node.footage.quota_bytes / GIB
    return f"{', '.join(node.recorded)} sealed in {node.footage.folder}, at most {quota_gib:,.10g} GiB"
