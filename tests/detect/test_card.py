from typing import Any

import pytest

from edge.detect.card import Card, Expected, Family, Input, SelfTest, Thresholds
from edge.values.frame import Size


def card(**changes: Any) -> Card:
    fields: dict[str, Any] = {
        "name": "test",
        "family": Family.YOLOX,
        "input": Input(Size(320, 192)),
        "labels": ("person", "car"),
        "thresholds": Thresholds({}),
        "sha256": "ab" * 32,
        "licence": "Apache-2.0",
        "source": "here",
        "data": "none",
    }
    return Card(**{**fields, **changes})


def test_shape_follows_the_layout() -> None:
    assert Input(Size(320, 192)).shape == (1, 3, 192, 320)
    assert Input(Size(320, 192), layout="NHWC").shape == (1, 192, 320, 3)


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda: Input(Size(16, 320)), "sides of 32 to 4096"),
        (lambda: Input(Size(320, 9000)), "sides of 32 to 4096"),
        (lambda: Input(Size(320, 320), divisor=0), "above 0"),
        (lambda: Input(Size(320, 320), std=(1, 0, 1)), "above 0"),
        (lambda: Input(Size(320, 320), pad=256), "pad of 0 to 255"),
        (lambda: Input(Size(320, 320), dtype="uint8"), "scales by itself"),
        (lambda: Thresholds({}, default=0), "got default 0"),
        (lambda: Thresholds({"person": 1.5}), "got person 1.5"),
        (lambda: Thresholds({}, nms_iou=-1), "got nms_iou -1"),
        (lambda: Thresholds({}, max_detections=0), "1 to 1000"),
        (lambda: card(labels=()), "got 0"),
        (lambda: card(labels=("person", "person")), "different labels"),
        (lambda: card(thresholds=Thresholds({"bus": 0.4})), "got .'bus'."),
        (lambda: card(sha256="xyz"), "64 hexadecimal digits"),
        (
            lambda: card(self_test=SelfTest("a.png", (Expected("dog", 0.9, (0, 0, 1, 1)),))),
            "got .'dog'.",
        ),
    ],
)
def test_a_card_is_valid_from_birth(make: Any, wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted):
        make()
