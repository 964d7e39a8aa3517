"""A received payload becomes a typed message, or an error that says what is wrong with it."""

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from edge.messages.camera import CameraMessage
from edge.messages.event import EventMessage
from edge.messages.node import GapMessage, StatusMessage
from edge.values.errors import MessageError

Message = EventMessage | CameraMessage | StatusMessage | GapMessage

ANY_MESSAGE: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def parse(topic: str, payload: bytes) -> Message:
    """The message that came on this topic.

    Raises:
        MessageError: the payload is of no known form, or it came on another topic than it belongs to.
    """
    try:
        message = ANY_MESSAGE.validate_json(payload)
    except ValidationError as error:
        raise MessageError(f"{topic}: {_first(error)}") from None
    if message.where() != topic:
        raise MessageError(f"{topic}: wanted a message of this topic, got one of {message.where()}")
    return message


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    # The first step of the path is the message type that the discriminator chose: noise to a reader.
    field = ".".join(str(step) for step in first["loc"][1:])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{field or 'message'}: {first['msg']}{more}"
