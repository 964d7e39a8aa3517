"""The first configuration of a box: answers judged one by one, and the commented text made of them.

Law: no secret gets into the text or into an error. A password inside an answer is dropped; in its place
stands the environment variable that is to hold it.
"""

import json
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template
from urllib.parse import unquote

import yaml
from pydantic import TypeAdapter, ValidationError

from edge import strictyaml
from edge.config import policy as policies
from edge.config import stricter
from edge.config.fields import SECRET_VALUE, Id, SafeBrokerUrl, Url
from edge.config.schema import Node, PolicySource
from edge.governance import plain
from edge.governance.built_in import BUILT_IN
from edge.values.errors import ConfigError, PolicyError

EMBEDDED = "embedded"
CAMERA_ID = "camera-1"
CAMERA_PASSWORD = "CAMERA_1_PASSWORD"  # noqa: S105 - the name of a variable
BROKER_PASSWORD = "BROKER_PASSWORD"  # noqa: S105 - the name of a variable
SOURCES = ("rtsp", "rtsps", "http", "https")
COLUMN = 34

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)", re.DOTALL)
_HOST = re.compile(r"(?:[^\s:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_PLAIN = re.compile(r"[A-Za-z/][\w./:@?&=%+-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Door:
    """The way to a camera or broker, and what is said at the door.

    Attributes:
        url: without credentials; for a recorded video its path.
        username: None where nobody asks for one.
        password: whether one is needed; which, this does not know.
        recorded: whether it is a file, which has an end.
    """

    url: str
    username: str | None = None
    password: bool = False
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What a box has to be told; `broker` is None for the embedded one, `policy` where there is none."""

    node: str
    region: str
    broker: Door | None
    camera: Door
    policy: PolicySource | None = None


def identifier(text: str) -> str:
    """The name of a node or region; `ValueError` says what one looks like."""
    _judge(TypeAdapter(Id), text)
    return text


def broker(text: str) -> Door | None:
    """The way to a broker, None for the embedded one; `ValueError` says what was wanted."""
    if text == EMBEDDED:
        return None
    door = parted(text)
    if "://" not in door.url:
        raise ValueError(f"wanted mqtts://HOST or {EMBEDDED}, got {_shown(text)!r}")
    _judge(TypeAdapter(SafeBrokerUrl), door.url)
    return door


def camera(text: str, folder: Path) -> Door:
    """The way to a camera, or a video file as seen from `folder`; `ValueError` says what was wanted."""
    scheme, mark, _ = text.partition("://")
    if mark and scheme.lower() in SOURCES:
        door = parted(text)
        _judge(TypeAdapter(Url), door.url)
        return door
    if text.startswith(("/dev/video", "udp://")):
        return Door(text)
    if not text or not (file := Path(text).expanduser()).is_file():
        wanted = "rtsp://HOST/…, http://HOST/…, udp://@:PORT, /dev/video0, or a video file that is there"
        raise ValueError(f"wanted {wanted}, got {_shown(text)!r}")
    return Door(seen_from(folder, file), recorded=True)


def policy(text: str, folder: Path) -> PolicySource | None:
    """A policy file as seen from `folder` and who signs it, None for no file; `ValueError` if it is none."""
    if not text:
        return None
    file = Path(text).expanduser()
    try:
        state = policies.load(file).policy
    except PolicyError as wrong:
        raise ValueError(str(wrong)) from None
    return PolicySource(file=seen_from(folder, file), roots=plain.roots_sha256(state))


def parted(url: str) -> Door:
    """A URL apart from the credentials in it; `ValueError` if nobody can tell where they end."""
    found = _URL.fullmatch(url)
    if found is None:
        return Door(url)
    scheme, authority, rest = found.groups()
    if "@" in rest and ":" in authority:
        raise ValueError(
            "cannot tell where the password ends: write / ? # and @ in it as %2F %3F %23 and %40, "
            "and an @ further on as %40"
        )
    login, at, host = authority.rpartition("@")
    if not _HOST.fullmatch(host) or re.search(r"\s", rest):
        raise ValueError(f"wanted {scheme}://HOST/… or {scheme}://HOST:PORT/… without spaces")
    user, _, password = login.partition(":")
    rest = SECRET_VALUE.sub(r"\1{password}", rest)
    return Door(
        f"{scheme.lower()}://{host}{rest}",
        unquote(user) if at else None,
        bool(password) or "{password}" in rest,
    )


def seen_from(folder: Path, file: Path) -> str:
    """How a configuration in `folder` names a file: relative where it lies inside, else from the root."""
    whole, base = file.resolve(), folder.resolve()
    return str(whole.relative_to(base) if whole.is_relative_to(base) else whole)


def text_of(answers: Answers, file: str, schema: str) -> str:
    """The commented configuration; `file` is its name, `schema` that of its schema beside it."""
    template = resources.files("edge.config").joinpath("node.template.yaml").read_text(encoding="utf-8")
    return Template(template).substitute(
        schema=schema,
        file=file,
        node=_noted(f"node: {_scalar(answers.node)}", "unique in the region; a level of the MQTT topic"),
        region=_noted(f"region: {_scalar(answers.region)}", "region of the city; a level of the MQTT topic"),
        broker=_broker(answers.broker),
        policy=_policy(answers.policy),
        camera_id=CAMERA_ID,
        camera=_camera(answers.camera),
    )


def check(text: str, name: str, folder: Path) -> None:
    """Judge a configuration that stands in no file yet, as a box in `folder` would.

    Raises:
        ConfigError: it does not fit the schema, or goes beyond its policy.
    """
    node = strictyaml.parse(text, name, Node, ConfigError)
    state = BUILT_IN if node.policy is None else policies.load(folder / node.policy.file).policy
    if beyond := stricter.mistakes(node, state):
        raise ConfigError("; ".join(f"{'.'.join(map(str, loc))}: {told}" for loc, told in beyond))


def _broker(door: Door | None) -> str:
    if door is None:
        return _noted(f"broker: {EMBEDDED}", "on this box, for trying it out; or {urls: [mqtts://HOST:8883]}")
    urls = _noted(f"  urls: [{_scalar(door.url)}]", "best first; the first that answers serves")
    lines = ["broker:", urls, *_login(door, "  ", BROKER_PASSWORD)]
    if door.url.startswith("mqtts:"):
        lines.append(_noted("  # ca_file: city-ca.pem", "the authority that signed its certificate"))
    return "\n".join(lines)


def _camera(door: Door) -> str:
    note = "played again and again" if door.recorded else "the sub-stream is enough, and cheap"
    lines = [_noted(f"    source: {_scalar(door.url)}", note)]
    lines += ["    loop: true"] if door.recorded else []
    return "\n".join([*lines, *_login(door, "    ", CAMERA_PASSWORD)])


def _login(door: Door, indent: str, variable: str) -> list[str]:
    lines = [] if door.username is None else [f"{indent}username: {_scalar(door.username)}"]
    if door.password:
        lines.append(_noted(f"{indent}password: {{env: {variable}}}", "read from the environment"))
    return lines


def _policy(source: PolicySource | None) -> str:
    if source is None:
        return "# policy: {file: policy.yaml, roots: …}   # `policy show policy.yaml` tells the roots"
    lines = ["policy:", f"  file: {_scalar(source.file)}", "  # Fingerprint of the three who sign; ask them:"]
    return "\n".join([*lines, f"  roots: {_scalar(source.roots)}"])


def _noted(text: str, note: str) -> str:
    return f"{text:<{COLUMN - 1}} # {note}"


def _scalar(text: str) -> str:
    """Text as YAML that is read as the same text."""
    if _PLAIN.fullmatch(text) and yaml.safe_load(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)


def _shown(text: str) -> str:
    """An answer as errors may show it: what stands before an @ may be a password."""
    before, at, rest = text.rpartition("@")
    return f"…@{rest}" if at and before else text


def _judge(adapter: TypeAdapter[str], text: str) -> None:
    try:
        adapter.validate_python(text)
    except ValidationError as failure:
        told = failure.errors(include_url=False, include_input=False)[0]["msg"]
        raise ValueError(told.removeprefix("Value error, ")) from None
