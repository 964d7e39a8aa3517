"""Which topics keep their order among themselves."""

import pytest

from edge.values.lanes import FREE, Passage, lane_of

NODE = "safecity/v1/samarkand/registan-01"


@pytest.mark.parametrize(
    "below", ["event/plaza/zone-entry", "event/plaza/line-crossing", "state/plaza", "heat/plaza/fountain"]
)
def test_all_that_a_camera_says_is_one_lane(below: str) -> None:
    assert lane_of(f"{NODE}/{below}") == "camera/plaza"


@pytest.mark.parametrize(
    "topic",
    [
        f"{NODE}/gap",
        f"{NODE}/alarm",
        f"{NODE}/status",
        f"{NODE}/fused/evacuation",
        f"{NODE}/reading/siren-3",
        f"{NODE}/event",
        "",
        "event/plaza",
    ],
)
def test_every_other_topic_is_a_lane_of_its_own(topic: str) -> None:
    assert lane_of(topic) == topic


def test_everybody_is_heard_where_nothing_is_asked() -> None:
    assert FREE.is_heard("camera/plaza")
    assert not Passage(frozenset({"camera/gate"})).is_heard("camera/plaza")
