"""Receipts: the one message that a monitoring centre sends to a box, built and taken in here.

Law: a receipt is true whenever it arrives and however often; it tells what is stored, and has no time, number
or state of its own. The same content is the same bytes and the same `id`. A signature covers to whom it is
said, by whom, and all that is said, in canonical form.
"""

import hashlib
import json
from collections.abc import Sequence as Several
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from edge.governance.canonical import to_sign
from edge.messages.base import Boot, Name, Sequence, Strict
from edge.messages.envelope import Envelope, Who
from edge.messages.mistake import first_mistake
from edge.ports import Signer
from edge.privacy.allowed_common import HEX128, SCHEMA
from edge.privacy.canonical import JsonObject, encode
from edge.privacy.spec import NAME, Origin
from edge.values.errors import MessageError
from edge.values.receipt import Receipt
from edge.values.spans import Spans

MOST_BYTES = 4096
MOST_BOOTS = 8
MOST_RANGES = 40
"""Ranges in all boots of one receipt together, so that it keeps within `MOST_BYTES`."""

TYPE = "safecity.centre.receipt.v1"
DOMAIN = "safecity receipt v1"
CENTRE = "urn:safecity:centre:"


class StoredRange(Strict):
    """Sequence numbers that the centre has."""

    first: Sequence = Field(description="lowest number")
    last: Sequence = Field(description="highest number")


class StoredBoot(Strict):
    """What the centre has of one run of the box."""

    boot: Boot = Field(description="run of the node that committed the messages")
    upto: Sequence = Field(description="the centre has, or knows as lost, every number below this one")
    ranges: list[StoredRange] = Field(
        description="further numbers that it has or knows as lost, ascending", max_length=MOST_RANGES
    )

    def value(self) -> Receipt:
        """The boot and its numbers, whatever the order they were written in."""
        below = [(0, int(self.upto) - 1)] if int(self.upto) else []
        return Receipt(
            self.boot, Spans.of([*below, *((int(each.first), int(each.last)) for each in self.ranges)])
        )


class ReceiptData(Who):
    """To whom, and what is stored."""

    boots: list[StoredBoot] = Field(
        description=f"what is stored, by run; at most {MOST_RANGES} ranges in all of them together",
        min_length=1,
        max_length=MOST_BOOTS,
    )

    @model_validator(mode="after")
    def _of_one_piece(self) -> "ReceiptData":
        ranges = [each for boot in self.boots for each in boot.ranges]
        if len(ranges) > MOST_RANGES:
            raise ValueError(f"wanted at most {MOST_RANGES} ranges, got {len(ranges)}")
        if any(each.first > each.last for each in ranges):
            raise ValueError("wanted first <= last")
        return self


class ReceiptMessage(Envelope):
    """What the monitoring centre has in its database; the box lets go of it."""

    type: Literal["safecity.centre.receipt.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(
        description="`urn:safecity:centre:<name>`: the centre", pattern=f"^urn:safecity:centre:{NAME}$"
    )
    dataschema: Literal["urn:safecity:centre-receipt:1.0"] = Field(
        description="schema of `data`, with its version"
    )
    data: ReceiptData
    signature: Annotated[str, Field(pattern=f"^(?:{HEX128})$")] | None = Field(
        None,
        description="Ed25519 signature, hex, over `safecity receipt v1`, a line end, and `data` and `source` "
        "as an object in canonical JSON (sorted keys, no spaces); absent where the centre has no key",
    )

    @property
    def centre(self) -> str:
        """Name of who says it."""
        return self.source.removeprefix(CENTRE)

    def covered(self) -> bytes:
        """What the signature covers."""
        return to_sign(
            DOMAIN, {"data": self.data.model_dump(mode="json", by_alias=True), "source": self.source}
        )

    def where(self) -> str:
        """The topic on which this message belongs."""
        return topic_of(Origin(self.data.region, self.data.node))

    def receipts(self) -> tuple[Receipt, ...]:
        """What is stored, by boot."""
        return tuple(boot.value() for boot in self.data.boots)


def topic_of(origin: Origin) -> str:
    """Where a box hears what the centre has of it."""
    return origin.topic("receipt")


def receipt_bytes(
    centre: Name, origin: Origin, receipts: Several[Receipt], signer: Signer | None = None
) -> bytes:
    """One receipt, canonical; of boots and ranges together it holds as many as it may, or fails."""
    data: JsonObject = {
        "schema": SCHEMA,
        "region": origin.region,
        "node": origin.node,
        "boots": [_boot(each) for each in receipts],
    }
    body: JsonObject = {
        "specversion": "1.0",
        "id": hashlib.sha256(encode(data)).hexdigest()[:32],
        "source": f"{CENTRE}{centre}",
        "type": TYPE,
        "datacontenttype": "application/json",
        "dataschema": f"urn:safecity:centre-receipt:{SCHEMA}",
        "data": data,
    }
    if signer is not None:
        said = json.loads(encode({"data": data, "source": body["source"]}))
        body["signature"] = signer.sign(to_sign(DOMAIN, said)).hex()
    return encode(body)


def parse_receipt(topic: str, payload: bytes) -> ReceiptMessage:
    """The receipt that came on this topic.

    Raises:
        MessageError: it is none, is too large, or belongs to another box.
    """
    if len(payload) > MOST_BYTES:
        raise MessageError(f"{topic}: wanted a receipt of at most {MOST_BYTES} bytes, got {len(payload)}")
    try:
        message = ReceiptMessage.model_validate_json(payload)
    except ValidationError as error:
        raise MessageError(f"{topic}: {first_mistake(error)}") from None
    if message.where() != topic:
        raise MessageError(f"{topic}: wanted a receipt of this topic, got one of {message.where()}")
    return message


def _boot(receipt: Receipt) -> JsonObject:
    upto = receipt.numbers.upto
    return {
        "boot": receipt.boot,
        "upto": f"{upto:020d}",
        "ranges": [
            {"first": f"{first:020d}", "last": f"{last:020d}"}
            for first, last in receipt.numbers
            if first > upto or not upto
        ],
    }
