"""A YAML document as plain data, with the line of every value.

Law: one document in the YAML 1.2 core schema (`on` and `12:30` are text), without aliases, tags or double
keys, at most `MAX_DEPTH` deep. What breaks this is a `yaml.YAMLError` that knows its line.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

MAX_DEPTH = 32

Key = str | int
Loc = tuple[Key, ...]

_CORE = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """Composes nodes under the YAML 1.2 core schema (YAML 1.2.2, section 10.3) and refuses aliases."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (as in PyYAML)
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _stumble("aliases (*) are not allowed", event)
        if self.depth == MAX_DEPTH:
            raise _stumble("nested too deeply", event)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_Loader.add_implicit_resolver(
    _CORE + "bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver(_CORE + "null", re.compile(r"^(?:null|Null|NULL|~|)$"), ["n", "N", "~", ""])
_Loader.add_implicit_resolver(
    _CORE + "int", re.compile(r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$"), list("-+0123456789")
)
_Loader.add_implicit_resolver(
    _CORE + "float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)


def _stumble(problem: str, at: yaml.Node | yaml.Event) -> yaml.MarkedYAMLError:
    mark = at.start_mark
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)  # type: ignore[arg-type]


class Document(NamedTuple):
    """The data of a file, and the line of every value in it, by its keys."""

    data: object
    lines: Mapping[Loc, int]

    @classmethod
    def read(cls, text: str) -> "Document":
        """The document in a text.

        Raises:
            yaml.YAMLError: the text is none.
        """
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
        lines: dict[Loc, int] = {(): 1}
        return cls(None if root is None else _value(root, (), lines), lines)

    def known(self, loc: Loc) -> Loc:
        """The keys of `loc` that stand in the file; pydantic mixes names of union branches into it."""
        path: Loc = ()
        for key in loc:
            if (*path, key) in self.lines:
                path = (*path, key)
        return path


def _value(node: yaml.Node, path: Loc, lines: dict[Loc, int]) -> object:
    """The plain value of a node, noting the lines of all that is in it."""
    if isinstance(node, yaml.MappingNode) and node.tag == _CORE + "map":
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode) and node.tag == _CORE + "seq":
        items = []
        for index, item in enumerate(node.value):
            lines[(*path, index)] = item.start_mark.line + 1
            items.append(_value(item, (*path, index), lines))
        return items
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    raise _stumble(f"the tag {node.tag} is not allowed", node)


def _mapping(node: yaml.MappingNode, path: Loc, lines: dict[Loc, int]) -> dict[str, object]:
    values: dict[str, object] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _stumble("wanted text as key", key_node)
        key = key_node.value
        if key in values:
            problem = f"the key {key} is there twice, first in line {lines[(*path, key)]}"
            raise _stumble(problem, key_node)
        lines[(*path, key)] = key_node.start_mark.line + 1
        values[key] = _value(value_node, (*path, key), lines)
    return values


def _scalar(node: yaml.ScalarNode) -> object:
    text = node.value
    match node.tag.removeprefix(_CORE):
        case "str":
            return text
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int" if len(text) <= 20:
            return int(text, 0) if text[:2] in ("0x", "0o") else int(text)
        case "float" if math.isfinite(float(text)):
            return float(text)
        case "int" | "float":
            problem = f"wanted a number of ordinary size, got {text[:20]}"
        case _:
            problem = f"the tag {node.tag} is not allowed"
    raise _stumble(problem, node)
