"""Readings of city sensors, as gateways send them and fusions hear them; never sent by a box."""

from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from edge.messages.base import Boot, Name, Tally, Utc
from edge.messages.envelope import Envelope, Who
from edge.messages.mistake import first_mistake
from edge.values.errors import MessageError
from edge.values.sensor import WORDS, SensorKind, SensorWord

MOST_BYTES = 4096

FIELDS = {
    SensorKind.GATE: ("entered", "left"),
    SensorKind.SMOKE: ("percent_per_m",),
    SensorKind.NOISE: ("db",),
    SensorKind.PANIC: ("says",),
    SensorKind.DOOR: ("says",),
}

Level = Annotated[float, Field(ge=-1_000_000, le=1_000_000)]


class ReadingData(Who):
    """What a sensor said: a number, two totals, or a word, by its kind."""

    sensor: Name = Field(description="its id, as the fusion's configuration knows it")
    kind: SensorKind = Field(description="what sort of sensor it is")
    boot: Boot = Field(description="id of the sensor's run; a new one with every start")
    sequence: Tally = Field(description="number of the reading, growing within a boot")
    utc: Utc = Field(description="when it was measured, UTC, RFC 3339 with milliseconds")
    db: Level | None = Field(None, description="noise: sound level, dB(A)")
    percent_per_m: Level | None = Field(None, description="smoke: obscuration, percent per metre")
    entered: Tally | None = Field(None, description="gate: total that came in since its boot")
    left: Tally | None = Field(None, description="gate: total that went out since its boot")
    says: SensorWord | None = Field(
        None, description="panic: released or pressed; door: closed, open or forced"
    )

    @model_validator(mode="after")
    def _says_what_its_kind_says(self) -> "ReadingData":
        wanted = set(FIELDS[self.kind])
        got = {name for names in FIELDS.values() for name in names if getattr(self, name) is not None}
        if got != wanted:
            raise ValueError(f"a {self.kind} wants {' and '.join(sorted(wanted))} and nothing else")
        if self.says is not None and self.says not in WORDS[self.kind]:
            raise ValueError(f"a {self.kind} says {' or '.join(WORDS[self.kind])}")
        return self

    def numbers(self) -> tuple[float, ...]:
        """What it measured, in the order of its kind's fields; none for one that says a word."""
        values = (getattr(self, name) for name in FIELDS[self.kind])
        return tuple(float(value) for value in values if not isinstance(value, str))


class ReadingMessage(Envelope):
    """A sensor said something; at most 4 KiB, QoS 1."""

    type: Literal["safecity.reading.v1"] = Field(description="what sort of message, with its version")
    source: str = Field(description="`/safecity/<region>/<gateway>/<sensor>`")
    time: Utc = Field(description="the same as data.utc")
    dataschema: Literal["urn:safecity:reading:1.0"] = Field(description="schema of `data`, with its version")
    data: ReadingData

    def where(self) -> str:
        """The topic on which this message belongs."""
        return f"safecity/v1/{self.data.region}/{self.data.node}/reading/{self.data.sensor}"


def parse_reading(topic: str, payload: bytes) -> ReadingMessage:
    """The reading that came on this topic.

    Raises:
        MessageError: it is too long, of no known form, or came on another topic than it belongs to.
    """
    if len(payload) > MOST_BYTES:
        raise MessageError(f"{topic}: wanted at most {MOST_BYTES} bytes, got {len(payload)}")
    try:
        message = ReadingMessage.model_validate_json(payload)
    except ValidationError as error:
        raise MessageError(f"{topic}: {first_mistake(error)}") from None
    if message.where() != topic:
        raise MessageError(f"{topic}: wanted a reading of this topic, got one of {message.where()}")
    return message
