"""Commands: what a person with a key orders of a box, built and taken in here; `orders` says what of.

Law: small, strict and closed: another verb, another field or a byte too many is no command. The signature
covers all of `data` in canonical form, so that it holds however the JSON around it was written.
"""

import json
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from edge.governance.commanding import Frame, to_sign
from edge.messages.envelope import Envelope
from edge.messages.mistake import first_mistake
from edge.messages.orders import Order
from edge.ports import Signer
from edge.privacy.allowed_common import HEX128, SCHEMA
from edge.privacy.canonical import JsonObject, encode
from edge.privacy.spec import NAME, Origin
from edge.values.command import Verb
from edge.values.errors import MessageError
from edge.values.moment import NS_PER_S, rfc3339

MOST_BYTES = 4096
TYPE = "safecity.command.v1"


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

    def as_bytes(self) -> bytes:
        """The message, for another process of the box; its signature holds."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()

    def frame(self) -> Frame:
        """All but what is to be done.

        Raises:
            ValueError: there is no such time, or something in it is no canonical JSON.
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
        "issued": rfc3339(now_s * NS_PER_S),
        "expires": rfc3339((now_s + life_s) * NS_PER_S),
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
        raise MessageError(
            f"{topic}: data: wanted times that there are, and numbers without fractions"
        ) from None
    if message.where() != topic:
        raise MessageError(f"{topic}: wanted a command of this topic, got one of {message.where()}")
    return message


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
