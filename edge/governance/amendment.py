"""What one policy says otherwise than another, as commands tell it.

Law: plain data in, plain data out. The version and the first day are told apart from this, whatever changes.
"""

from dataclasses import dataclass

from edge.governance import plain
from edge.governance.canonical import Plain
from edge.governance.order import NO_CONTENT
from edge.governance.policy import StatePolicy


def changes(old: StatePolicy, new: StatePolicy) -> dict[str, Plain]:
    """The new values of the fields that differ."""
    was, says = plain.plain(old), plain.plain(new)
    return {name: value for name, value in says.items() if name not in NO_CONTENT and was[name] != value}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a field that is a table, such as one camera of `masks`; None where it is gone."""

    name: str
    value: Plain | None


def only_entry(old: StatePolicy, new: StatePolicy, field: str) -> Entry | None:
    """The one entry of a field that differs; None where anything else differs too, or nothing does."""
    if changes(old, new).keys() != {field}:
        return None
    was, says = plain.plain(old)[field], plain.plain(new)[field]
    if not isinstance(was, dict) or not isinstance(says, dict):
        return None
    differing = [name for name in {**was, **says} if was.get(name) != says.get(name)]
    return Entry(differing[0], says.get(differing[0])) if len(differing) == 1 else None
