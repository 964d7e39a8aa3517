import json
from typing import Any

import pytest

from edge.messages import CameraMessage, EventMessage, GapMessage, HeatMessage, StatusMessage, examples, parse
from edge.messages.channels import sent
from edge.privacy.canonical import encode
from edge.values.errors import MessageError
from edge.values.event import Direction, Kind
from edge.values.message import RedactedMessage

SORTS = [
    (examples.occupancy, EventMessage),
    (examples.density, EventMessage),
    (examples.flow, EventMessage),
    (examples.queue, EventMessage),
    (examples.route, EventMessage),
    (examples.abandoned, EventMessage),
    (examples.speed, EventMessage),
    (examples.stopped, EventMessage),
    (examples.fire, EventMessage),
    (examples.heat, HeatMessage),
    (examples.crossing, EventMessage),
    (examples.camera, CameraMessage),
    (examples.birth, StatusMessage),
    (examples.last_will, StatusMessage),
    (examples.losses, GapMessage),
]
TOPIC = examples.occupancy().topic


def changed(made: RedactedMessage, *path: str, to: Any) -> bytes:
    body = sent(made)
    inner: Any = body
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return json.dumps(body).encode()


@pytest.mark.parametrize(("make", "sort"), SORTS)
def test_every_message_is_understood_and_written_back_byte_for_byte(make: Any, sort: type):
    made = make()
    payload = encode(sent(made))
    message = parse(made.topic, payload)
    assert isinstance(message, sort)
    assert encode(message.model_dump(mode="json", by_alias=True, exclude_none=True)) == payload


def test_an_event_reads_as_typed_values():
    message = parse(examples.crossing().topic, examples.crossing().stamped("6f1d", 3))
    assert isinstance(message, EventMessage)
    assert (message.data.kind, message.data.direction) == (Kind.LINE_CROSSING, Direction.FORWARD)
    assert (message.boot, message.sequence) == ("6f1d", "00000000000000000003")


@pytest.mark.parametrize(
    ("path", "to", "complaint"),
    [
        (("data", "note"), "hello", r"data\.note: Extra inputs"),
        (("snapshot",), "…", "snapshot: Extra inputs"),
        (("data", "count"), "3", r"data\.count: Input should be a valid integer"),
        (("data", "count"), 3.0, r"data\.count: Input should be a valid integer"),
        (("data", "direction"), None, "wanted the field to be absent, got null: direction"),
        (("data", "severity"), "terrible", r"data\.severity: Input should be"),
        (("data", "confidence"), 1.5, r"data\.confidence: Input should be less than"),
        (("data", "cause"), "cleared", "wanted a cause exactly at the end"),
        (("data", "direction"), "forward", "wanted a direction at line crossings only"),
        (("data", "peak"), 1, "wanted count <= peak"),
        (("data", "camera"), "gate", "wanted an envelope that says what the data says"),
        (("id",), "another.0", "wanted an envelope that says what the data says"),
        (("specversion",), "0.3", "specversion"),
        (("sequence",), "12", "sequence"),
        (("time",), "2027-01-15T08:00:00Z", "time"),
        (("type",), "safecity.event.face.v1", "does not match any of the expected tags"),
    ],
)
def test_what_is_not_as_described_is_an_error_that_names_the_field(path: tuple, to: Any, complaint: str):
    with pytest.raises(MessageError, match=complaint):
        parse(TOPIC, changed(examples.occupancy(), *path, to=to))


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}"])
def test_what_is_no_message_is_an_error(payload: bytes):
    with pytest.raises(MessageError, match=TOPIC):
        parse(TOPIC, payload)


def test_several_complaints_are_counted():
    body = sent(examples.occupancy())
    body["data"] |= {"note": "x", "count": "y"}
    with pytest.raises(MessageError, match="and 1 more"):
        parse(TOPIC, json.dumps(body).encode())


def test_a_message_on_a_foreign_topic_is_an_error():
    foreign = TOPIC.replace("registan-01", "registan-02")
    with pytest.raises(MessageError, match=f"got one of {TOPIC}"):
        parse(foreign, encode(sent(examples.occupancy())))


def test_an_event_that_no_outbox_numbered_is_an_error():
    with pytest.raises(MessageError, match="boot: Field required"):
        parse(TOPIC, examples.occupancy().body)


@pytest.mark.parametrize(
    "utc", ["2026-11-00T08:22:11.200Z", "2026-02-30T00:00:00.000Z", "0000-01-01T00:00:00.000Z"]
)
@pytest.mark.parametrize("inside", [False, True])
def test_a_time_that_is_none_is_refused_wherever_it_stands(utc: str, inside: bool):
    said = examples.footage()
    body = json.loads(said.stamped("6f1d", 3))
    (body["data"] if inside else body)["utc" if inside else "time"] = utc
    with pytest.raises(MessageError, match=r"utc|time"):
        parse(said.topic, json.dumps(body).encode())
