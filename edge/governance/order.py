"""The order of policies: when a new one is at least as strict as the old one.

Law: a partial order, field by field; a field that has no line here has no order, and a test is red. What
cannot be compared is a loosening. Version and first day are no content: they change with every policy.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from edge.governance.policy import Retention, StatePolicy

Tighter = Callable[[Any, Any], bool]
"""Whether `new` is at least as strict as `old`: called with (old, new)."""


def _same(old: Any, new: Any) -> bool:
    """No order but equality: every change wants the quorum."""
    return bool(old == new)


def _less(old: int, new: int) -> bool:
    return new <= old


def _more(old: int, new: int) -> bool:
    return new >= old


def _fewer(old: frozenset[Any], new: frozenset[Any]) -> bool:
    return new <= old


def _further(old: frozenset[Any], new: frozenset[Any]) -> bool:
    return new >= old


def _fewer_or_any(old: frozenset[Any] | None, new: frozenset[Any] | None) -> bool:
    """Lists of what is allowed, where None allows everything."""
    return old is None or (new is not None and new <= old)


def _coarser_or_none(old: int, new: int) -> bool:
    """Grids in metres, where 0 tells nothing."""
    return new == 0 or new >= old > 0


def _every_mask(old: Mapping[str, frozenset[Any]], new: Mapping[str, frozenset[Any]]) -> bool:
    nothing = frozenset[Any]()
    return all(new.get(camera, nothing) >= masks for camera, masks in old.items())


def _every_purpose(
    old: Mapping[str, frozenset[str]] | None, new: Mapping[str, frozenset[str]] | None
) -> bool:
    """No camera more, and none for more; None allows every camera for everything."""
    if old is None or new is None:
        return old is None
    return all(purposes <= old.get(camera, frozenset()) for camera, purposes in new.items())


def _kept(old: Mapping[Any, Retention], new: Mapping[Any, Retention]) -> bool:
    """No class more, none for longer, none by another law."""
    return all(name in old and _tighter(RETENTION, old[name], kept) for name, kept in new.items())


def _access(old: Mapping[Any, frozenset[Any]], new: Mapping[Any, frozenset[Any]]) -> bool:
    return all(action in old and roles <= old[action] for action, roles in new.items())


RETENTION: Mapping[str, Tighter] = {"hours": _less, "basis": _same}
"""The order of `Retention`."""

ORDER: Mapping[str, Tighter] = {
    "country": _same,
    "expires": _less,
    "controller": _same,
    "contact": _same,
    "parties": _same,
    "purposes": _fewer,
    "capabilities": _fewer,
    "forbidden": _further,
    "models": _fewer_or_any,
    "masks": _every_mask,
    "max_px_per_m": _less,
    "max_rotation_s": _less,
    "publish_boxes": _less,
    "publish_labels": _fewer_or_any,
    "public_min_count": _more,
    "retention": _kept,
    "hold_review_days": _less,
    "hold_before_s": _less,
    "hold_after_s": _less,
    "access": _access,
    "egress": _fewer_or_any,
    "cameras": _every_purpose,
    "publish_places_m": _coarser_or_none,
}
"""The order of `StatePolicy`."""

NO_CONTENT = frozenset({"version", "issued"})
"""Fields that change with every policy and allow nothing."""


def tighter_or_equal(old: StatePolicy, new: StatePolicy) -> bool:
    """Whether the new policy allows nothing that the old one did not."""
    return not loosened(old, new)


def loosened(old: StatePolicy, new: StatePolicy) -> tuple[str, ...]:
    """Names of the fields in which the new policy allows more than the old one, or something else."""
    return tuple(
        name for name, tighter in ORDER.items() if not tighter(getattr(old, name), getattr(new, name))
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs between two policies."""

    field: str
    tighter: bool


def changes(old: StatePolicy, new: StatePolicy) -> tuple[Change, ...]:
    """Every field that differs, in the order of the policy, and whether it became tighter."""
    loose = loosened(old, new)
    names = [each.name for each in fields(StatePolicy) if each.name not in NO_CONTENT]
    return tuple(
        Change(name, name not in loose) for name in names if getattr(old, name) != getattr(new, name)
    )


def _tighter(order: Mapping[str, Tighter], old: object, new: object) -> bool:
    return all(tighter(getattr(old, name), getattr(new, name)) for name, tighter in order.items())
