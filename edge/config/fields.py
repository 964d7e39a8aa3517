"""The building blocks of the configuration's schema: identifiers, points, secrets, and the strict base."""

import re
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from edge.values.loopback import is_loopback


def _in_the_picture(share: object) -> object:
    """Says in words what is wrong with a place given in pixels or beside the picture."""
    if isinstance(share, bool | str):
        raise ValueError(f"wanted a number, got {share!r}")
    if isinstance(share, int | float) and not 0 <= share <= 1:
        mend = "draw it inside the picture" if -1 <= share <= 2 else "divide pixels by its size"
        raise ValueError(f"wanted a share of the picture's width or height, 0 to 1, got {share:g}; {mend}")
    return share


UnitFloat = Annotated[float, Field(ge=0.0, le=1.0), BeforeValidator(_in_the_picture)]
Point = Annotated[
    tuple[UnitFloat, UnitFloat], Field(description="x and y in the unit square, 0..1, from the top left")
]
_ID = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")
_HOURS = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")
_BROKER = re.compile(r"^mqtts?://(?:[^/@:?#\s\[\]]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$")
_FOLDER = re.compile(r"^/[\w./-]*$")
_ADDRESS = re.compile(r"^[0-9A-Fa-f.:]*$")
_DATABASE = re.compile(r"^(?:sqlite:///[^?#\s]+|postgresql(?:\+[a-z0-9]+)?://[^\s]+/[^\s/]+)$")
_CREDENTIALS = re.compile(r"://[^/@\s]*:[^/@\s]*@")
SECRET_VALUE = re.compile(
    r"(?<=[?&;/])((?:pass|passwd|password|passphrase|pwd|token|secret|api_?key|access_?key)=)"
    r"(?!\{password\}(?:[&;#/]|$))[^&;#/\s]+",
    re.IGNORECASE,
)
"""A password in the path or the query, as some cameras want it."""


def _of_form(form: re.Pattern[str], wanted: str) -> AfterValidator:
    """Lets through text of that form, and else says in words what was wanted."""

    def validate(text: str) -> str:
        if form.fullmatch(text) is None:
            raise ValueError(f"wanted {wanted}, got {text!r}")
        return text

    return AfterValidator(validate)


def _no_password(url: str) -> str:
    if _CREDENTIALS.search(url):
        raise ValueError(
            "a password inside a URL ends up in logs and process lists; "
            "use the keys username and password with {env: NAME} or {file: PATH}"
        )
    if SECRET_VALUE.search(url):
        raise ValueError(
            "a password inside a URL ends up in logs and process lists; write {password} in its place, "
            "and give it by the key password with {env: NAME} or {file: PATH}"
        )
    return url


def _never_in_the_clear(url: str) -> str:
    host = urlsplit(url).hostname or ""
    if url.startswith("mqtt://") and not is_loopback(host):
        raise ValueError(
            f"wanted mqtts://{host}, got {url!r}: without TLS events can be read and changed on the way; "
            "mqtt:// is for a broker on this machine alone"
        )
    return url


def _of_loopback(host: str) -> str:
    if not is_loopback(host):
        raise ValueError(
            f"wanted 127.0.0.1, ::1 or localhost, got {host!r}: nothing of this box listens to other "
            "machines; let an agent on this box read it and send it on"
        )
    return host


LoopbackHost = Annotated[str, Field(max_length=64), AfterValidator(_of_loopback)]
Url = Annotated[str, Field(min_length=1, max_length=2048), AfterValidator(_no_password)]
BrokerUrl = Annotated[Url, _of_form(_BROKER, "mqtt://host:port or mqtts://host:port")]
SafeBrokerUrl = Annotated[BrokerUrl, AfterValidator(_never_in_the_clear)]
SERVER_FOLDER = _of_form(_FOLDER, "an absolute path of letters, digits, dots, hyphens and underscores")
ADDRESS = _of_form(_ADDRESS, "an IPv4 or IPv6 address")
DatabaseUrl = Annotated[
    Url, _of_form(_DATABASE, "sqlite:///FILE or postgresql://USER@HOST:PORT/NAME, without a password")
]
Id = Annotated[
    str,
    _of_form(_ID, "1 to 40 lower-case letters, digits and hyphens"),
    Field(
        json_schema_extra={"pattern": _ID.pattern},
        description="1 to 40 lower-case letters, digits and hyphens; it becomes a level of the MQTT topic",
    ),
]


@cache
def _kinds(annotation: Any) -> frozenset[type]:
    """The types that a value of this annotation may be made of."""
    if get_origin(annotation) is Literal:
        return frozenset(type(value) for value in get_args(annotation))
    if inner := get_args(annotation):
        return frozenset().union(*map(_kinds, inner))
    return frozenset({annotation})


class Strict(BaseModel):
    """A mapping that knows all its keys, and takes no switch for a number: `true` is not 1."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch_for_a_number(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, bool) and info.field_name is not None:
            annotation: Any = cls.model_fields[info.field_name].annotation
            kinds = _kinds(annotation)
            if kinds & {int, float} and bool not in kinds:
                raise ValueError(f"wanted a number, got {str(value).lower()}")
        return value


class Secret(Strict):
    """Where a secret is to be read from; the secret itself never stands in the configuration."""

    env: str | None = Field(None, description="name of the environment variable that holds it", min_length=1)
    file: str | None = Field(None, description="path of the file that holds it, one line", min_length=1)

    @model_validator(mode="after")
    def _exactly_one(self) -> "Secret":
        if (self.env is None) is (self.file is None):
            raise ValueError("a secret wants exactly one of {env: NAME} or {file: PATH}")
        return self


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Clock24 = Annotated[
    str,
    _of_form(_HOURS, "a time of day from 00:00 to 24:00"),
    Field(json_schema_extra={"pattern": _HOURS.pattern}, description="time of day hh:mm; write it in quotes"),
]
