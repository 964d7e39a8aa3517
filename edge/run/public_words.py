"""A policy in words that anybody on the street understands, in their language."""

from collections.abc import Iterable

from edge.governance.capability import NEVER, Capability
from edge.governance.policy import Purpose, StatePolicy
from edge.run.tongue import Tongue
from edge.values.segment import FootageClass

ABLE = tuple(each for each in Capability if each not in NEVER)


def does(policy: StatePolicy, tongue: Tongue) -> list[str]:
    """What the cameras may do."""
    return [tongue(f"does.{capability}") for capability in ABLE if policy.may(capability)]


def never_does(tongue: Tongue) -> list[str]:
    """What no camera may do, whatever a policy says."""
    return [tongue(f"never.{capability}") for capability in Capability if capability in NEVER]


def purpose(name: str, tongue: Tongue) -> str:
    """A purpose in words; one that the catalogue does not know is its id, spelled."""
    key = f"purpose.{name}"
    return tongue(key) if tongue.knows(key) else spelled(name)


def purposes_of(policy: StatePolicy, names: Iterable[str]) -> list[Purpose]:
    """Those of a policy's purposes, in order."""
    wanted = set(names)
    return [each for each in sorted(policy.purposes) if each.id in wanted]


def spelled(name: str) -> str:
    """An id as words: public-safety is public safety."""
    return name.replace("-", " ")


def duration(hours: int, tongue: Tongue) -> str:
    """A time that people say: 72 hours are 3 days."""
    return tongue.of("days", hours // 24) if hours % 24 == 0 else tongue.of("hours", hours)


def kept(policy: StatePolicy, tongue: Tongue) -> list[tuple[str, str, str]]:
    """What is kept, for how long, and by which law; the shortest first."""
    times = sorted(policy.retention.items(), key=lambda item: item[1].hours)
    return [(_class(name, tongue), duration(keep.hours, tongue), keep.basis) for name, keep in times]


def _class(name: FootageClass, tongue: Tongue) -> str:
    return tongue(f"kept.{name.value}")
