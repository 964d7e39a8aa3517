"""A received message together with its bytes, or what is wrong with them: nothing that arrives is neither."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from edge.messages.answer import AnswerMessage
from edge.messages.background import BackgroundMessage
from edge.messages.camera import CameraMessage
from edge.messages.event import EventMessage
from edge.messages.footage import AlarmMessage, FootageMessage
from edge.messages.fused import FusedMessage, FusionMessage
from edge.messages.heat import HeatMessage
from edge.messages.node import GapMessage, StatusMessage
from edge.messages.parse import Message, parse
from edge.privacy.allowed_common import MAX_SAFE_INT
from edge.privacy.spec import Origin
from edge.values.errors import MessageError
from edge.values.receipt import Receipt

Numbered = (
    EventMessage
    | CameraMessage
    | GapMessage
    | FootageMessage
    | AlarmMessage
    | HeatMessage
    | BackgroundMessage
    | AnswerMessage
    | FusedMessage
    | FusionMessage
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that was understood, and the box that sent it."""

    topic: str
    payload: bytes
    message: Message
    origin: Origin


@dataclass(frozen=True, slots=True)
class Unfit:
    """A payload that is no message, and why."""

    topic: str
    payload: bytes
    why: str


@dataclass(frozen=True, slots=True)
class Committed:
    """What became of a batch, and what is stored now.

    Attributes:
        standings: by box and boot, which numbers the centre has or knows as lost; of the boots that the batch
            had messages of, and of the latest boots of a box that was born.
        fresh: messages stored for the first time.
        again: messages that were there already.
        unfit: payloads set aside.
    """

    standings: Mapping[Origin, tuple[Receipt, ...]]
    fresh: int
    again: int
    unfit: int


def understood(topic: str, payload: bytes) -> Arrival | Unfit:
    """What came, held to the strict schemas and to what a database can hold."""
    try:
        message = parse(topic, payload)
        _fits(message)
    except (MessageError, ValueError) as error:
        return Unfit(topic, payload, str(error).removeprefix(f"{topic}: "))
    return Arrival(topic, payload, message, Origin(message.data.region, message.data.node))


def instant(utc: str) -> datetime:
    """A message's time; always with a zone."""
    return datetime.fromisoformat(utc)


def _fits(message: Message) -> None:
    """Refuse what has the form of a number and is none everywhere."""
    numbers = [int(number) for number in _sequences(message)]
    if numbers and max(numbers) > MAX_SAFE_INT:
        raise ValueError(f"wanted sequence numbers of at most {MAX_SAFE_INT}, got {max(numbers)}")


def _sequences(message: Message) -> list[str]:
    if isinstance(message, StatusMessage):
        return []
    told = (
        [number for lost in message.data.ranges for number in (lost.first, lost.last)]
        if isinstance(message, GapMessage)
        else []
    )
    return [message.sequence, *told]
