import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.detect.fit import Fit
from edge.detect.letterbox import Placement, content_size
from edge.values.frame import Size

SIDE = st.integers(1, 5000)


@pytest.mark.parametrize(
    ("source", "target", "fit", "wanted"),
    [
        (Size(1920, 1080), Size(416, 416), Fit.LETTERBOX_TOP_LEFT, Size(416, 234)),
        (Size(1080, 1920), Size(416, 416), Fit.LETTERBOX_CENTRE, Size(234, 416)),
        (Size(1920, 1080), Size(320, 320), Fit.STRETCH, Size(320, 320)),
        (Size(640, 360), Size(320, 192), Fit.LETTERBOX_CENTRE, Size(320, 180)),
        (Size(4000, 1), Size(320, 320), Fit.LETTERBOX_CENTRE, Size(320, 1)),
        (Size(10, 10), Size(320, 320), Fit.LETTERBOX_TOP_LEFT, Size(320, 320)),
    ],
)
def test_content_size(source: Size, target: Size, fit: Fit, wanted: Size) -> None:
    assert content_size(source, target, fit) == wanted


def test_an_empty_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1x1"):
        content_size(Size(0, 10), Size(320, 320), Fit.STRETCH)


def test_centring_gives_the_odd_pixel_to_the_far_side() -> None:
    assert Placement.of(Size(416, 235), Size(416, 416), Fit.LETTERBOX_CENTRE).top == 90


def test_boxes_come_back_by_hand() -> None:
    placement = Placement.of(Size(832, 468), Size(416, 416), Fit.LETTERBOX_CENTRE)
    assert (placement.content, placement.left, placement.top) == (Size(416, 234), 0, 91)
    boxes = np.array([[10, 101, 20, 121], [-5, 80, 500, 400]], np.float32)
    assert placement.to_frame(boxes).tolist() == [[20, 20, 40, 60], [0, 0, 832, 468]]


@given(SIDE, SIDE, SIDE, SIDE, st.sampled_from(Fit))
@settings(max_examples=60, deadline=None)
def test_content_fits_and_its_corners_come_back(w: int, h: int, tw: int, th: int, fit: Fit) -> None:
    frame, target = Size(w, h), Size(tw, th)
    place = Placement.of(frame, target, fit)
    assert place.left + place.content.width <= tw and place.top + place.content.height <= th
    assert place.content.width == tw or place.content.height == th
    corners = [place.left, place.top, place.left + place.content.width, place.top + place.content.height]
    back = place.to_frame(np.array([corners], np.float32))
    np.testing.assert_allclose(back, [[0, 0, w, h]], rtol=1e-5)


@given(SIDE, SIDE, SIDE, SIDE, st.sampled_from(Fit))
@settings(max_examples=60, deadline=None)
def test_scaling_the_content_again_changes_nothing(w: int, h: int, tw: int, th: int, fit: Fit) -> None:
    content = content_size(Size(w, h), Size(tw, th), fit)
    assert content_size(content, Size(tw, th), fit) == content
