import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from edge.messages import examples
from edge.privacy import check
from edge.privacy.allowed import ALLOWED
from edge.privacy.shapes import Flag, Items, OneOf, Real, Record, Text, Whole
from edge.values.errors import RedactionError
from edge.values.event import Kind

BODIES = {
    made.__name__: json.loads(made().body)
    for made in (
        examples.occupancy,
        examples.density,
        examples.flow,
        examples.queue,
        examples.route,
        examples.abandoned,
        examples.speed,
        examples.stopped,
        examples.fire,
        examples.heat,
        examples.crossing,
        examples.camera,
        examples.birth,
        examples.last_will,
        examples.losses,
    )
}


def places(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Paths of every value inside a message."""
    if path:
        yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    if isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], (*path, index))


def put(body: dict, path: tuple, value: object) -> dict:
    changed = copy.deepcopy(body)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


class Smuggler(str):
    """A string that carries more than it shows."""


SMUGGLED: list[Callable[[Any], object]] = [
    lambda value: None,
    lambda value: b"\xff\xd8\xff\xe0 pixels",
    lambda value: "a person in a red coat, running",
    lambda value: "data:image/jpeg;base64,/9j/4AAQSkZJRg==",
    lambda value: [0.1] * 512,
    lambda value: np.zeros((8, 8, 3), np.uint8),
    lambda value: np.float32(0.5),
    lambda value: {"embedding": [0.1, 0.2]},
    lambda value: Smuggler(value) if isinstance(value, str) else np.int64(7),
    lambda value: float("nan"),
    lambda value: 0.123456789,
    lambda value: -1,
    lambda value: 2**70,
    lambda value: "x\n",
]


@pytest.mark.parametrize("name", BODIES)
def test_every_example_passes(name: str):
    check(BODIES[name])


@pytest.mark.parametrize("name", BODIES)
def test_no_value_anywhere_can_be_replaced_by_something_smuggled(name: str):
    body = BODIES[name]
    for path in places(body):
        for smuggle in SMUGGLED:
            with pytest.raises(RedactionError):
                check(put(body, path, smuggle(body)))


@pytest.mark.parametrize("name", BODIES)
def test_no_object_anywhere_takes_another_field(name: str):
    body = BODIES[name]
    records = [(), *(path for path in places(body) if isinstance(at(body, path), dict))]
    for path in records:
        with pytest.raises(RedactionError, match=r"not on the allow-list|type of the allow-list"):
            check(put(body, (*path, "snapshot"), "x"))


@pytest.mark.parametrize("name", BODIES)
def test_a_required_field_may_not_be_missing(name: str):
    for path in ((), ("data",)):
        for field in at(BODIES[name], path):
            if (name, field) in OPTIONAL:
                continue
            changed = copy.deepcopy(BODIES[name])
            del at(changed, path)[field]
            with pytest.raises(RedactionError):
                check(changed)


OPTIONAL = {
    ("crossing", "direction"),
    ("crossing", "cause"),
    ("camera", "decoder"),
    ("camera", "onvif"),
    ("birth", "time"),
    ("birth", "policy"),
    ("last_will", "policy"),
    ("occupancy", "ground"),
    ("density", "ground"),
    ("density", "crowd"),
    ("flow", "flow"),
    ("queue", "dynamics"),
    ("route", "dynamics"),
    ("abandoned", "thing"),
    ("speed", "speed"),
    ("stopped", "halt"),
    ("fire", "spot"),
}


def at(body: dict, path: tuple) -> Any:
    inner: Any = body
    for step in path:
        inner = inner[step]
    return inner


@pytest.mark.parametrize("body", [None, [], "x", {}, {"type": 7}, {"type": "safecity.event.face.v1"}])
def test_a_message_of_no_known_type_is_refused(body: object):
    with pytest.raises(RedactionError, match="type of the allow-list"):
        check(body)


def test_the_list_is_closed():
    assert set(ALLOWED) == {
        *(f"safecity.event.{kind.value}.v1" for kind in Kind),
        "safecity.camera.state.v1",
        "safecity.heat.map.v1",
        "safecity.audit.head.v1",
        "safecity.node.status.v1",
        "safecity.outbox.gap.v1",
        "safecity.footage.state.v1",
        "safecity.alarm.v1",
        "safecity.background.v1",
        "safecity.command.answer.v1",
        "safecity.fused.v1",
        "safecity.fusion.state.v1",
    }


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (Text("[a-z]+"), ["abc"], ["", "abc\n", "ABC", "ä", 1, None, Smuggler("abc")]),
        (OneOf(("a", "b")), ["a"], ["c", "", 1, ["a"]]),
        (Flag(), [True, False], [0, 1, "true", None]),
        (Whole(0, 9), [0, 9], [-1, 10, True, 1.0, "1", np.int64(1)]),
        (
            Real(0.0, 1.0),
            [0.0, 0.1234, 1.0],
            [1, -0.1, 1.1, 0.12345, float("nan"), float("inf"), np.float64(0.5)],
        ),
        (Items(Flag(), 1, 2), [[True]], [[], [True] * 3, (True,), [1]]),
        (Record({"a": Flag()}, {"b": Flag()}), [{"a": True}, {"a": True, "b": False}], [{}, {"b": True}, []]),
    ],
)
def test_each_shape_passes_what_it_names_and_nothing_else(shape: Any, good: list, bad: list):
    for value in good:
        shape(value, "field")
    for value in bad:
        with pytest.raises(RedactionError, match=r"^field.*wanted"):
            shape(value, "field")
