"""Whatever the rules judge, what leaves passes every check; whatever is added to it, it does not."""

import copy
import json
from functools import cache
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from edge.messages import parse
from edge.messages.schema import json_schema
from edge.privacy import Pseudonyms, check, interrupted
from edge.privacy.canonical import encode
from edge.rules.spec import DYNAMICS
from edge.values.crowd import FLOW_LEVELS, LEVELS, Crowd, DensityTable, Floor, Flow, Width
from edge.values.dynamics import Dynamics, Passage, Unit
from edge.values.errors import MessageError, RedactionError
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Direction, Sighting
from edge.values.frame import Size
from edge.values.message import RedactedMessage
from edge.values.moment import ClockTrust, Moment
from edge.values.pace import Halt, Speed, Speeding
from tests.fakes.privacy import SEED, START, redactor

QUICK = settings(max_examples=80, deadline=None)

names = some.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", fullmatch=True)
units = some.floats(0, 1)
sides = some.floats(-0.5, 1.5)
moments = some.builds(
    Moment, some.integers(0, 2**62), some.integers(0, 253_402_300_799 * 10**9), some.sampled_from(ClockTrust)
)
sightings = some.builds(
    Sighting,
    some.integers(0, 2**63 - 1),
    some.sampled_from(["person", "car", "traffic light"]),
    units,
    some.tuples(sides, sides, sides, sides),
)


@some.composite
def events(draw: Any) -> Event:
    phase, kind = draw(some.sampled_from(Phase)), draw(some.sampled_from(Kind))
    count = draw(some.integers(0, 5000))
    started = draw(moments)
    return Event(
        id=str(UUID(int=draw(some.integers(0, 2**128 - 1)))),
        revision=draw(some.integers(0, 10_000)),
        phase=phase,
        kind=kind,
        severity=draw(some.sampled_from(Severity)),
        camera="plaza",
        rule=draw(names),
        place=draw(names),
        started=started,
        moment=Moment(
            started.mono_ns + draw(some.integers(0, 10**15)), draw(moments).utc_ns, ClockTrust.UNSYNCED
        ),
        count=count,
        peak=count + draw(some.integers(0, 5000)),
        confidence=draw(units),
        evidence=() if kind in DYNAMICS else tuple(draw(some.lists(sightings, max_size=32))),
        direction=draw(some.sampled_from(Direction)) if kind is Kind.LINE_CROSSING else None,
        dwell_s=draw(some.none() | some.floats(0, 1e6)),
        cause=draw(some.sampled_from(EndCause)) if phase is Phase.END else None,
        **measured(draw, kind),
    )


@some.composite
def crowds(draw: Any) -> Crowd:
    low, per_m2, high = sorted(draw(some.tuples(*[some.floats(0, 900)] * 3)))
    table = draw(some.sampled_from(DensityTable))
    floor = Floor(draw(some.floats(0.25, 1e5)), draw(some.floats(0, 1e4)))
    level = draw(some.sampled_from([name for _, name in LEVELS[table]]))
    return Crowd(per_m2, low, high, floor, draw(some.floats(0, 0.9)), table, level)


@some.composite
def flows(draw: Any) -> Flow:
    low, rate, high = sorted(draw(some.tuples(*[some.floats(0, 90_000)] * 3)))
    width = Width(draw(some.floats(0.1, 1e4)), draw(some.floats(0, 1e3)))
    level = draw(some.sampled_from([name for _, name in FLOW_LEVELS]))
    return Flow(rate, low, high, width, draw(some.floats(5, 3600)), draw(some.floats(0, 0.9)), level)


@some.composite
def dynamics(draw: Any) -> Dynamics:
    low, value, high = sorted(draw(some.tuples(*[some.floats(0, 3600)] * 3)))
    rates = {name: draw(some.none() | some.floats(0, 3600)) for name in MORE}
    people, state = draw(some.integers(1, 5000)), draw(some.none() | some.sampled_from(Passage))
    unit, speed = draw(some.sampled_from(Unit)), draw(some.floats(0, 12))
    return Dynamics(value, low, high, unit, people, draw(units), speed, state=state, **rates)


