"""A figure about a crowd names nobody, and tells of no fewer than the policy wants."""

import json
from dataclasses import replace

import pytest

from edge.messages import examples, parse
from edge.messages.line import readable
from edge.privacy.spec import PrivacySpec
from edge.values.dynamics import Dynamics, Unit
from edge.values.errors import RedactionError
from edge.values.event import Kind
from tests.fakes.privacy import SIZE, SPEC, an_event, person, redactor


def figure(people: int) -> dict[str, object]:
    queue = Dynamics(float(people), people - 1.0, people + 2.0, Unit.PERSONS, people, 0.8, 0.1)
    return {"kind": Kind.QUEUE, "count": people, "peak": people, "evidence": (), "dynamics": queue}


def strict(least: int) -> PrivacySpec:
    return replace(SPEC, policy=replace(SPEC.policy, min_count=least))


def test_as_many_as_the_policy_wants_may_be_told_of_and_fewer_may_not() -> None:
    sent = redactor(strict(10)).event(an_event(**figure(10)), SIZE)
    data = json.loads(sent.body)["data"]
    assert data["objects"] == []
    assert data["dynamics"] == {
        "value": 10.0, "low": 9.0, "high": 12.0, "coverage": 0.9, "unit": "persons", "speed_mps": 0.1,
    }  # fmt: skip
    with pytest.raises(RedactionError, match="as many people as the policy says"):
        redactor(strict(10)).event(an_event(**figure(9)), SIZE)


def test_nobody_can_be_in_it() -> None:
    named = replace(an_event(**figure(12)), evidence=(person(),))
    with pytest.raises(RedactionError, match="nobody by track"):
        redactor().event(named, SIZE)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (examples.queue, 'a queue in "fountain", 26 people (24 to 37), 14 m long, 5 min 12 s to wait'),
        (
            examples.route,
            'way out "gate" blocked, 48 people before it, nobody knows when they are through '
            "(an hour or longer), 8 persons/min pass, 164 can",
        ),
    ],
)
def test_it_reads_well(make: object, words: str) -> None:
    sent = make()  # type: ignore[operator]
    line = readable(parse(sent.topic, sent.stamped("boot", 1)))
    assert line.what == words
