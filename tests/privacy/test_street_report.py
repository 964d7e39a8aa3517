"""The one message with a picture: what it refuses, and that a receiver holds it to the same."""

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from edge.messages.background import BackgroundMessage
from edge.messages.line import readable
from edge.messages.parse import parse
from edge.privacy import png
from edge.privacy.allowed import ALLOWED, BACKGROUND, check
from edge.privacy.background import STRIPES
from edge.privacy.shapes import Items, Picture, Record, Shape
from edge.privacy.spec import Origin
from edge.privacy.street_report import BACKGROUND_EXPIRY_S, street_message
from edge.values.errors import MessageError, RedactionError
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import ClockTrust, Moment
from edge.values.street_picture import StreetPicture

NOW = Moment(1_000_000, 1_793_866_931_200_000_000, ClockTrust.SYNCED)
PIXELS = np.random.default_rng(2).integers(60, 200, (30, 50, 3)).astype(np.uint8)
RAW = png.encode(PIXELS, np.array(STRIPES, np.uint8))
SEEN = StreetPicture("north", NOW.utc_ns - 60 * 10**9, NOW.utc_ns, RAW, 50, 30, 39.98765, 0.125)


def message(**changes: Any) -> RedactedMessage:
    return street_message(Origin("test", "box"), "ab" * 32, 40, replace(SEEN, **changes), NOW)


def received(**changes: Any) -> bytes:
    body = json.loads(message().stamped("boot", 7))
    body["data"] |= changes
    return json.dumps(body).encode()


def test_it_says_what_it_is_and_a_receiver_reads_it() -> None:
    sent = message()
    assert (sent.topic, sent.retain, sent.expiry_s, sent.urgency) == (
        "safecity/v1/test/box/background/north", True, BACKGROUND_EXPIRY_S, Urgency.STATE,
    )  # fmt: skip
    got = parse(sent.topic, sent.stamped("boot", 7))
    assert isinstance(got, BackgroundMessage)
    assert (got.data.raw, got.data.width, got.data.height) == (RAW, 50, 30)
    assert (got.data.px_per_m, got.data.hidden) == (39.9877, 0.125)
    assert "50x30, at most 40 px/m, 12% of it hatched" in str(readable(got))


@pytest.mark.parametrize(
    "changes",
    [
        {"px_per_m": 40.0001},
        {"px_per_m": float("nan")},
        {"width": 49},
        {"png": RAW + b"x"},
        {"png": b"\xff\xd8\xff" + RAW},
        {"hidden": 1.5},
    ],
)
def test_what_the_policy_or_the_form_does_not_allow_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(RedactionError):
        message(**changes)


def test_a_picture_that_is_too_large_is_refused() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 300, 3)).astype(np.uint8)
    large = png.encode(noise, np.array(STRIPES, np.uint8))
    with pytest.raises(RedactionError, match="at most 24576 bytes"):
        message(png=large, width=300, height=300)


@pytest.mark.parametrize(
    "changes",
    [
        {"px_per_m": 40.5},
        {"width": 51},
        {"png": base64.b64encode(RAW + b"x").decode()},
        {"png": base64.b64encode(RAW).decode() + "\n"},
        {"png": base64.urlsafe_b64encode(RAW).decode().replace("/", "_") + "_"},
        {"jpeg": "x"},
    ],
)
def test_a_receiver_refuses_what_no_box_may_send(changes: dict[str, Any]) -> None:
    with pytest.raises(MessageError):
        parse("safecity/v1/test/box/background/north", received(**changes))


def test_no_other_message_has_a_place_for_a_picture() -> None:
    """What "no pixels in events" means: there is no shape for them."""
    assert {kind for kind, record in ALLOWED.items() if _has_a_picture(record)} == {BACKGROUND}


def _has_a_picture(shape: Shape) -> bool:
    if isinstance(shape, Record):
        return any(map(_has_a_picture, (*shape.required.values(), *shape.optional.values())))
    return _has_a_picture(shape.item) if isinstance(shape, Items) else isinstance(shape, Picture)


def test_the_allow_list_looks_into_the_picture() -> None:
    body = json.loads(message().body)
    check(body)
    raw = base64.b64decode(body["data"]["png"])
    for bad in (raw[:-1], raw + raw, b"\x89PNG" + raw):
        body["data"]["png"] = base64.b64encode(bad).decode()
        with pytest.raises(RedactionError, match=r"data\.png"):
            check(body)
    assert "png" not in repr(SEEN), "a picture does not show itself"
