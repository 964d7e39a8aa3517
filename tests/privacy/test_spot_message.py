"""The message about heat: degrees only where there are some, no picture, a box where the policy allows it."""

import json
from dataclasses import replace

from edge.messages import examples, parse
from edge.messages.line import readable
from edge.values.event import Kind
from edge.values.hot import Growth, HotTerms, Spot
from tests.fakes.privacy import SIZE, SPEC, START, an_event, redactor

GROWTH = Growth(12.0, 5.25, 90.0, 0.3, 0.84, 0.9, 1.0, 1.0, 0.75)
SPOT = Spot(3, (0.4, 0.5, 0.46, 1.1), START, 9.0, 12, 0.001, 105.0, 120.0, HotTerms(0.8, 0.9, 0.7), GROWTH)
GREY = replace(SPOT, excess=0.42, hottest_c=None, growth=replace(GROWTH, kelvin_per_min=None))
ABOUT = {"kind": Kind.FIRE_LIKE, "count": 1, "peak": 1, "evidence": ()}


def told(spot: Spot | None, boxes: bool = True) -> dict[str, object]:
    spec = replace(SPEC, policy=replace(SPEC.policy, boxes=boxes))
    event = an_event(**ABOUT, spot=spot)
    sent = redactor(spec).event(event, SIZE)
    parse(sent.topic, sent.stamped("boot", 1))
    data = json.loads(sent.body)["data"]
    assert isinstance(data, dict)
    return data.get("spot", {})


def test_all_that_is_known_of_it_is_told_and_its_box_cut_to_the_picture() -> None:
    assert told(SPOT) == {
        "measured": "kelvin",
        "since": "2027-01-15T08:00:00.000Z",
        "stood_s": 9.0,
        "pixels": 12,
        "share": 0.001,
        "hottest_c": 120.0,
        "excess_k": 105.0,
        "body": False,
        "terms": {"size": 0.8, "margin": 0.9, "stood": 0.7},
        "growth": {
            "window_s": 12.0,
            "area_per_min": 5.25,
            "kelvin_per_min": 90.0,
            "flicker": 0.3,
            "terms": {"grows": 0.84, "steady": 0.9, "stays": 1.0, "margin": 1.0, "alive": 0.75},
        },
        "box": [0.4, 0.5, 0.46, 1.0],
    }


def test_without_calibration_there_are_no_degrees_anywhere() -> None:
    said = told(GREY)
    assert (said["measured"], said["contrast"]) == ("uncalibrated", 0.42)
    assert not {"hottest_c", "excess_k"} & said.keys()
    assert "kelvin_per_min" not in said["growth"]  # type: ignore[operator]


def test_a_policy_without_boxes_keeps_this_one_back_too() -> None:
    assert "box" not in told(SPOT, boxes=False)
    assert told(None) == {}


def test_it_reads_well() -> None:
    sent = examples.fire()
    what = readable(parse(sent.topic, sent.stamped("boot", 1))).what
    assert what == (
        'something grows like a fire in "fountain", 330 °C, 311 K above usual, 41 px (0.05% of the picture), '
        "area +540 % a minute, for 9 s, 91% sure"
    )
    grey = redactor().event(an_event(**ABOUT, spot=GREY), SIZE)
    assert "42% brighter than usual, uncalibrated" in readable(parse(grey.topic, grey.stamped("b", 1))).what
