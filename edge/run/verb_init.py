"""The verb `init`: five answers become a commented configuration, and the schema that editors check it by.

Law: nothing is written before all answers are good, and nothing is overwritten without being told to.
"""

import json
import shlex
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from edge.config import first_node
from edge.config.first_node import Answers, Door
from edge.config.json_schema import TITLE, json_schema
from edge.config.schema import PolicySource
from edge.values.errors import ConfigError, StorageError

Ask = Callable[[str], str]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line says.

    Attributes:
        file: where the configuration goes.
        node, region, broker, camera, policy: answers; None for those to be asked for.
        force: whether what is there may be overwritten.
    """

    file: Path
    node: str | None = None
    region: str | None = None
    broker: str | None = None
    camera: str | None = None
    policy: str | None = None
    force: bool = False

    @property
    def missing(self) -> list[str]:
        """The options of answers that a box cannot do without, and that were not given."""
        named = {
            "--node": self.node,
            "--region": self.region,
            "--broker": self.broker,
            "--camera": self.camera,
        }
        return [option for option, given in named.items() if given is None]


def init(request: Request) -> None:
    """Write the configuration that the answers make, asking on a terminal for those that are missing.

    Raises:
        ConfigError: an answer is missing or wrong, or there is such a file already.
        StorageError: a file cannot be written.
    """
    begin(request, input if sys.stdin.isatty() else None)


def begin(request: Request, ask: Ask | None) -> None:
    """The same with questions put to `ask`; None where there is nobody to ask."""
    schema = request.file.with_name(f"{request.file.stem}.schema.json")
    _may_write(request, schema)
    if request.missing and ask is None:
        raise ConfigError(
            f"wanted {', '.join(request.missing)}: there is no terminal to ask on, so give them as options"
        )
    answers = _answers(request, _Interview(ask if request.missing else None))
    text = first_node.text_of(answers, request.file.name, schema.name)
    first_node.check(text, str(request.file), request.file.parent)
    _may_write(request, schema)
    _write(schema, json_schema())
    _write(request.file, text)
    _tell(request.file, schema, answers)


@dataclass(frozen=True, slots=True)
class _Interview:
    """Gets answers from the command line or from a person, who is asked again after a bad one."""

    ask: Ask | None

    def get(
        self,
        option: str,
        question: str,
        given: str | None,
        judge: Callable[[str], Answer],
        usual: str = "",
    ) -> Answer:
        """A good answer; `usual` is that of a person who just presses Enter.

        Raises:
            ConfigError: the one given is bad, or the person left.
        """
        if given is not None or self.ask is None:
            try:
                return judge((given if given is not None else usual).strip())
            except ValueError as wrong:
                raise ConfigError(f"{option}: {wrong}") from None
        shown = f"{question} [{usual}]: " if usual else f"{question}: "
        while True:
            try:
                return judge(self.ask(shown).strip() or usual)
            except EOFError:
                raise ConfigError(f"{option}: the input ended; nothing was written") from None
            except ValueError as wrong:
                print(f"  {wrong}", file=sys.stderr)


def _answers(request: Request, interview: _Interview) -> Answers:
    folder = request.file.parent
    node = interview.get(
        "--node", "Name of this box, unique in its region", request.node, first_node.identifier, _host()
    )
    region = interview.get("--region", "Region of the city", request.region, first_node.identifier)
    broker = interview.get(
        "--broker",
        "Broker, as mqtts://HOST:PORT, or embedded for one on this box",
        request.broker,
        first_node.broker,
        first_node.EMBEDDED,
    )
    camera = interview.get(
        "--camera",
        "First camera: rtsp://HOST/…, its sub-stream",
        request.camera,
        partial(first_node.camera, folder=folder),
    )
    answers = Answers(node, region, broker, camera)
    policy = interview.get(
        "--policy",
        "Policy file of the state; Enter for none",
        request.policy,
        partial(_policy, request.file, answers),
    )
    return replace(answers, policy=policy)


def _policy(file: Path, answers: Answers, text: str) -> PolicySource | None:
    """The policy, if the other answers are within it; `ValueError` says which is not."""
    found = first_node.policy(text, file.parent)
    try:
        whole = first_node.text_of(replace(answers, policy=found), file.name, "")
        first_node.check(whole, str(file), file.parent)
    except ConfigError as wrong:
        raise ValueError(str(wrong)) from None
    return found


def _host() -> str:
    """This machine's name, where it can be a node's."""
    name = socket.gethostname().partition(".")[0].lower()
    try:
        return first_node.identifier(name)
    except ValueError:
        return ""


def _may_write(request: Request, schema: Path) -> None:
    if request.force:
        return
    if request.file.exists():
        raise ConfigError(f"{request.file} is there already; --force overwrites it")
    if schema.exists() and not _is_ours(schema):
        raise ConfigError(f"{schema} is there already and of something else; --force overwrites it")


def _is_ours(schema: Path) -> bool:
    try:
        found = json.loads(schema.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("title") == TITLE


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as failure:
        raise StorageError(f"{path} cannot be written: {failure.strerror}") from failure


def _tell(file: Path, schema: Path, answers: Answers) -> None:
    name = shlex.quote(str(file))
    print(f"{file}: written; by {schema.name} beside it editors complete and check it")
    for what, door, variable in _secrets(answers):
        print(
            f"{what}: the password was taken out of the URL and is not in the file. Before check and run:\n"
            f"  export {variable}=…   # {door.username or 'the user'}'s password"
        )
    if answers.policy is not None:
        print(f"policy: compare its roots with what the three who sign told you: {answers.policy.roots}")
    print(
        "next:\n"
        f"  safecity-edge check {name}        # looks at everything; says how to mend what is wrong\n"
        f"  safecity-edge run {name} --tail   # runs it, and shows its events here until Ctrl-C\n"
        '  to keep it running, a systemd service: docs/operator/README.md, "Keep it running"'
    )


def _secrets(answers: Answers) -> list[tuple[str, Door, str]]:
    doors = [("camera", answers.camera, first_node.CAMERA_PASSWORD)]
    if answers.broker is not None:
        doors.append(("broker", answers.broker, first_node.BROKER_PASSWORD))
    return [(what, door, variable) for what, door, variable in doors if door.password]
