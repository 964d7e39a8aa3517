"""A YAML file as a validated model, or an error that names file, line, key, wanted and got.

Law: a file is data of one document in the YAML 1.2 core schema (`on` and `12:30` are text), without aliases,
tags or double keys, at most `MAX_BYTES` long and `MAX_DEPTH` deep. All mistakes of a file are told at once.
Credentials are masked in what is told. What the keys mean is said by the pydantic models of the callers.
"""

import difflib
import math
import re
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from edge.values.errors import SafecityError

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
MAX_TOLD = 20

M = TypeVar("M", bound=BaseModel)
Key = str | int
Loc = tuple[Key, ...]

_CORE = "tag:yaml.org,2002:"
_SECRET = re.compile(r"passw|secret|token|credential|private|pin$", re.IGNORECASE)
_USERINFO = re.compile(r"//[^/@\s]*@")


def load(path: Path, model: type[M], error: type[SafecityError]) -> M:
    """The file as a `model`.

    Raises:
        error: the file cannot be read, is no such YAML, or does not fit the model.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except OSError as failure:
        raise error(f"{path}: cannot be read: {failure.strerror}") from failure
    except UnicodeDecodeError as failure:
        line = raw.count(b"\n", 0, failure.start) + 1
        raise error(f"{path}:{line}: wanted UTF-8 text, got the byte {raw[failure.start]:#04x}") from failure
    return parse(text, str(path), model, error)


def parse(text: str, name: str, model: type[M], error: type[SafecityError]) -> M:
    """The text as a `model`; `name` stands for the file in errors.

    Raises:
        error: the text is no such YAML, or does not fit the model.
    """
    if len(text) > MAX_BYTES:
        raise error(f"{name}: wanted at most {MAX_BYTES} bytes, got more")
    try:
        document = _Document.read(text)
    except yaml.YAMLError as failure:
        raise error(f"{name}{_where(failure)}") from failure
    try:
        return model.model_validate(document.data)
    except ValidationError as failure:
        # not `from failure`: its text would show credentials
        raise error(_told(name, document, model, failure.errors(include_url=False))) from None


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


class _Document(NamedTuple):
    """The data of a file, and the line of every value in it, by its keys."""

    data: object
    lines: Mapping[Loc, int]

    @classmethod
    def read(cls, text: str) -> "_Document":
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


def _where(failure: yaml.YAMLError) -> str:
    """Line and problem of what PyYAML stumbled over, as the rest of `file…`."""
    if isinstance(failure, yaml.MarkedYAMLError) and failure.problem_mark is not None:
        problem = "; ".join(part for part in (failure.context, failure.problem) if part)
        return f":{failure.problem_mark.line + 1}: {problem}"
    return f": no YAML: {' '.join(str(failure).split())[:200]}"


def _told(name: str, document: _Document, model: type[BaseModel], errors: list[ErrorDetails]) -> str:
    found = set()
    for error in errors:
        place = _place(document, error)
        key = ".".join(map(str, place)) or "(the file)"
        found.add((document.lines[document.known(place)], f"{key}: {_problem(model, key, error)}"))
    told = [f"{name}:{line}: {problem}" for line, problem in sorted(found)[:MAX_TOLD]]
    if len(found) > MAX_TOLD:
        told.append(f"{name}: and {len(found) - MAX_TOLD} more")
    return "\n".join(told)


def _place(document: _Document, error: ErrorDetails) -> Loc:
    """The keys, as they stand in the file or are missing there, that an error of pydantic is about."""
    known = document.known(error["loc"])
    if error["type"] == "missing":
        return (*known, error["loc"][-1])
    if error["type"].startswith("union_tag"):
        return (*known, error["ctx"]["discriminator"].strip("'"))
    return known


def _problem(model: type[BaseModel], key: str, error: ErrorDetails) -> str:
    """`wanted …, got …` for one error of pydantic."""
    match error["type"]:
        case "missing" | "union_tag_not_found":
            return "wanted this key, got nothing"
        case "union_tag_invalid":
            return f"wanted one of {error['ctx']['expected_tags']}, got {error['ctx']['tag']!r}"
        case "extra_forbidden":
            return f"unknown key{_instead(model, error['loc'])}"
        case "value_error":
            return _USERINFO.sub("//***@", error["msg"].removeprefix("Value error, "))
    wanted = re.sub(r"^(Input should be|Assertion failed,) ?", "", error["msg"])
    return f"wanted {wanted}, got {_shown(key, error['input'])}"


def _instead(model: type[BaseModel], loc: Loc) -> str:
    """What may stand in place of the unknown key that `loc` ends with."""
    allowed = sorted({name for found in _models(model, loc[:-1]) for name in _names(found)})
    near = difflib.get_close_matches(str(loc[-1]), allowed, n=1, cutoff=0.6)
    if near:
        return f", did you mean {near[0]}?"
    return f", wanted one of {', '.join(allowed)}" if allowed else ""


def _names(model: type[BaseModel]) -> Iterator[str]:
    return (field.alias or name for name, field in model.model_fields.items())


def _models(kind: object, loc: Loc) -> Iterator[type[BaseModel]]:
    """The models that may stand at `loc` below a type; union branches named in `loc` are passed over."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        for branch in inner:
            yield from _models(branch, loc)
    elif origin is Annotated:
        yield from _models(inner[0], loc)
    elif origin in (list, tuple, set, frozenset, dict, Mapping) and loc:
        yield from _models(inner[-1] if origin in (dict, Mapping) else inner[0], loc[1:])
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from _below(kind, loc)


def _below(model: type[BaseModel], loc: Loc) -> Iterator[type[BaseModel]]:
    if not loc:
        yield model
        return
    for name, field in model.model_fields.items():
        if loc[0] == (field.alias or name):
            yield from _models(field.annotation, loc[1:])
            return
    yield from _below(model, loc[1:])


def _shown(key: str, got: object) -> str:
    """What was got, short and without credentials."""
    if _SECRET.search(key):
        return f"a {type(got).__name__} (not shown)"
    if got is None:
        return "nothing"
    if isinstance(got, Mapping | list):
        return f"a {'mapping' if isinstance(got, Mapping) else 'list'} of {len(got)}"
    text = _USERINFO.sub("//***@", repr(got))
    return text if len(text) <= 80 else f"{text[:77]}..."
