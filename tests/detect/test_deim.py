import numpy as np

from edge.detect.deim import decode, shapes
from edge.values.frame import Size


def test_shapes() -> None:
    assert shapes(Size(320, 320), 80) == ((1, None), (1, None, 4), (1, None))


def test_rows_of_enough_score_come_as_they_are() -> None:
    labels = np.array([[7, 0, 2]], np.int64)
    boxes = np.array([[[0, 0, 10, 10], [5, 5, 20, 30], [1, 1, 2, 2]]], np.float32)
    scores = np.array([[0.3, 0.8, 0.5]], np.float32)
    found = decode([labels, boxes, scores], Size(320, 320), 0.5)
    assert found.boxes.tolist() == [[5, 5, 20, 30], [1, 1, 2, 2]]
    assert found.classes.tolist() == [0, 2]
    np.testing.assert_allclose(found.scores, [0.8, 0.5])