MORE = ("length_m", "wait_s", "per_min", "capacity_per_min")


speeds = some.tuples(*[some.floats(0, 250)] * 3).map(sorted).map(lambda v: Speed(v[1], v[0], v[2], 1.6))
speedings = some.builds(Speeding, speeds, some.floats(0.3, 70), some.booleans())
halts = some.builds(Halt, moments, some.floats(0, 1e6), some.booleans(), some.booleans())


def measured(draw: Any, kind: Kind) -> dict[str, Any]:
    """What a kind says beside the rest."""
    match kind:
        case Kind.OCCUPANCY:
            return {"crowd": draw(some.none() | crowds())}
        case Kind.DENSITY:
            return {"crowd": draw(crowds())}
        case Kind.FLOW:
            return {"flow": draw(flows())}
        case Kind.SPEED:
            return {"speed": draw(speedings)}
        case Kind.STOPPED:
            return {"halt": draw(some.none() | halts)}
        case kind if kind in DYNAMICS:
            return {"dynamics": draw(some.none() | dynamics())}
        case _:
            return {}


sizes = some.builds(Size, some.integers(1, 65_535), some.integers(1, 65_535))


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema())


def understood(sent: RedactedMessage) -> None:
    """The message passes the allow-list, the JSON Schema and the receiver's models, and comes back."""
    check(json.loads(sent.body))
    stamped = sent.stamped("6f1d0c52", 17)
    validator().validate(json.loads(stamped))
    again = parse(sent.topic, stamped).model_dump(mode="json", by_alias=True, exclude_none=True)
    assert encode(again) == encode(json.loads(stamped))


@QUICK
@given(events(), sizes)
def test_any_event_is_understood_by_everybody(event: Event, size: Size):
    understood(redactor().event(event, size))


@QUICK
@given(events(), sizes)
def test_any_open_event_can_be_ended_by_an_interruption(event: Event, size: Size):
    sent = redactor().event(event, size)
    if sent.closes:
        with pytest.raises(RedactionError):
            interrupted(sent, START)
    else:
        understood(interrupted(sent, START))


anything = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text() | some.binary(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=5,
)


@QUICK
@given(events(), some.text(), anything, some.randoms(use_true_random=False))
def test_nothing_can_be_added_anywhere(event: Event, key: str, value: Any, random: Any):
    body = json.loads(redactor().event(event, Size(640, 360)).body)
    record = random.choice(list(records(body)))
    if key in record or (key in OPTIONAL):
        return
    record[key] = value
    with pytest.raises(RedactionError):
        check(body)


OPTIONAL = {"direction", "dwell_s", "cause", "box"}


def records(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from records(inner)
    if isinstance(value, list):
        for inner in value:
            yield from records(inner)


@QUICK
@given(events(), anything, some.randoms(use_true_random=False))
def test_what_the_allow_list_lets_pass_the_receiver_understands(event: Event, value: Any, random: Any):
    sent = redactor().event(event, Size(640, 360))
    body = json.loads(sent.body)
    changed = copy.deepcopy(body)
    record = random.choice(list(records(changed["data"])))
    record[random.choice(sorted(record))] = value
    try:
        check(changed)
    except RedactionError:
        return
    try:
        parse(sent.topic, RedactedMessage(sent.topic, encode(changed), sent.urgency).stamped("6f1d", 1))
    except MessageError as error:
        assert "wanted" in str(error)  # fields that contradict each other, each of them allowed


@QUICK
@given(some.lists(some.integers(0, 2**40), unique=True, min_size=2, max_size=50), some.floats(10, 86_400))
def test_names_are_unique_in_a_period_and_unlinkable_over_periods(tracks: list[int], period_s: float):
    names = Pseudonyms(SEED, "plaza", period_s)
    now = [names.name(track, START) for track in tracks]
    later = [names.name(track, START.plus(period_s * 1.001)) for track in tracks]
    assert len(set(now)) == len(tracks)
    assert not set(now) & set(later)
