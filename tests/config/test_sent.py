"""Streams that are sent to a port of this box: what is refused, and why."""

import pytest

from edge.config.sent import check_sent, door
from edge.config.whole import mistakes


@pytest.mark.parametrize(
    ("url", "at"),
    [
        ("rtsp://10.0.0.1/sub", None),
        ("clip.mp4", None),
        ("udp://@:5000", ":5000"),
        ("udp://0.0.0.0:5000", ":5000"),
        ("udp://127.0.0.1:5000", "127.0.0.1:5000"),
        ("udp://@239.1.1.1:05000?sources=10.0.0.7&localaddr=10.0.0.2", "239.1.1.1:5000"),
        ("udp://[ff02::1]:5000", "[ff02::1]:5000"),
    ],
)
def test_a_door_is_an_address_and_a_port(url: str, at: str | None) -> None:
    assert door(url) == at


@pytest.mark.parametrize(
    "url", ["udp://@", "udp://10.0.0.1", "udp://@:0", "udp://@:70000", "udp://@:5000/live"]
)
def test_a_stream_without_a_port_is_refused_with_what_was_wanted(url: str) -> None:
    with pytest.raises(ValueError, match=r"wanted udp://@:PORT for .*, got"):
        door(url)


def test_what_is_sent_once_is_not_read_twice() -> None:
    with pytest.raises(ValueError, match="camera drone is sent to :5000 once"):
        check_sent("drone", "udp://@:5000", "udp://0.0.0.0:5000")
    check_sent("drone", "udp://@:5000", "udp://@:5002")
    check_sent("drone", "udp://@:5000", None)
    shared = {"detect": "rtsp://x/y", "record": "udp://0.0.0.0:5000"}
    told = [*mistakes({"cameras": [{"id": "a", "source": "udp://@:5000"}, {"id": "b", "source": shared}]})]
    assert [loc for loc, _ in told] == [("cameras", 1, "source")]
    assert "cameras a and b both listen at :5000" in told[0][1]
    apart = {"detect": "udp://@:5000", "record": "udp://@:5002"}
    other = {"id": "b", "source": "udp://@239.1.1.1:5000"}
    assert not [*mistakes({"cameras": [{"id": "a", "source": apart}, other]})]
