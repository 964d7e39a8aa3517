"""Changes that keep a form, so that a search gets past the first gate of a parser.

Law: what comes out of a document is a document with one to four things changed, by names and words that its
schema and the examples know; bytes that are none are replaced by a changed example. What has a sum to be
checked by gets the right one. The same number gives the same change.
"""

import copy
import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import yaml

from edge.ground import klv
from tests.fuzz.targets import Form, Target

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 7, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63), 0.0, -0.0, 0.5, 1e-9, 1e300),
    *("", " ", "0", "-1", "a", "A", "\u0000", "\u2028", "é", "\U0001f4f7", "../x", "a" * 300, "9" * 25),
    *("2026-02-30", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z", "12:60"),
    *("00000000000000000000", "99999999999999999999", "mqtts://h:0", "mqtt://[::1]:1883", "env:X", "file:x"),
    *([], {}, [[]], [0, 0], [[0, 0], [1, 0], [1, 1]], {"a": {}}),
)
MOST_BYTES = 32 << 10
DEEPEST = 1500
"""Brackets in brackets, where a reader that calls itself must give up in an orderly way."""

Spot = tuple[Any, Any]
"""A container, and a key or an index of it."""


class Documents:
    """Changes documents of one target."""

    def __init__(self, target: Target) -> None:
        self._form = target.form
        self._examples = [each for each in map(self._read, target.examples()) if each is not None]
        self._words = sorted(
            {*_words(target.schema()), *(w for each in self._examples for w in _texts(each))}
        )

    def changed(self, raw: bytes, number: int) -> bytes:
        """Another document; of bytes that are none, of an example."""
        chance = random.Random(number)
        if self._form is Form.JSON and chance.random() < 0.002:
            return b"[" * DEEPEST
        found = self._read(raw) if chance.random() < 0.9 else None
        whole = {"": chance.choice(self._examples) if found is None else found}
        whole = copy.deepcopy(whole)
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            spots = list(_spots(whole[""]))
            if spots:
                self._change(chance.choice(spots), spots, chance)
            else:
                whole[""] = copy.deepcopy(chance.choice(ODD))
        return self._written(whole[""], chance)

    def _change(self, spot: Spot, spots: Sequence[Spot], chance: random.Random) -> None:
        holder, key = spot
        match chance.randrange(10):
            case 8 | 9 if isinstance(holder[key], str) and len(holder[key]) > 1:
                _everywhere(spots, holder[key], str(_nudged(holder[key], chance)))
            case 0:
                holder[key] = copy.deepcopy(chance.choice(ODD))
            case 1:
                holder[key] = chance.choice(self._words)
            case 2:
                holder[key] = self._elsewhere(spots, chance)
            case 3:
                del holder[key]
            case 4 if isinstance(holder, dict):
                holder[chance.choice(self._words)] = self._elsewhere(spots, chance)
            case 5 if isinstance(holder, dict):
                holder[chance.choice(self._words)] = holder.pop(key)
            case 4 | 5:
                holder[key:key] = [copy.deepcopy(holder[key])] * chance.choice((1, 1, 9, 70))
            case _:
                holder[key] = _nudged(holder[key], chance)

    def _elsewhere(self, spots: Sequence[Spot], chance: random.Random) -> Any:
        """What stands somewhere else, in this document or in an example."""
        if chance.random() < 0.5:
            spots = list(_spots({"": chance.choice(self._examples)}))
        holder, key = chance.choice(spots)
        return copy.deepcopy(holder[key])

    def _read(self, raw: bytes) -> Any:
        text = raw.decode("utf-8", errors="replace")
        try:
            if self._form is Form.JSON:
                return json.loads(text)
            return yaml.load(text, yaml.CSafeLoader)
        except (ValueError, RecursionError, yaml.YAMLError):
            return None

    def _written(self, tree: Any, chance: random.Random) -> bytes:
        """JSON, which is YAML too; now and then as people write YAML."""
        if self._form is Form.YAML and chance.random() < 0.2:
            return yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True).encode(errors="replace")
        spaced = (", ", ": ") if self._form is Form.YAML else (",", ":")
        told = json.dumps(tree, ensure_ascii=False, separators=spaced, default=str)
        return told.encode(errors="replace")


def mutator(target: Target, blind: Callable[[bytes, int], bytes]) -> Callable[[bytes, int, int], bytes]:
    """How a search changes what it has: bytes, size at most, and a number, to other bytes.

    Now and then, and where the form is plain, blindly.
    """
    if target.form is Form.PLAIN:
        return lambda raw, most, _: blind(raw, most)
    if target.form is Form.SUMMED:
        return lambda raw, most, number: _summed(blind(raw, most))[:most] if number % 4 else blind(raw, most)
    documents = Documents(target)

    def changed(raw: bytes, most: int, number: int) -> bytes:
        found = documents.changed(raw, number) if number % 4 else b""
        return found if 0 < len(found) <= most else blind(raw, most)

    return changed


def _summed(raw: bytes) -> bytes:
    """KLV sets with the lengths and checksums that belong to them."""
    sets = (part[3 if part[0] == 0x82 else 1 : -4] for part in raw.split(klv.KEY)[1:] if len(part) > 7)
    return b"".join(_set(body[:120]) for body in sets)


def _set(body: bytes) -> bytes:
    covered = klv.KEY + bytes([len(body) + 4]) + body + bytes([klv.CHECKSUM, 2])
    return covered + klv.checksum(covered).to_bytes(2)


def _spots(tree: Any) -> Iterator[Spot]:
    if isinstance(tree, dict | list):
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            yield tree, key
            yield from _spots(tree[key])


def _nudged(value: Any, chance: random.Random) -> Any:
    """Something near it: another number, a text with one letter changed, doubled or gone."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or value == "":
        return copy.deepcopy(chance.choice(ODD))
    if isinstance(value, str):
        at = chance.randrange(len(value))
        alike = "0123456789" if value[at].isdigit() else "abcdef" if value[at] in "abcdef" else value[at]
        any_letter = chr(chance.choice((*range(32, 127), 0x663, 0xFF17)))
        middle = chance.choice(("", value[at] * 2, any_letter, *[chance.choice(alike)] * 5))
        return value[:at] + middle + value[at + 1 :]
    return chance.choice((-value, value + 1, value - 1, value * 1000, value / 2))


def _everywhere(spots: Sequence[Spot], was: str, now: str) -> None:
    """Write a text differently wherever it stands, alone or in another text, so that both still agree."""
    for holder, key in spots:
        if isinstance(holder[key], str):
            holder[key] = holder[key].replace(was, now)


def _words(schema: Any) -> Iterator[str]:
    """Names and words that a JSON schema knows."""
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        yield from (each for each in (*schema.get("enum", ()), schema.get("const")) if isinstance(each, str))
        for each in schema.values():
            yield from _words(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _words(each)


def _texts(tree: Any) -> Iterator[str]:
    """Every key and text of a document."""
    for holder, key in _spots({"": tree}):
        yield from (each for each in (key, holder[key]) if isinstance(each, str))
