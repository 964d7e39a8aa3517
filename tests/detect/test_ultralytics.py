import numpy as np

from edge.detect.ultralytics import decode_end2end, decode_raw, end2end_shapes, raw_shapes
from edge.values.frame import Size

SIZE = Size(64, 32)


def test_shapes() -> None:
    assert raw_shapes(SIZE, 80) == ((1, 84, 42),)
    assert end2end_shapes(SIZE, 80) == ((1, None, 6),)


def test_raw_head_by_hand() -> None:
    out = np.zeros((1, 7, 42), np.float32)
    out[0, :, 3] = [20, 10, 8, 4, 0.1, 0.7, 0.2]
    out[0, :, 41] = [40, 16, 20, 32, 0.5, 0.2, 0.5]  # a tie goes to the first class
    out[0, :, 7] = [1, 1, 1, 1, 0.49, 0.3, 0.4]
    found = decode_raw([out], SIZE, 0.5)
    assert found.boxes.tolist() == [[16, 8, 24, 12], [30, 0, 50, 32]]
    np.testing.assert_allclose(found.scores, [0.7, 0.5])
    assert found.classes.tolist() == [1, 0]


def test_raw_head_keeps_nan_for_the_judge() -> None:
    out = np.zeros((1, 7, 42), np.float32)
    out[0, 6, 5] = np.nan
    assert np.isnan(decode_raw([out], SIZE, 0.5).scores).tolist() == [True]


def test_end_to_end_by_hand() -> None:
    out = np.array([[[1, 2, 30, 20, 0.9, 2], [5, 5, 9, 9, 0.5, 0], [0, 0, 1, 1, 0.3, 1]]], np.float32)
    found = decode_end2end([out], SIZE, 0.5)
    assert found.boxes.tolist() == [[1, 2, 30, 20], [5, 5, 9, 9]]
    np.testing.assert_allclose(found.scores, [0.9, 0.5])
    assert found.classes.tolist() == [2, 0]


def test_end_to_end_with_a_class_that_is_no_number() -> None:
    out = np.array([[[1, 2, 30, 20, 0.9, np.nan]]], np.float32)
    assert decode_end2end([out], SIZE, 0.5).classes.tolist() == [-1]
