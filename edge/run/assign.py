"""Which worker watches which cameras: a plan, without processes.

Law: every camera is in exactly one group; the plan depends on its arguments alone.
"""

from collections.abc import Collection, Sequence

Group = tuple[str, ...]


def spread(cameras: Sequence[str], alone: Collection[str], workers: int) -> tuple[Group, ...]:
    """Groups of cameras, one for each worker.

    Args:
        cameras: camera ids in the order of the configuration.
        alone: those that get a worker of their own, on top of `workers`.
        workers: how many workers share the others; fewer are made where there are fewer cameras.

    Raises:
        ValueError: `workers` is under 1.
    """
    if workers < 1:
        raise ValueError(f"cameras want at least 1 worker, got {workers}")
    shared = [camera for camera in cameras if camera not in alone]
    groups = [tuple(shared[first::workers]) for first in range(min(workers, len(shared)))]
    return (*groups, *((camera,) for camera in cameras if camera in alone))


def halves(group: Group) -> tuple[Group, ...]:
    """The group in two parts, so that a camera that kills its worker ends up alone after few deaths."""
    middle = (len(group) + 1) // 2
    return tuple(part for part in (group[:middle], group[middle:]) if part)
