"""Mistakes of a file in words: line, key, wanted and got.

Law: credentials are masked in what is told. Where a value may be one of several sorts, one line says so,
and it is left out where a sort fitted so far that its own mistakes are told.
"""

import difflib
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Annotated, Union, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from edge.strictyaml.document import Document, Loc
from edge.strictyaml.several import SeveralError

MAX_TOLD = 20

_SECRET = re.compile(r"passw|secret|token|credential|private|pin$", re.IGNORECASE)
_USERINFO = re.compile(r"//[^/@\s]*@")
_SORTS = {
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number",
    "float_type": "a valid number",
    "float_parsing": "a valid number",
}
"""What was wanted where a value is of another sort, by pydantic's type of error."""

_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"),
    "less_than": ("less than", "lt"),
}
"""How a bound is told, and under which name pydantic gives it."""


def stumble(failure: yaml.YAMLError) -> str:
    """Line and problem of what PyYAML stumbled over, as the rest of `file…`."""
    if isinstance(failure, yaml.MarkedYAMLError) and failure.problem_mark is not None:
        problem = "; ".join(part for part in (failure.context, failure.problem) if part)
        return f":{failure.problem_mark.line + 1}: {problem}"
    return f": no YAML: {' '.join(str(failure).split())[:200]}"


def told(name: str, document: Document, model: type[BaseModel], errors: Sequence[ErrorDetails]) -> str:
    """All mistakes that pydantic found, by line; `name` stands for the file."""
    places: dict[Loc, list[ErrorDetails]] = {}
    for error in chain.from_iterable(map(_each, errors)):
        places.setdefault(_place(document, error), []).append(error)
    found = set()
    for place, there in places.items():
        key = ".".join(map(str, place)) or "(the file)"
        deeper = any(other[: len(place)] == place and other != place for other in places)
        line = document.lines[document.known(place)]
        found |= {(line, f"{key}: {problem}") for problem in _problems(model, key, there, deeper)}
    lines = [f"{name}:{line}: {problem}" for line, problem in sorted(found)[:MAX_TOLD]]
    if len(found) > MAX_TOLD:
        lines.append(f"{name}: and {len(found) - MAX_TOLD} more")
    return "\n".join(lines)


def _each(error: ErrorDetails) -> Iterator[ErrorDetails]:
    """An error, or those that its validator gathered."""
    several = error.get("ctx", {}).get("error")
    if not isinstance(several, SeveralError):
        yield error
        return
    for loc, text in several.found:
        yield ErrorDetails(type="value_error", loc=(*error["loc"], *loc), msg=text, input=error["input"])


def _problems(model: type[BaseModel], key: str, errors: list[ErrorDetails], deeper: bool) -> list[str]:
    """What is wrong at one place; `deeper` says that something is wrong below it too."""
    exact = [problem for error in errors if (problem := _exact(model, error))]
    if exact or deeper:
        return exact
    got = errors[0]["input"]
    wanted = dict.fromkeys(_wanted(error) for error in _widest(errors))
    if _SORTS["float_type"] in wanted:
        wanted.pop(_SORTS["int_type"], None)
    return [f"wanted {' or '.join(wanted)}, got {_shown(key, got)}{_meant(key, errors, got)}"]


def _widest(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Of several sorts of number only the bound that lets most through: what got there is a number, and not
    the sort is wrong."""
    bounded = [error for error in errors if error["type"] in _BOUNDS]
    if bounded and all(
        _SORTS.get(error["type"], "").endswith(" number") for error in errors if error not in bounded
    ):
        errors = bounded
    for sort, choose in (("greater_than_equal", min), ("less_than_equal", max)):
        if all(error["type"] == sort for error in errors):
            return [choose(errors, key=lambda error: float(error["ctx"][_BOUNDS[error["type"]][1]]))]
    return errors


def _meant(key: str, errors: list[ErrorDetails], got: object) -> str:
    """The rest of the sentence that suggests the nearest of the words that may stand there; "" if none is."""
    if not isinstance(got, str) or _SECRET.search(key):
        return ""
    words = [
        word
        for error in errors
        for word in re.findall(r"'([^']*)'", error.get("ctx", {}).get("expected", ""))
    ]
    near = difflib.get_close_matches(got.lower(), words, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def _place(document: Document, error: ErrorDetails) -> Loc:
    """The keys, as they stand in the file or are missing there, that an error of pydantic is about."""
    known = document.known(error["loc"])
    if error["type"] == "missing":
        return (*known, error["loc"][-1])
    if error["type"].startswith("union_tag"):
        return (*known, error["ctx"]["discriminator"].strip("'"))
    return known


def _exact(model: type[BaseModel], error: ErrorDetails) -> str | None:
    """The problem, where it is of a value of the right sort; None where `wanted …, got …` tells it."""
    match error["type"]:
        case "missing" if isinstance(error["loc"][-1], int):
            return "wanted one item more, got nothing"
        case "missing" | "union_tag_not_found":
            return "wanted this key, got nothing"
        case "union_tag_invalid":
            return f"wanted one of {error['ctx']['expected_tags']}, got {error['ctx']['tag']!r}"
        case "extra_forbidden":
            return f"unknown key{_instead(model, error['loc'])}"
        case "value_error":
            return _USERINFO.sub("//***@", error["msg"].removeprefix("Value error, "))
    return None


def _wanted(error: ErrorDetails) -> str:
    match error["type"]:
        case "too_short":
            return f"at least {error['ctx']['min_length']} items"
        case "too_long":
            return f"at most {error['ctx']['max_length']} items"
        case "string_pattern_mismatch":
            return f"text that matches {error['ctx']['pattern']}"
        case sort if sort in _SORTS:
            return _SORTS[sort]
        case sort if sort in _BOUNDS:
            word, bound = _BOUNDS[sort]
            return f"{word} {error['ctx'][bound]:g}"
    return re.sub(r"^(?:\w+ should (?:be|have)|Assertion failed,) ?", "", error["msg"])


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
