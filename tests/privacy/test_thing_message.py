"""The message about a thing: no picture, a pseudonym for its owner, a box only where the policy allows it."""

import json
from dataclasses import replace
from math import inf

from edge.messages import examples, parse
from edge.messages.line import readable
from edge.values.event import Kind
from edge.values.thing import Change, Terms, Thing
from tests.fakes.privacy import SIZE, SPEC, START, an_event, redactor

BAG = Thing(
    7, Change.LEFT, (0.4, 0.5, 0.46, 1.1), START, 8.4, Terms(0.81, 1.0, 0.87, 0.98, 1.0), 11, 9.6, True, 0.58
)
ABOUT = {"kind": Kind.ABANDONED, "count": 1, "peak": 1, "evidence": ()}


def told(thing: Thing | None, boxes: bool = True) -> dict[str, object]:
    spec = replace(SPEC, policy=replace(SPEC.policy, boxes=boxes))
    data = json.loads(redactor(spec).event(an_event(**ABOUT, thing=thing), SIZE).body)["data"]
    assert isinstance(data, dict)
    return data


def test_all_that_is_known_of_it_is_told_and_its_box_cut_to_the_picture() -> None:
    thing = told(BAG)["thing"]
    assert isinstance(thing, dict)
    owner = thing.pop("owner")
    assert isinstance(owner, str)
    assert len(owner) == 8
    assert thing == {
        "change": "left",
        "since": "2027-01-15T08:00:00.000Z",
        "stood_s": 8.4,
        "measured": "ground",
        "terms": {"stood": 0.81, "owner": 1.0, "size": 0.87, "contrast": 0.98, "edges": 1.0},
        "apart_m": 9.6,
        "side_m": 0.58,
        "box": [0.4, 0.5, 0.46, 1.0],
    }


def test_a_policy_without_boxes_keeps_this_one_back_too() -> None:
    assert "box" not in told(BAG, boxes=False)["thing"]  # type: ignore[operator]


def test_what_is_not_known_is_left_out() -> None:
    thing = told(replace(BAG, owner=None, apart_m=inf, side_m=None, surveyed=False))["thing"]
    assert isinstance(thing, dict)
    assert not {"owner", "apart_m", "side_m"} & thing.keys()
    assert thing["measured"] == "stature"
    assert "thing" not in told(None)


def test_it_reads_well() -> None:
    sent = examples.abandoned()
    line = readable(parse(sent.topic, sent.stamped("boot", 1)))
    assert line.what.startswith('something left behind in "fountain", for 8 s, about 0.6 m, owner ')
    assert line.what.endswith(" 10 m away, 93% sure")
    over = redactor().event(an_event(**{**ABOUT, "count": 0}, clearing=True), SIZE)
    what = readable(parse(over.topic, over.stamped("b", 1))).what
    assert what == 'something left behind in "fountain", clearing'
