"""Commands: what a person with a key orders of a box, built and taken in here.

Law: small, strict and closed: another verb, another field or a byte too many is no command. The signature
covers all of `data` in canonical form, so that it holds however the JSON around it was written.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from edge.governance.commanding import Frame, to_sign
from edge.messages.base import Name, Sequence
from edge.messages.envelope import Envelope, Who
from edge.messages.mistake import first_mistake
from edge.ports import Signer
from edge.privacy.allowed import HEX128, MAX_CAMERAS, MAX_SAFE_INT, NONCE, SCHEMA
from edge.privacy.canonical import JsonObject, encode
from edge.privacy.spec import NAME, Origin
from edge.values.command import Verb
from edge.values.errors import MessageError

MOST_BYTES = 4096
TYPE = "safecity.command.v1"

_SECONDS = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
Seconds = Annotated[str, Field(pattern=f"^(?:{_SECONDS})$", json_schema_extra={"format": "date-time"})]
Nonce = Annotated[str, Field(pattern=f"^(?:{NONCE})$")]


class Ordered(Who):
    """What every command says."""

    signer: Name = Field(description="who orders: the id of a party of the policy")
    sequence: Sequence = Field(description="rises with every command of the signer, 20 digits")
    nonce: Nonce = Field(description="random; the answer names it")
    issued: Seconds = Field(description="when it was signed, UTC")
    expires: Seconds = Field(description="from when on it is not obeyed, UTC; at most 120 s later")
    challenge: Nonce | None = Field(
        None, description="what the box asked to be signed with it, because its clock is unsure"
    )

    @field_validator("sequence")
    @classmethod
    def _is_a_number_everywhere(cls, sequence: str) -> str:
        if int(sequence) > MAX_SAFE_INT:
            raise ValueError(f"wanted at most {MAX_SAFE_INT}")
        return sequence


class PlainOrder(Ordered):
    """A command that says all by its verb."""

    verb: Literal[Verb.HEALTH, Verb.RELOAD, Verb.RESTART] = Field(
        description="health (tell how the box is doing), reload (read configuration, policy and masks "
        "again), restart (stop all processes of the box and start them again)"
    )


class PanicOrder(Ordered):
    """Put footage under hold and raise the alarm."""

    verb: Literal[Verb.PANIC] = Field(description="panic")
    cameras: list[Name] = Field(description="whose footage; none means all", max_length=MAX_CAMERAS)


Order = Annotated[PlainOrder | PanicOrder, Field(discriminator="verb")]


class CommandMessage(Envelope):
    """A signed order to one box; it is obeyed once, and answered."""

    type: Literal["safecity.command.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(
        description="`urn:safecity:party:<id>`: the signer", pattern=f"^urn:safecity:party:{NAME}$"
    )
    dataschema: Literal["urn:safecity:command:1.0"] = Field(description="schema of `data`, with its version")
    data: Order = Field(description="what is ordered, by its verb")
    signature: Annotated[str, Field(pattern=f"^(?:{HEX128})$")] = Field(
        description="Ed25519 signature, hex, over `safecity command v1`, a line end, and `data` in canonical "
        "JSON (sorted keys, no spaces)"
    )

    @model_validator(mode="after")
    def _of_one_piece(self) -> "CommandMessage":
        if self.id != self.data.nonce or self.source != source_of(self.data.signer):
            raise ValueError("wanted id and source to be those of data: its nonce, and its signer")
        return self

    def where(self) -> str:
        """The topic on which this message belongs."""
        return topic_of(Origin(self.data.region, self.data.node))

    def frame(self) -> Frame:
        """All but what is to be done.

        Raises:
            ValueError: there is no such time.
        """
        data = self.data
        return Frame(
            f"{data.region}/{data.node}",
            data.verb,
            data.signer,
            int(data.sequence),
            _seconds(data.issued),
            _seconds(data.expires),
            data.challenge or "",
            to_sign(data.model_dump(mode="json", by_alias=True, exclude_none=True)),
            bytes.fromhex(self.signature),
        )


def topic_of(origin: Origin) -> str:
    """Where a box hears commands."""
    return origin.topic("command")


def source_of(signer: str) -> str:
    """Who sends a command, as CloudEvents wants it."""
    return f"urn:safecity:party:{signer}"


def order_of(origin: Origin, verb: Verb, signer: str, nonce: str, now_ns: int, life_s: int) -> JsonObject:
    """What every command says, by a clock that is right; its sequence is the time in microseconds."""
    now_s = now_ns // 1_000_000_000
    return {
        "schema": SCHEMA,
        "region": origin.region,
        "node": origin.node,
        "verb": verb.value,
        "signer": signer,
        "sequence": f"{now_ns // 1000:020d}",
        "nonce": nonce,
        "issued": _text(now_s),
        "expires": _text(now_s + life_s),
    }


def command_bytes(data: JsonObject, signer: Signer) -> bytes:
    """A command of what `order_of` and its verb say, signed."""
    plain = json.loads(encode(data))
    body: JsonObject = {
        "specversion": "1.0",
        "id": data["nonce"],
        "source": source_of(str(data["signer"])),
        "type": TYPE,
        "datacontenttype": "application/json",
        "dataschema": f"urn:safecity:command:{SCHEMA}",
        "data": data,
        "signature": signer.sign(to_sign(plain)).hex(),
    }
    return encode(body)


def parse_command(topic: str, payload: bytes) -> CommandMessage:
    """The command that came on this topic.

    Raises:
        MessageError: it is none, is too large, or belongs to another box.
    """
    if len(payload) > MOST_BYTES:
        raise MessageError(f"{topic}: wanted a command of at most {MOST_BYTES} bytes, got {len(payload)}")
    try:
        message = CommandMessage.model_validate_json(payload)
        message.frame()
    except ValidationError as error:
        raise MessageError(f"{topic}: {first_mistake(error)}") from None
    except ValueError:
        raise MessageError(f"{topic}: data: wanted times that there are") from None
    if message.where() != topic:
        raise MessageError(f"{topic}: wanted a command of this topic, got one of {message.where()}")
    return message


def _text(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
