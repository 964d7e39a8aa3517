"""A received payload becomes a typed message, or an error that says what is wrong with it."""

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from edge.messages.answer import AnswerMessage
from edge.messages.audit import AuditMessage
from edge.messages.background import BackgroundMessage
from edge.messages.camera import CameraMessage
from edge.messages.event import EventMessage
from edge.messages.footage import AlarmMessage, FootageMessage
from edge.messages.fused import FusedMessage, FusionMessage
from edge.messages.heat import HeatMessage
from edge.messages.mistake import first_mistake
from edge.messages.node import GapMessage, StatusMessage
from edge.values.errors import MessageError

Message = (
    EventMessage
    | CameraMessage
    | StatusMessage
    | GapMessage
    | AuditMessage
    | FootageMessage
    | AlarmMessage
    | HeatMessage
    | BackgroundMessage
    | AnswerMessage
    | FusedMessage
    | FusionMessage
)

ANY_MESSAGE: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def parse(topic: str, payload: bytes) -> Message:
    """The message that came on this topic.

    Raises:
        MessageError: the payload is of no known form, or it came on another topic than it belongs to.
    """
    try:
        message = ANY_MESSAGE.validate_json(payload)
    except ValidationError as error:
        # the first step is the type that the discriminator chose
        raise MessageError(f"{topic}: {first_mistake(error, skip=1)}") from None
    if message.where() != topic:
        raise MessageError(f"{topic}: wanted a message of this topic, got one of {message.where()}")
    return message
