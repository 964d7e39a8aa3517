import pytest
from paho.mqtt.client import topic_matches_sub

from edge.centre.wiring import filters
from edge.messages.channels import Channel, channels


@pytest.mark.parametrize("channel", channels(), ids=lambda channel: channel.name)
@pytest.mark.parametrize("group", [None, "all"])
def test_everything_that_a_box_says_is_listened_to_and_nothing_else(
    channel: Channel, group: str | None
) -> None:
    asked = [each.removeprefix("$share/all/") for each in filters(group)]
    for _, example in channel.examples:
        heard = [each for each in asked if topic_matches_sub(each, example.topic)]
        assert len(heard) == (1 if channel.to_centre else 0)


def test_a_group_shares_out_everything_but_how_boxes_are() -> None:
    assert [each for each in filters("all") if not each.startswith("$share/all/")] == [
        "safecity/v1/+/+/status"
    ]
    assert not [each for each in filters(None) if each.startswith("$share")]
