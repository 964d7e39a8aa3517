"""A YAML file as a validated model, or an error that names file, line, key, wanted and got.

Law: all mistakes of a file are told at once. What the keys mean is said by the callers' pydantic models.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from edge.strictyaml.document import Document, Loc
from edge.strictyaml.mistakes import stumble, told
from edge.values.errors import SafecityError

MAX_BYTES = 1 << 20

M = TypeVar("M", bound=BaseModel)
Besides = Callable[[object], Iterable[tuple[Loc, str]]]

WHOLE = "whole"
"""Validators find the file as it was written under this name of their context, which is a dict of that one
reading: what stands beside a value and did not fit is else not to be seen."""


@dataclass(frozen=True, slots=True)
class Read(Generic[M]):
    """A file that fitted its model, and where in it everything stands."""

    model: M
    name: str
    document: Document

    def refusal(self, mistakes: Sequence[tuple[Loc, str]]) -> str:
        """What is wrong at these keys, by line: for laws that are known only after the file was read."""
        lines = self.document.lines
        placed = sorted((lines[self.document.known(loc)], loc, told) for loc, told in mistakes)
        return "\n".join(
            f"{self.name}:{line}: {'.'.join(map(str, loc))}: {told}" for line, loc, told in placed
        )


def load(path: Path, model: type[M], error: type[SafecityError]) -> M:
    """The file as a `model`.

    Raises:
        error: the file cannot be read, is no such YAML, or does not fit the model.
    """
    return read(path, model, error).model


def read(
    path: Path,
    model: type[M],
    error: type[SafecityError],
    amend: Callable[[object], object] | None = None,
    besides: Besides | None = None,
) -> Read[M]:
    """The file as a `model`, with the lines of its keys; `amend` changes what it says before that.

    `besides` finds what is wrong across keys, in the file as it was written: it is asked where the file does
    not fit, since pydantic asks such laws of the model only once all else does.

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
    return _read(text, str(path), model, error, amend, besides)


def keys(path: Path) -> frozenset[str]:
    """The keys at the top of a file; none where it cannot be read, or is no mapping."""
    try:
        found = Document.read(path.read_text(encoding="utf-8-sig")).data
    except (OSError, ValueError, yaml.YAMLError):
        return frozenset()
    return frozenset(map(str, found)) if isinstance(found, dict) else frozenset()


def parse(text: str, name: str, model: type[M], error: type[SafecityError]) -> M:
    """The text as a `model`; `name` stands for the file in errors.

    Raises:
        error: the text is no such YAML, or does not fit the model.
    """
    return _read(text, name, model, error).model


def _read(
    text: str,
    name: str,
    model: type[M],
    error: type[SafecityError],
    amend: Callable[[object], object] | None = None,
    besides: Besides | None = None,
) -> Read[M]:
    if len(text) > MAX_BYTES:
        raise error(f"{name}: wanted at most {MAX_BYTES} bytes, got more")
    try:
        document = Document.read(text)
    except yaml.YAMLError as failure:
        raise error(f"{name}{stumble(failure)}") from failure
    data = document.data if amend is None else amend(document.data)
    try:
        validated = model.model_validate(data, context={WHOLE: data})
        return Read(validated, name, document)
    except ValidationError as failure:
        # not `from failure`: its text would show credentials
        errors = failure.errors(include_url=False)
        errors += [
            ErrorDetails(type="value_error", loc=loc, msg=text, input=None)
            for loc, text in (() if besides is None else besides(data))
        ]
        raise error(told(name, document, model, errors)) from None
