"""Which worker watches which cameras: a plan, without processes.

Law: every camera is in exactly one group; the plan depends on its arguments alone. A camera that is
watched stays with its worker, also where it could be spread better: moving it would end its events.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """What a worker watches until now, nothing for a new one, and from now on."""

    before: Group
    after: Group


def spread(cameras: Sequence[str], alone: Collection[str], workers: int) -> tuple[Group, ...]:
    """Groups of cameras, one for each worker.

    Args:
        cameras: camera ids in the order of the configuration.
        alone: those that get a worker of their own, on top of `workers`.
        workers: how many workers share the others; fewer are made where there are fewer cameras.

    Raises:
        ValueError: `workers` is under 1.
    """
    return tuple(move.after for move in regroup((), cameras, alone, workers))


def regroup(
    served: Sequence[Group], cameras: Sequence[str], alone: Collection[str], workers: int
) -> tuple[Move, ...]:
    """What each worker does next; one that is served now and in no move has nothing left to do.

    Args:
        served: groups that are watched now.
        cameras: camera ids from now on, in the order of the configuration.
        alone: those that get a worker of their own, on top of `workers`.
        workers: how many workers share the others; fewer are made where there are fewer cameras.

    Raises:
        ValueError: `workers` is under 1.
    """
    if workers < 1:
        raise ValueError(f"cameras want at least 1 worker, got {workers}")
    shared = [camera for camera in cameras if camera not in alone]
    kept = [(group, [camera for camera in group if camera in shared]) for group in served]
    groups = [(group, members) for group, members in kept if members]
    watched = {camera for _, members in groups for camera in members}
    for camera in shared:
        if camera in watched:
            continue
        if len(groups) < workers:
            groups.append(((), [camera]))
        else:
            min(groups, key=lambda group: len(group[1]))[1].append(camera)
    lonely = [(camera,) for camera in cameras if camera in alone]
    return (
        *(Move(before, tuple(members)) for before, members in groups),
        *(Move(group if group in served else (), group) for group in lonely),
    )


def halves(group: Group) -> tuple[Group, ...]:
    """The group in two parts, so that a camera that kills its worker ends up alone after few deaths."""
    middle = (len(group) + 1) // 2
    return tuple(part for part in (group[:middle], group[middle:]) if part)
