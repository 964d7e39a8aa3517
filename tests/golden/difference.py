"""How a replay differs from its golden file, in words: which event, which field, when."""

import json
from collections.abc import Iterator, Sequence
from typing import Any


def differences(golden: Sequence[bytes], got: Sequence[bytes]) -> list[str]:
    """One line per difference; none if the replay is as it was."""
    old, new = ([json.loads(line) for line in lines] for lines in (golden, got))
    told = [line for before, after in zip(old, new, strict=False) for line in _message(before, after)]
    told += [f"missing: {_name(message)}" for message in old[len(new) :]]
    told += [f"new: {_name(message)}" for message in new[len(old) :]]
    return told


def _message(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    if _name(before) != _name(after):
        return [f"wanted {_name(before)}, got {_name(after)}"]
    return [f"{_name(before)}: {change}" for change in _changes("", before, after)]


def _name(message: dict[str, Any]) -> str:
    data = message["data"]
    if "rule" not in data:
        return f"{data['utc'][11:22]} {message['type']} of {data['place']['id']}"
    return f"{data['utc'][11:22]} {data['rule']} at {data['place']['id']} {data['phase']} r{data['revision']}"


def _changes(path: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after}):
            yield from _changes(f"{path}.{name}".lstrip("."), before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _changes(path, one, other)
    elif before != after:
        yield f"{path}: wanted {before}, got {after}"
