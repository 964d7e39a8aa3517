"""From a message to the fact that it tells, held to what the sources of a fusion may say.

Law: a message is believed only in its own form, on its own topic, and from the gateway that the configuration
names; the others are counted, and tell nothing.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from edge.fusion.facts import Fact, Health, Reading, Seen
from edge.messages.camera import CameraMessage
from edge.messages.event import EventMessage
from edge.messages.mistake import first_mistake
from edge.messages.parse import ANY_MESSAGE, Message, parse
from edge.messages.reading import ReadingMessage, parse_reading
from edge.values.camera_state import CameraState
from edge.values.errors import MessageError
from edge.values.event import EndCause, Phase, Severity
from edge.values.sensor import SensorKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BLIND = (EndCause.UNSEEN, EndCause.INTERRUPTED)


Sensors = Mapping[str, tuple[str, SensorKind]]
"""By a sensor's id: the gateway that speaks for it, and its kind."""


def fact_of(topic: str, payload: bytes, sensors: Sensors) -> Fact | None:
    """What a message tells; None where that is nothing about a source.

    Raises:
        MessageError: it is of no known form, or of somebody who may not say it.
    """
    if "/reading/" in topic:
        return _reading(parse_reading(topic, payload), sensors)
    return _of_a_camera(parse(topic, payload))


def told_by(line: bytes, sensors: Sensors) -> Fact | None:
    """What a message without its topic tells, as a recording has it; None as for `fact_of`.

    Raises:
        MessageError: it is of no known form, or of somebody who may not say it.
    """
    try:
        if b'"safecity.reading.' in line:
            return _reading(ReadingMessage.model_validate_json(line), sensors)
        return _of_a_camera(ANY_MESSAGE.validate_json(line))
    except ValidationError as error:
        raise MessageError(f"wanted messages, one in a line: {first_mistake(error)}") from None


def _of_a_camera(message: Message) -> Fact | None:
    try:
        if isinstance(message, EventMessage):
            return _seen(message)
        if isinstance(message, CameraMessage):
            data = message.data
            return Health(_ns(data.utc), f"{data.node}/{data.camera}", data.state is CameraState.OK)
    except ValueError as error:
        raise MessageError(f"{message.where()}: {error}") from None
    return None


def _reading(message: ReadingMessage, sensors: Sensors) -> Reading | None:
    data = message.data
    if data.sensor not in sensors:
        return None
    gateway, kind = sensors[data.sensor]
    if (data.node, data.kind) != (gateway, kind):
        raise MessageError(f"{message.where()}: wanted {data.sensor} as a {kind} behind {gateway}")
    try:
        return Reading(_ns(data.utc), data.sensor, data.boot, data.sequence, data.numbers(), data.says or "")
    except ValueError as error:
        raise MessageError(f"{message.where()}: {error}") from None


def _seen(message: EventMessage) -> Seen:
    data = message.data
    return Seen(
        utc_ns=_ns(data.utc),
        camera=f"{data.node}/{data.camera}",
        event_id=data.event_id,
        revision=data.revision,
        lasts=data.phase is not Phase.END,
        instant=data.cause is EndCause.INSTANT,
        blind=data.cause in _BLIND,
        kind=data.kind.value,
        place=data.place.id,
        rule=data.rule,
        severity=int(Severity[data.severity.upper()]),
        count=data.count,
    )


def _ns(utc: str) -> int:
    """ns since the Unix epoch, exact to the millisecond.

    Raises:
        ValueError: there is no such time, although it is written like one.
    """
    return (datetime.fromisoformat(utc) - _EPOCH) // timedelta(milliseconds=1) * 1_000_000
